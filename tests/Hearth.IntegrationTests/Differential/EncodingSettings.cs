using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// The parameters that say when a value changes its encoding, with values at which a short episode crosses them again and again. Most
/// episodes run with the defaults; in the others each parameter is drawn, and both servers get the same.
/// </summary>
internal sealed class EncodingSettings
{
    private static readonly (string Name, string[] Values)[] Shared =
    [
        ("list-max-listpack-size", ["-2", "-1", "-5", "1", "2", "5", "40"]),
        ("list-compress-depth", ["0", "1", "2"]),
        ("hash-max-listpack-entries", ["512", "0", "1", "4", "20"]),
        ("hash-max-listpack-value", ["64", "0", "1", "8"]),
        ("set-max-intset-entries", ["512", "0", "1", "4", "20"]),
        ("zset-max-listpack-entries", ["128", "0", "1", "4", "20"]),
        ("zset-max-listpack-value", ["64", "0", "1", "8"]),
        ("hll-sparse-max-bytes", ["3000", "0", "60", "300", "15999"]),
        ("stream-node-max-bytes", ["4096", "0", "60", "300"]),
        // An episode is short, and its streams are to have several nodes all the same.
        ("stream-node-max-entries", ["5", "0", "1", "2", "100"]),
    ];

    /// <summary>7.0 lacks these. Whatever they do to a set, its members are the same.</summary>
    private static readonly (string Name, string[] Values)[] Newer =
    [
        ("set-max-listpack-entries", ["128", "0", "1", "4", "20"]),
        ("set-max-listpack-value", ["64", "0", "1", "8"]),
    ];

    private readonly string[] _shared;
    private readonly string[] _newer;

    private EncodingSettings(string[] shared, string[] newer) => (_shared, _newer) = (shared, newer);

    /// <summary>The defaults, but for streams.</summary>
    public static EncodingSettings Usual { get; } = new([.. Words(Shared, static values => values[0])], [.. Words(Newer, static values => values[0])]);

    /// <summary>The settings for the episode of a seed. They have nothing to do with what the seed makes of its commands.</summary>
    public static EncodingSettings For(int episodeSeed)
    {
        var random = new Random(~episodeSeed);
        if (random.Next(3) > 0) return Usual;
        string Pick(string[] values) => values[random.Next(2) == 0 ? 0 : random.Next(values.Length)];
        return new([.. Words(Shared, Pick)], [.. Words(Newer, Pick)]);
    }

    public void Apply(RespClient server)
    {
        server.Require(["CONFIG", "SET", .. _shared]);
        if (server.Require("CONFIG", "GET", _newer[0]).Items.Count > 0) server.Require(["CONFIG", "SET", .. _newer]);
    }

    /// <summary>The parameters that a fresh server has other values for.</summary>
    public string[] ChangesOf(RespClient fresh) =>
        [.. _shared.Chunk(2).Where(pair => fresh.Require("CONFIG", "GET", pair[0]).Items[1].Text != pair[1]).Select(static pair => pair[0])];

    public override string ToString() => string.Join(' ', _shared.Concat(_newer));

    private static IEnumerable<string> Words((string Name, string[] Values)[] rows, Func<string[], string> pick) =>
        rows.SelectMany(row => (string[])[row.Name, pick(row.Values)]);
}
