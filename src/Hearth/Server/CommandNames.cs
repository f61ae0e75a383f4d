using System.Buffers.Binary;
using System.Text;

namespace Hearth.Server;

/// <summary>
/// Finds a command by its name, whatever the case of its letters, without allocating. An open hash table: a slot holds the
/// name's first and last eight bytes in lower case as two integers, and its length, so that a lookup compares numbers; only
/// names of more than sixteen bytes compare the bytes too.
/// </summary>
internal sealed class CommandNames
{
    // At most a quarter of the slots is taken, so that a probe rarely needs a second step.
    private const int SlotsPerName = 4;

    private Slot[] _slots;
    private int _shift;

    public CommandNames(int capacity)
    {
        var log2 = Math.Max(2, 64 - (int)ulong.LeadingZeroCount((ulong)(Math.Max(1, capacity) * SlotsPerName) - 1));
        _slots = new Slot[1 << log2];
        _shift = 64 - log2;
    }

    public int Count { get; private set; }

    public Command? Find(ReadOnlySpan<byte> name)
    {
        var prefix = Prefix(name);
        var slots = _slots;
        for (var i = Home(prefix, name.Length); ; i = (i + 1) & (slots.Length - 1))
        {
            ref readonly var slot = ref slots[i];
            if (slot.Command is null) return null;
            if (slot.Prefix != prefix || slot.Length != name.Length) continue;
            if (name.Length <= sizeof(ulong) || IsSameEnd(slot, name)) return slot.Command;
        }
    }

    /// <summary>Adds a name that is known to be absent.</summary>
    public void Add(byte[] name, Command command)
    {
        if ((Count + 1) * SlotsPerName > _slots.Length) Grow();
        var prefix = Prefix(name);
        var i = Home(prefix, name.Length);
        while (_slots[i].Command is not null) i = (i + 1) & (_slots.Length - 1);

        _slots[i] = new Slot { Prefix = prefix, Suffix = Suffix(name), Length = name.Length, Name = name, Command = command };
        Count++;
    }

    /// <summary>Removes a name; rebuilds the table, since this happens at start only.</summary>
    public bool Remove(ReadOnlySpan<byte> name)
    {
        if (Find(name) is not { } removed) return false;
        Rebuild(_slots.Length, except: name);
        return true;
    }

    private void Grow() => Rebuild(_slots.Length * 2, except: default);

    private void Rebuild(int size, ReadOnlySpan<byte> except)
    {
        var old = _slots;
        _slots = new Slot[size];
        _shift = 64 - int.Log2(size);
        Count = 0;
        foreach (var slot in old)
        {
            if (slot.Command is not null && !Ascii.EqualsIgnoreCase(slot.Name, except)) Add(slot.Name, slot.Command);
        }
    }

    private int Home(ulong prefix, int length) => (int)(((prefix ^ (ulong)length) * 0x9E3779B97F4A7C15) >> _shift);

    private static bool IsSameEnd(in Slot slot, ReadOnlySpan<byte> name) =>
        slot.Suffix == Suffix(name) && (name.Length <= 2 * sizeof(ulong) || Ascii.EqualsIgnoreCase(slot.Name, name));

    private static ulong Suffix(ReadOnlySpan<byte> name) =>
        name.Length < sizeof(ulong) ? 0 : ToLower(BinaryPrimitives.ReadUInt64LittleEndian(name[^sizeof(ulong)..]));

    private static ulong Prefix(ReadOnlySpan<byte> name) => ToLower(name.Length switch
    {
        >= 8 => BinaryPrimitives.ReadUInt64LittleEndian(name),
        // The two reads overlap, where both see the same bytes.
        >= 4 => BinaryPrimitives.ReadUInt32LittleEndian(name)
            | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]) << (8 * (name.Length - 4)),
        >= 2 => BinaryPrimitives.ReadUInt16LittleEndian(name)
            | (ulong)BinaryPrimitives.ReadUInt16LittleEndian(name[^2..]) << (8 * (name.Length - 2)),
        1 => name[0],
        _ => 0,
    });

    // Eight bytes at once: adding to the low seven bits carries into a byte's top bit when it is at least 'A', or beyond 'Z'.
    private static ulong ToLower(ulong bytes)
    {
        const ulong Ones = 0x0101010101010101;
        var lowBits = bytes & (Ones * 0x7F);
        var fromA = lowBits + Ones * (0x80 - 'A');
        var beyondZ = lowBits + Ones * (0x80 - 'Z' - 1);
        var isUpper = (fromA ^ beyondZ) & ~bytes & (Ones * 0x80);
        return bytes | (isUpper >> 2);
    }

    private struct Slot
    {
        public ulong Prefix;
        public ulong Suffix;
        public int Length;
        public byte[] Name;
        public Command? Command;
    }
}
