using System.Text;
using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Blocking;

/// <summary>
/// A server with several clients, A to E, on whom a scenario is played: each step is sent by one of them, and then everything that
/// any of them has received is written down. A step is "A BLPOP key 0"; "$B" in it is the identifier of client B, and "A | PING | PING" is
/// sent in one write. Further steps: "A -" closes A's connection, "A ?" waits for A's next reply, for as long as that takes.
/// </summary>
internal sealed class Stage : IDisposable
{
    private const string Names = "ABCDE";

    private readonly RespClient _control;
    private readonly Dictionary<char, RespClient> _clients = [];
    private readonly Dictionary<char, string> _ids = [];
    private readonly StringBuilder _transcript = new();

    public Stage(ITestServer server, int protocol)
    {
        _control = server.Connect();
        _control.Require("FLUSHALL");
        foreach (var name in Names)
        {
            var client = server.Connect();
            _clients.Add(name, client);
            _ids.Add(name, client.Require("CLIENT", "ID").ToString()[1..]);
            client.Require("HELLO", protocol == 3 ? "3" : "2");
        }
    }

    /// <summary>Plays the steps; what was sent and received, in order, with the identifiers of clients as names again.</summary>
    public string Play(params string[] steps)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            _transcript.Append(step).Append('\n');
            var name = step[0];
            var words = step[2..];
            if (words == "-") _clients[name].Dispose();
            else if (words == "?") Record(name, _clients[name].TryReceive());
            else Send(_clients[name], words);
            if (words == "-") _clients.Remove(name);
            Settle();
            var later = steps.AsSpan(i + 1);
            foreach (var (receiver, client) in _clients)
            {
                if (IsToBeAsked(receiver, later)) continue;
                while (client.HasInput) Record(receiver, client.TryReceive());
            }
        }

        return _transcript.ToString();
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Dispose();
        _control.Dispose();
    }

    private void Send(RespClient client, string words)
    {
        var input = new MemoryStream();
        foreach (var command in words.TrimStart('|', ' ').Split(" | "))
        {
            var filled = _ids.Aggregate(command, (text, id) => text.Replace("$" + id.Key, id.Value, StringComparison.Ordinal));
            RespRequest.Append(input, RespRequest.Words(filled.Split(' ')));
        }

        client.Send(input.ToArray());
    }

    /// <summary>Whether what a client receives now is left to its next step, since nobody knows how early it comes.</summary>
    private static bool IsToBeAsked(char name, ReadOnlySpan<string> later)
    {
        foreach (var step in later)
        {
            if (step[0] == name) return step[2..] == "?";
        }

        return false;
    }

    /// <summary>
    /// Lets the server do all that the step has caused. It has the step's bytes before it answers the first PING, has acted on them
    /// before it reads the second, and has sent what came of them before it reads the third.
    /// </summary>
    private void Settle()
    {
        for (var i = 0; i < 3; i++) _control.Require("PING");
    }

    private void Record(char name, RespValue? reply) => _transcript.Append("    ").Append(name).Append(": ").Append(reply?.ToString() ?? "(closed)").Append('\n');
}
