using Hearth.Primitives;
using Hearth.Server;
using Hearth.Store;

namespace Hearth.Tests.Server;

/// <summary>Writes down the keyspace events of a server, as "database event key", in their order.</summary>
internal sealed class EventLog : IKeyspaceNotifier
{
    private readonly List<string> _events = [];

    public static EventLog Attach(TestServer server)
    {
        var log = new EventLog();
        server.Engine.Config.NotifyKeyspaceEvents = NotifyFlags.All | NotifyFlags.KeyMiss | NotifyFlags.New | NotifyFlags.Keyevent;
        server.Engine.Notifier = log;
        return log;
    }

    public void Notify(int database, KeyspaceEvent keyspaceEvent, ReadOnlySpan<byte> key) =>
        _events.Add($"{database} {Latin1.Text(keyspaceEvent.Name)} {Latin1.Text(key)}");

    /// <summary>What has happened since the last call.</summary>
    public string[] Take()
    {
        var events = _events.ToArray();
        _events.Clear();
        return events;
    }
}
