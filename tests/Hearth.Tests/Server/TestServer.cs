using System.Text;
using Hearth.Commands;
using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Server;

namespace Hearth.Tests.Server;

/// <summary>
/// A whole server without sockets or threads, for tests: commands go in as words, replies come out as RESP text, and time moves by hand.
/// Disposing it verifies every table and, in Debug, that no block leaks.
/// </summary>
internal sealed class TestServer : IDisposable
{
    private readonly List<Client> _clients = [];
    private readonly Client _client;

    public TestServer(Action<Config>? configure = null, ulong seed = 1, ILogSink? log = null)
    {
        var config = new Config { EnableDebugCommand = LocalAccess.Yes };
        configure?.Invoke(config);
        Engine = new Engine(config, new Log(log ?? new NullLogSink(), Time, 1), Time, seed, CommandFamilies.All, CommandFamilies.RowCount);
        _client = Connect();
    }

    public ManualTime Time { get; } = new();

    public Engine Engine { get; }

    /// <summary>Another client of the same server.</summary>
    public Client Connect()
    {
        var client = Engine.AddClient(null, new NativeBuffer(Engine.ClientHeap));
        _clients.Add(client);
        return client;
    }

    /// <summary>Runs one command; the reply as RESP, with \r\n.</summary>
    public string Run(params string[] words) => RunAs(_client, words);

    public string RunAs(Client client, params string[] words) => SendAs(client, Encode(words));

    /// <summary>Raw bytes of a client, as they would come from its socket; what it is sent meanwhile.</summary>
    public string SendAs(Client client, ReadOnlySpan<byte> bytes)
    {
        Engine.RefreshClock();
        using var input = new NativeBuffer(Engine.ClientHeap);
        input.Append(bytes);
        Engine.Input.ProcessDirect(client, input.WrittenSlice);
        Engine.Blocking.EndTurn();
        return Received(client);
    }

    /// <summary>Managed bytes that so many runs of a command allocate, after enough others to have grown all buffers.</summary>
    public long AllocatedBytes(int runs, params string[] words)
    {
        var bytes = Encode(words);
        using var input = new NativeBuffer(Engine.ClientHeap);
        Run();
        return ManagedMemory.LeastAllocated(Run);

        void Run()
        {
            for (var i = 0; i < runs; i++)
            {
                input.Clear();
                input.Append(bytes);
                Engine.Input.ProcessDirect(_client, input.WrittenSlice);
                _client.Captured!.Clear();
            }
        }
    }

    /// <summary>What a client has been sent since it was asked last.</summary>
    public static string Received(Client client)
    {
        var text = Latin1.Text(client.Captured!.Written);
        client.Captured.Clear();
        return text;
    }

    /// <summary>Moves the clock; waits whose time is up end.</summary>
    public void Advance(TimeSpan time)
    {
        Time.Advance(time);
        Engine.RefreshClock();
        Engine.Blocking.EndTurn();
    }

    public void Dispose()
    {
        foreach (var keyspace in Engine.Keyspaces) keyspace.Verify();
        Engine.Blocking.Verify();
        foreach (var client in Engine.Clients.All.ToArray()) Engine.RemoveClient(client);
        foreach (var client in _clients) client.Captured!.Dispose();
        Engine.Dispose();
    }

    private static byte[] Encode(string[] words)
    {
        var bytes = new List<byte>();
        bytes.AddRange(Encoding.ASCII.GetBytes($"*{words.Length}\r\n"));
        foreach (var word in words)
        {
            var wordBytes = Latin1.Bytes(word);
            bytes.AddRange(Encoding.ASCII.GetBytes($"${wordBytes.Length}\r\n"));
            bytes.AddRange(wordBytes);
            bytes.AddRange("\r\n"u8);
        }

        return [.. bytes];
    }
}
