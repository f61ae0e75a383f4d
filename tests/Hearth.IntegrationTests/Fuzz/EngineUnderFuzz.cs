using System.Text;
using Hearth.Commands;
using Hearth.Memory;
using Hearth.Server;

namespace Hearth.IntegrationTests.Fuzz;

/// <summary>The server without sockets: pieces of a client's bytes go in, and what it would be sent comes out.</summary>
internal sealed class EngineUnderFuzz : IDisposable
{
    private readonly Engine _engine;

    public EngineUnderFuzz()
    {
        var time = new FrozenTime();
        _engine = new Engine(new Config(), new Log(new NullLogSink(), time, 1), time, seed: 1, CommandFamilies.All, CommandFamilies.RowCount);
    }

    /// <summary>Memory that clients hold; none of it may stay when they have gone.</summary>
    public long ClientBlocks => _engine.ClientHeap.LiveBlocks;

    /// <summary>All replies of a new client, and how its session ended.</summary>
    public string Answer(IEnumerable<byte[]> pieces, string nonce)
    {
        using var captured = new NativeBuffer(_engine.ClientHeap);
        using var input = new NativeBuffer(_engine.ClientHeap);
        var client = _engine.AddClient(null, captured);
        try
        {
            foreach (var piece in pieces)
            {
                if (client.IsClosing) break;
                Feed(client, input, piece);
            }

            var answer = Encoding.Latin1.GetString(captured.Written);
            if (client.IsClosing) return answer + "(closes)";
            if (input.Length > 0) return answer + "(waits for more)";
            if (client.IsInTransaction || client.IsInSubscribeMode) return answer + "(is in another mode)";
            captured.Clear();
            Feed(client, input, Encoding.ASCII.GetBytes($"ECHO {nonce}\r\n"));
            var echo = Encoding.Latin1.GetString(captured.Written);
            return echo == $"${nonce.Length}\r\n{nonce}\r\n" ? answer + "(is in step)" : answer + "(out of step: " + echo + ")";
        }
        finally
        {
            _engine.RemoveClient(client);
        }
    }

    public void Dispose()
    {
        foreach (var keyspace in _engine.Keyspaces) keyspace.Verify();
        _engine.Dispose();
    }

    private void Feed(Client client, NativeBuffer input, byte[] piece)
    {
        _engine.RefreshClock();
        input.Append(piece);
        input.Consume(_engine.Input.ProcessDirect(client, input.WrittenSlice));
    }
}
