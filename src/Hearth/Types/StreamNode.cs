using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Protocol;

namespace Hearth.Types;

/// <summary>
/// A run of a stream's entries: a master ID, which is the ID of the first of them, and a listpack, byte for byte Redis's:
/// <code>
/// live | deleted | field count | field ... | 0            the master entry
/// flags | ms | sequence | value ... | elements             an entry with the master's fields (SameFields)
/// flags | ms | sequence | field count | field | value ... | elements
/// </code>
/// The master entry counts the entries and gives the fields that most of them share. An entry's ID is written as what it is beyond the
/// master ID. The number of its elements at its end, itself not counted, lets the entries be walked backwards; the 0 behind the master
/// entry ends that walk. A deleted entry keeps its bytes and is only flagged; a node whose last entry goes is freed as a whole.
/// <para>Flags are below 128, so an entry is flagged without moving anything. Counts may take another width, and then all behind them moves.</para>
/// </summary>
internal readonly unsafe struct StreamNode
{
    public const int Deleted = 1;
    public const int SameFields = 2;

    private StreamNode(Listpack listpack, StreamId master)
    {
        Listpack = listpack;
        Master = master;
        var position = listpack.First();
        LiveCount = ReadInteger(ref position);
        DeletedCount = ReadInteger(ref position);
        FieldCount = (int)ReadInteger(ref position);
        FirstField = position;
        FirstEntry = Skip(position, FieldCount) + 2; // The 0 takes two bytes.
    }

    public Listpack Listpack { get; }

    public StreamId Master { get; }

    public long LiveCount { get; }

    public long DeletedCount { get; }

    /// <summary>The fields of the master entry.</summary>
    public int FieldCount { get; }

    public byte* FirstField { get; }

    public byte* FirstEntry { get; }

    public byte* End => (byte*)Listpack.Address + Listpack.TotalBytes - 1;

    public static StreamNode At(IdTreeCursor cursor) => new(Listpack.FromAddress(cursor.Word), cursor.Id);

    public static StreamNode Of(Listpack listpack, StreamId master) => new(listpack, master);

    /// <summary>A node with a single entry, whose fields become the master's.</summary>
    public static Listpack Create(Heap heap, StreamId id, in Arguments args, int firstArgument, int fieldCount)
    {
        var bytes = IntegerBytes(1) + IntegerBytes(0) + IntegerBytes(fieldCount) + IntegerBytes(0);
        for (var i = 0; i < fieldCount; i++) bytes += ListpackEncoding.TotalBytes(args[firstArgument + (2 * i)]);

        var listpack = Listpack.Create(heap).Extend(heap, bytes, 4 + fieldCount, out var position);
        position = ListpackEncoding.Write(position, 1);
        position = ListpackEncoding.Write(position, 0);
        position = ListpackEncoding.Write(position, fieldCount);
        for (var i = 0; i < fieldCount; i++) position = ListpackEncoding.Write(position, args[firstArgument + (2 * i)]);
        position = ListpackEncoding.Write(position, 0);
        return AppendEntry(heap, listpack, id, id, args, firstArgument, fieldCount, hasSameFields: true);
    }

    /// <summary>Adds an entry at the end; the block may move.</summary>
    public static Listpack Append(Heap heap, Listpack listpack, StreamId master, StreamId id, in Arguments args, int firstArgument, int fieldCount)
    {
        listpack = AddTo(heap, listpack, live: 1, deleted: 0);
        var position = listpack.First();
        position = Skip(position, 2);
        var hasSameFields = fieldCount == ReadInteger(ref position);
        for (var i = 0; i < fieldCount && hasSameFields; i++, position = ListpackEncoding.Skip(position))
        {
            hasSameFields = HasText(position, args[firstArgument + (2 * i)]);
        }

        return AppendEntry(heap, listpack, master, id, args, firstArgument, fieldCount, hasSameFields);
    }

    /// <summary>Changes the counts of the master entry; the block may move.</summary>
    public static Listpack AddTo(Heap heap, Listpack listpack, long live, long deleted)
    {
        var count = listpack.First();
        if (live != 0) listpack = AddTo(heap, listpack, ref count, live);
        count = ListpackEncoding.Skip(count);
        if (deleted != 0) listpack = AddTo(heap, listpack, ref count, deleted);
        return listpack;
    }

    /// <summary>Reads an integer and steps over it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ReadInteger(ref byte* position)
    {
        if (*position >= 128) return ReadLongInteger(ref position);
        var value = *position;
        position += 2;
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Skip(byte* position, long elements)
    {
        for (; elements > 0; elements--) position = ListpackEncoding.Skip(position);
        return position;
    }

    /// <summary>The flags of the entry that ends here. There must be one.</summary>
    public static byte* EntryBefore(byte* end)
    {
        var element = ListpackEncoding.SkipBack(end);
        var position = element;
        for (var elements = ReadInteger(ref position); elements > 0; elements--) element = ListpackEncoding.SkipBack(element);
        return element;
    }

    /// <summary>Reads what an entry begins with; the position is then at its values or, when they are its own, its first field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public StreamId ReadEntry(ref byte* position, out int flags, out int fieldCount)
    {
        flags = (int)ReadInteger(ref position);
        var ms = Master.Ms + (ulong)ReadInteger(ref position);
        var sequence = Master.Sequence + (ulong)ReadInteger(ref position);
        fieldCount = (flags & SameFields) != 0 ? FieldCount : (int)ReadInteger(ref position);
        return new StreamId(ms, sequence);
    }

    /// <summary>Where the entry ends whose fields and values begin here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* EntryEnd(byte* position, int flags, int fieldCount) =>
        Skip(position, ((flags & SameFields) != 0 ? fieldCount : 2L * fieldCount) + 1);

    /// <summary>The ID of the last entry, deleted or not.</summary>
    public StreamId LastId()
    {
        var entry = EntryBefore(End);
        return ReadEntry(ref entry, out _, out _);
    }

    private static Listpack AppendEntry(
        Heap heap, Listpack listpack, StreamId master, StreamId id, in Arguments args, int firstArgument, int fieldCount, bool hasSameFields)
    {
        var (ms, sequence) = ((long)(id.Ms - master.Ms), (long)(id.Sequence - master.Sequence));
        var (step, first) = hasSameFields ? (2, firstArgument + 1) : (1, firstArgument);
        var end = firstArgument + (2 * fieldCount);
        var elements = (hasSameFields ? fieldCount : 1 + (2 * fieldCount)) + 3;
        var bytes = IntegerBytes(0) + IntegerBytes(ms) + IntegerBytes(sequence) + IntegerBytes(elements);
        if (!hasSameFields) bytes += IntegerBytes(fieldCount);
        for (var i = first; i < end; i += step) bytes += ListpackEncoding.TotalBytes(args[i]);

        listpack = listpack.Extend(heap, bytes, elements + 1, out var position);
        position = ListpackEncoding.Write(position, hasSameFields ? SameFields : 0);
        position = ListpackEncoding.Write(position, ms);
        position = ListpackEncoding.Write(position, sequence);
        if (!hasSameFields) position = ListpackEncoding.Write(position, fieldCount);
        for (var i = first; i < end; i += step) position = ListpackEncoding.Write(position, args[i]);
        position = ListpackEncoding.Write(position, elements);
        Debug.Assert(position == (byte*)listpack.Address + listpack.TotalBytes - 1);
        return listpack;
    }

    private static Listpack AddTo(Heap heap, Listpack listpack, ref byte* count, long added)
    {
        var position = count;
        var value = ReadInteger(ref position) + added;
        if ((ulong)value < 128 && *count < 128)
        {
            *count = (byte)value;
            return listpack;
        }

        return listpack.Replace(heap, ref count, value);
    }

    private static bool HasText(byte* element, ReadOnlySpan<byte> text) => ListpackEncoding.Read(element).Equals(text);

    private static long IntegerBytes(long value) => (ulong)value < 128 ? 2 : ListpackEncoding.TotalBytes(value);

    private static long ReadLongInteger(ref byte* position)
    {
        var value = ListpackEncoding.Read(position).Integer;
        position = ListpackEncoding.Skip(position);
        return value;
    }
}
