using System.Globalization;
using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Events;

/// <summary>A subscriber to all keyspace events of a server, which also reads the counters of hits and misses.</summary>
internal sealed class EventRecorder : IDisposable
{
    private static readonly string[] Counters = ["expired_keys", "keyspace_hits", "keyspace_misses"];

    private readonly RespClient _subscriber;
    private readonly RespClient _admin;
    private readonly long[] _before = new long[Counters.Length];
    private int _nonces;

    public EventRecorder(int port)
    {
        _subscriber = RespClient.Connect(port);
        _admin = RespClient.Connect(port);
        _admin.Require("CONFIG", "SET", "notify-keyspace-events", "EAmn");
        // When the active cycle finds a key, and which first, is each server's own affair.
        _admin.Require("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        _subscriber.Require("PSUBSCRIBE", "__keyevent@*");
    }

    /// <summary>The events since the last call, in their order, and by how much the counters have grown.</summary>
    public List<string> Take()
    {
        var taken = new List<string>();
        var nonce = (++_nonces).ToString(CultureInfo.InvariantCulture);
        _subscriber.SendCommand("PING", nonce);
        for (var message = _subscriber.Receive(); message.Items[0].Text != "pong"; message = _subscriber.Receive())
        {
            taken.Add($"{message.Items[2].Text["__keyevent@".Length..].Replace("__:", " ", StringComparison.Ordinal)} {Printable.Quote(message.Items[3].Payload)}");
        }

        var info = _admin.Require("INFO", "stats").Text.Split("\r\n");
        for (var i = 0; i < Counters.Length; i++)
        {
            var line = Array.Find(info, text => text.StartsWith(Counters[i] + ":", StringComparison.Ordinal))!;
            var value = long.Parse(line[(Counters[i].Length + 1)..], CultureInfo.InvariantCulture);
            taken.Add($"{Counters[i]} +{(value - _before[i]).ToString(CultureInfo.InvariantCulture)}");
            _before[i] = value;
        }

        return taken;
    }

    public void Dispose()
    {
        _subscriber.Dispose();
        _admin.Dispose();
    }
}
