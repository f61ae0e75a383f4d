using System.Collections.Concurrent;
using Hearth.Memory;
using Hearth.Network;
using Xunit;

namespace Hearth.Tests.Network;

/// <summary>A loop handler made of delegates. Out of the box it echoes.</summary>
internal sealed class ScriptedHandler : ILoopHandler
{
    public Func<int> Before { get; set; } = () => -1;

    public Action After { get; set; } = () => { };

    public Action<Connection> Accepted { get; set; } = _ => { };

    public Action<Connection> Readable { get; set; } = Echo;

    public Action<Connection> Closed { get; set; } = _ => { };

    /// <summary>How often each connection was reported closed.</summary>
    public ConcurrentDictionary<Connection, int> CloseCounts { get; } = new();

    public BlockingCollection<Connection> AcceptedConnections { get; } = [];

    public BlockingCollection<Connection> ClosedConnections { get; } = [];

    public static void Echo(Connection connection)
    {
        if (connection.Receive(out var input) != ReceiveStatus.Data) return;
        connection.Send(input);
        connection.Keep(input.Length);
    }

    public int BeforeWait() => Before();

    public void AfterWait() => After();

    public void OnAccepted(Connection connection)
    {
        AcceptedConnections.Add(connection);
        Accepted(connection);
    }

    public void OnReadable(Connection connection)
    {
        Assert.False(connection.IsClosed, "A closed connection is never reported readable.");
        Readable(connection);
    }

    public void OnClosed(Connection connection)
    {
        CloseCounts.AddOrUpdate(connection, 1, (_, count) => count + 1);
        Closed(connection);
        ClosedConnections.Add(connection);
    }
}
