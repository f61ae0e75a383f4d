using System.Globalization;
using System.Text;
using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// The connections of an episode to one of the two servers. Connections outlive an episode: RESET takes everything off them that an
/// episode may have put on.
/// </summary>
internal sealed class ServerLink(int port, int connections) : IDisposable
{
    private readonly RespClient?[] _clients = new RespClient?[connections];
    private RespClient? _admin;
    private EncodingSettings? _applied;

    /// <summary>A connection that no episode uses, for flushing and for reading the state.</summary>
    public RespClient Admin => _admin ??= RespClient.Connect(port);

    /// <summary>What the server's values change their encoding at, from the next episode on.</summary>
    public EncodingSettings Settings { get; set; } = EncodingSettings.Usual;

    /// <summary>Changes replies before they are compared; for tests of the harness itself.</summary>
    public Func<Step, RespValue, RespValue>? Tamper { get; init; }

    /// <summary>A reply that was due in this episode did not come.</summary>
    public bool IsSilent { get; private set; }

    public RespClient this[int connection] => _clients[connection] ??= Open();

    public bool IsOpen(int connection) => _clients[connection] is not null;

    public void Drop(int connection)
    {
        _clients[connection]?.Dispose();
        _clients[connection] = null;
    }

    public void StartEpisode()
    {
        IsSilent = false;
        for (var connection = 0; connection < connections; connection++)
        {
            if (!IsOpen(connection)) continue;
            this[connection].SendCommand("RESET");
            while (this[connection].TryReceive() is { } reply)
            {
                if (reply is { Kind: RespKind.SimpleString, Text: "RESET" }) break;
            }
        }

        Admin.Require("FLUSHALL");
        if (_applied == Settings) return;
        Settings.Apply(Admin);
        _applied = Settings;
    }

    /// <summary>The one reply of an ordinary command, after any pushes that came before it; nothing more when the connection is closed.</summary>
    public List<RespValue> ReceiveOne(Step step)
    {
        var replies = new List<RespValue>();
        while (TryReceive(step.Connection) is { } reply)
        {
            replies.Add(Tamper?.Invoke(step, reply) ?? reply);
            if (reply.Kind != RespKind.Push && step.Name != "QUIT") break; // QUIT has answered when the connection is closed.
        }

        return replies;
    }

    /// <summary>All that comes before the answer to a PING with this nonce, for commands that answer many times, or later.</summary>
    public List<RespValue> ReceiveUntil(int connection, string nonce, Step? step)
    {
        var replies = new List<RespValue>();
        while (TryReceive(connection) is { } reply && !Answers(reply, nonce))
        {
            replies.Add(step is null ? reply : Tamper?.Invoke(step, reply) ?? reply);
        }

        return replies;
    }

    /// <summary>Drops the connection when the server has closed it, and also when it stays silent, which then shows as a difference.</summary>
    private RespValue? TryReceive(int connection)
    {
        RespValue? reply = null;
        try
        {
            reply = this[connection].TryReceive();
        }
        catch (TimeoutException)
        {
            IsSilent = true;
        }

        if (reply is null) Drop(connection);
        return reply;
    }

    public void Dispose()
    {
        _admin?.Dispose();
        for (var connection = 0; connection < connections; connection++) Drop(connection);
    }

    public static string Nonce(long number) => string.Create(CultureInfo.InvariantCulture, $"nonce-{number}");

    public static byte[] Ping(string nonce) => RespRequest.Encode([Encoding.ASCII.GetBytes("PING"), Encoding.ASCII.GetBytes(nonce)]);

    private RespClient Open()
    {
        var client = RespClient.Connect(port);
        client.Timeout = TimeSpan.FromSeconds(5);
        return client;
    }

    // A subscriber of RESP2 gets ["pong", nonce] instead of the nonce alone.
    private static bool Answers(RespValue reply, string nonce) =>
        (reply.Kind == RespKind.BulkString && reply.Text == nonce)
        || (reply.Items is [{ Text: "pong" }, { } second] && second.Text == nonce);
}
