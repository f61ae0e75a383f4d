namespace Hearth.Primitives;

/// <summary>CRC-16/XMODEM (polynomial 0x1021, not reflected, from zero), which assigns keys to the slots of a cluster.</summary>
internal static class Crc16
{
    public const int SlotCount = 16384;

    private const ushort Polynomial = 0x1021;
    private static readonly ushort[] Table = MakeTable();

    public static ushort Compute(ReadOnlySpan<byte> data)
    {
        var table = Table;
        uint crc = 0;
        foreach (var next in data) crc = (crc << 8) ^ table[(byte)(crc >> 8) ^ next];
        return (ushort)crc;
    }

    /// <summary>
    /// The slot of a key. If a '{' is followed by a '}' with at least one byte between them, only those bytes count, so that keys
    /// can be made to share a slot.
    /// </summary>
    public static int KeySlot(ReadOnlySpan<byte> key)
    {
        var open = key.IndexOf((byte)'{');
        if (open >= 0)
        {
            var rest = key[(open + 1)..];
            var close = rest.IndexOf((byte)'}');
            if (close > 0) key = rest[..close];
        }

        return Compute(key) & (SlotCount - 1);
    }

    private static ushort[] MakeTable()
    {
        var table = new ushort[256];
        for (var value = 0; value < table.Length; value++)
        {
            var crc = (uint)value << 8;
            for (var bit = 0; bit < 8; bit++) crc = (crc << 1) ^ ((crc & 0x8000) != 0 ? Polynomial : 0u);
            table[value] = (ushort)crc;
        }

        return table;
    }
}
