using Hearth.DataStructures;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>How long a value is in an RDB file that is not compressed; DEBUG OBJECT shows it.</summary>
internal static class SavedLength
{
    /// <summary>Longer texts are not looked at for an integer.</summary>
    private const int IntegerTextBytesMax = 11;

    public static long Of(ValueSpace space, Entry entry)
    {
        if (entry.Type == KeyType.List) return new ListValue(space, entry).SavedBytes();
        if (ListpackReport.TryFind(space, entry, out var listpack)) return OfBytes(listpack.TotalBytes);
        switch (entry.Type)
        {
            case KeyType.String:
                return OfText(new StringValue(entry).Bytes(stackalloc byte[StringValue.ScratchBytes]));
            case KeyType.Set when entry.Encoding == ValueEncoding.Intset:
                return OfBytes(Intset.FromAddress((nint)entry.Word).TotalBytes);
            case KeyType.Set:
                var members = new SummingVisitor(OfLength(EntryValues.ElementCount(space, entry)));
                new SetValue(space, entry).Visit(ref members);
                return members.Sum;
            case KeyType.Hash:
                var fields = new SummingVisitor(OfLength(EntryValues.ElementCount(space, entry)));
                new HashValue(space, entry).Visit(ref fields);
                return fields.Sum;
            case KeyType.SortedSet:
                return OfSortedSet(new ZSetValue(space, entry));
            default:
                // A stream is saved in several tables; its memory is near enough.
                return EntryValues.ValueBytes(space, entry);
        }
    }

    /// <summary>A string of so many bytes that is no integer.</summary>
    public static long OfBytes(long bytes) => OfLength(bytes) + bytes;

    public static long OfLength(long length) => length < 1 << 6 ? 1 : length < 1 << 14 ? 2 : length <= uint.MaxValue ? 5 : 9;

    private static long OfText(ReadOnlySpan<byte> text)
    {
        if (text.Length > IntegerTextBytesMax || !NumberText.TryParseInt64(text, out var integer) || integer != (int)integer) return OfBytes(text.Length);
        return integer == (sbyte)integer ? 2 : integer == (short)integer ? 3 : 5;
    }

    private static long OfSortedSet(ZSetValue value)
    {
        var sum = OfLength(value.Count);
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        for (var walk = value.WalkAll(); walk.MoveNext();) sum += OfText(walk.Member.ToBytes(scratch)) + sizeof(double);
        return sum;
    }

    private struct SummingVisitor(long sum) : IElementVisitor, IFieldVisitor
    {
        public long Sum = sum;

        public void Visit(ListpackElement element) => Sum += OfText(element.ToBytes(stackalloc byte[ListpackElement.ScratchBytes]));

        public void Visit(ListpackElement field, ListpackElement value)
        {
            Visit(field);
            Visit(value);
        }
    }
}
