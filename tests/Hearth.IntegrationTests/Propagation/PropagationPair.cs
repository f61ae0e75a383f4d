using System.Globalization;
using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Propagation;

/// <summary>Redis with an append-only file and Hearth with a recording sink, side by side.</summary>
internal sealed class PropagationPair : IAsyncDisposable
{
    private readonly OracleServer _oracle;
    private readonly HearthServer _hearth;
    private readonly OracleAof _aof;
    private readonly RecordingSink _sink = new();

    private PropagationPair(OracleServer oracle, HearthServer hearth)
    {
        (_oracle, _hearth) = (oracle, hearth);
        _aof = OracleAof.Start(oracle);
        hearth.Post(() => hearth.Engine.Propagation.Attach(_sink));
    }

    /// <summary>Propagated commands that were the same on both sides.</summary>
    public long Compared { get; private set; }

    public int OraclePort => _oracle.Port;

    public int HearthPort => _hearth.EndPoint.Port;

    public static async Task<PropagationPair> StartOrSkipAsync()
    {
        var oracle = OracleServer.StartOrSkip("--enable-debug-command", "yes");
        var hearth = await HearthServer.StartAsync(new HearthOptions { Directives = new Dictionary<string, string> { ["enable-debug-command"] = "yes" } });
        var pair = new PropagationPair(oracle, hearth);
        foreach (var port in (int[])[pair.OraclePort, pair.HearthPort])
        {
            // When the active cycle finds a key, and which first, is each server's own affair.
            using var client = RespClient.Connect(port);
            client.Require("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        }

        return pair;
    }

    /// <summary>The first place where the two streams since the last call differ, with what comes around it; null if there is none.</summary>
    public string? Difference()
    {
        var (expected, actual) = (_aof.Take(), _sink.Take());
        for (var i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            if (i < expected.Count && i < actual.Count && expected[i].IsSameAs(actual[i]))
            {
                Compared++;
                continue;
            }

            return string.Create(
                CultureInfo.InvariantCulture, $"propagated command {i}\n    oracle: {Around(expected, i)}\n    hearth: {Around(actual, i)}");
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _hearth.DisposeAsync();
        _oracle.Dispose();
    }

    private static string Around(List<PropagatedCommand> commands, int index) =>
        index >= commands.Count ? "(nothing)" : string.Join(" | ", commands.Skip(index).Take(4));
}
