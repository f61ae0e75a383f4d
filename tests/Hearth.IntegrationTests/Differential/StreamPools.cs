using System.Globalization;
using System.Text;

namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// Values for the commands of streams. IDs of new entries ascend for the most part, or nearly every XADD would be refused, and all
/// other IDs lie around them. No server chooses an ID by its clock, which no two servers share, and nothing is asked that hangs on whether an
/// entry has waited some milliseconds.
/// </summary>
internal sealed class StreamPools(Random random)
{
    private const int OldIdsBack = 30;

    private static readonly string[] IdleTimes = ["0", "0", "0", "3600000", "3600000", "-1", "abc", "9223372036854775807"];

    private static readonly string[] BadIds = ["abc", "", "-", "+", "5-", "1-2-3", "(5", " 7", "07-1", "5-x", "99999999999999999999", ">", "$"];

    private int _ms = 1;
    private int _sequence;

    /// <summary>An ID for a new entry.</summary>
    public byte[] NewId()
    {
        if (random.Next(12) == 0) return random.Next(2) == 0 ? OldId() : Ascii(Pick(BadIds));
        if (random.Next(2) == 0) (_ms, _sequence) = (_ms + random.Next(1, 4), 0);
        return random.Next(3) switch
        {
            0 => Ascii($"{_ms}-*"),
            1 when _sequence == 0 && ++_sequence > 0 => Ascii($"{_ms}"),
            _ => Ascii($"{_ms}-{_sequence++}"),
        };
    }

    /// <summary>A value for one argument; null where the command shares it with other families.</summary>
    public byte[]? Draw(CommandSpec spec, ArgumentNode node) => node.Name switch
    {
        "id" when spec.Name == "xadd" => NewId(),
        "id" when spec.Name == "xreadgroup" => random.Next(3) == 0 ? SomeId("0", "0", ">", "$") : ">"u8.ToArray(),
        "id" when spec.Name == "xread" => SomeId("0", "0", "$", ">"),
        "id" when spec.Name is "xgroup|create" or "xgroup|setid" => SomeId("0", "0", "-", "$"),
        "id" or "lastid" or "max-deleted-id" => SomeId("0", "0-1", "5"),
        "last-id" => Ascii($"{_ms += 2}-{random.Next(3)}"), // 7.2 refuses one below a deleted ID, and 7.0 does not.
        "start" or "end" => random.Next(4) == 0 ? [(byte)'(', .. OldId()] : SomeId("-", "+", "-", "+"),
        "threshold" => random.Next(2) == 0 ? Ascii($"{random.Next(12)}") : random.Next(4) == 0 ? SomeId("-1", "abc") : Ascii($"{Math.Max(0, _ms - random.Next(OldIdsBack))}"),
        "group" => random.Next(20) == 0 ? Ascii("") : Ascii($"group{random.Next(1, 3)}"),
        "consumer" => random.Next(20) == 0 ? Ascii("") : Ascii($"consumer{random.Next(1, 4)}"),
        "min-idle-time" => Ascii(Pick(IdleTimes)),
        "ms" => Ascii(Pick(["0", "10000000", "10000000", "-5", "abc", "9223372036854775807"])),
        "entries-added" or "entries-read" or "entriesread" => Ascii(random.Next(8) == 0 ? Pick(["-1", "-2", "abc"]) : $"{random.Next(60)}"),
        "field" when random.Next(5) > 0 => Ascii($"field{random.Next(1, 3)}"),
        _ => null,
    };

    private byte[] SomeId(params string[] special) => random.Next(3) switch
    {
        0 => Ascii(Pick(special)),
        1 when random.Next(8) == 0 => Ascii(Pick(BadIds)),
        _ => OldId(),
    };

    private byte[] OldId()
    {
        var ms = Math.Max(0, _ms - random.Next(OldIdsBack));
        return Ascii(random.Next(3) == 0 ? $"{ms}" : $"{ms}-{random.Next(4)}");
    }

    private string Pick(string[] pool) => pool[random.Next(pool.Length)];

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Ascii(FormattableString text) => Ascii(text.ToString(CultureInfo.InvariantCulture));
}
