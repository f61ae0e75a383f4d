using System.Globalization;
using System.Text;

namespace Hearth.IntegrationTests.Differential;

/// <summary>One command, sent on one of an episode's connections.</summary>
internal sealed record Step(int Connection, byte[][] Words)
{
    /// <summary>The command's name in capitals; empty for an empty command.</summary>
    public string Name { get; } = Words.Length == 0 ? "" : Upper(Words[0]);

    /// <summary>The name by which the command table knows it, subcommand included.</summary>
    public CommandSpec? FindSpec(IReadOnlyDictionary<string, CommandSpec> specs)
    {
        var name = Name.ToLowerInvariant();
        if (specs.TryGetValue(name, out var spec)) return spec;
        return Words.Length > 1 && specs.TryGetValue(name + "|" + Upper(Words[1]).ToLowerInvariant(), out spec) ? spec : null;
    }

    /// <summary>A wrong word or two may turn a time to live of hours into one of moments, which no two servers agree on.</summary>
    public bool ExpiresSoon()
    {
        for (var index = 1; index < Words.Length; index++)
        {
            var isSpan = Name is "EXPIRE" or "PEXPIRE" or "SETEX" or "PSETEX" || Upper(Words[index - 1]) is "EX" or "PX";
            if (isSpan && IsSoon(Words[index])) return true;
        }

        return false;
    }

    private static bool IsSoon(byte[] word) => long.TryParse(word, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 10_000;

    private static string Upper(byte[] word) => Encoding.Latin1.GetString(word).ToUpperInvariant();
}
