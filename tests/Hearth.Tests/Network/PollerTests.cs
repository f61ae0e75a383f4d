using System.Net;
using System.Net.Sockets;
using Hearth.Network;
using Xunit;

namespace Hearth.Tests.Network;

/// <summary>What both pollers must do alike.</summary>
public class PollerTests
{
    public static TheoryData<string> Pollers => LoopHarness.Pollers;

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Readiness_is_reported_until_it_is_used_up(string name)
    {
        using var poller = PollerFactory.Create(LoopHarness.KindOf(name));
        var (near, far) = Pair();
        var events = new PollEvent[8];
        poller.Add(near.Handle, 5, PollInterest.Read);
        Assert.Equal(0, poller.Wait(0, events));
        far.SendAll("xy"u8);
        for (var i = 0; i < 3; i++) Assert.Equal([new PollEvent(5, PollReadiness.Read)], Wait(poller, events));
        near.ReceiveExactly(2);
        Assert.Equal(0, poller.Wait(0, events));

        poller.Modify(near.Handle, 5, PollInterest.Read | PollInterest.Write);
        Assert.Equal([new PollEvent(5, PollReadiness.Write)], Wait(poller, events));
        far.SendAll("z"u8);
        Assert.Equal([new PollEvent(5, PollReadiness.Read | PollReadiness.Write)], Wait(poller, events));
        poller.Modify(near.Handle, 5, PollInterest.None);
        Assert.Equal(0, poller.Wait(0, events));
        poller.Modify(near.Handle, 5, PollInterest.Read);
        Assert.Single(Wait(poller, events));
        poller.Remove(near.Handle, 5);
        Assert.Equal(0, poller.Wait(0, events));
        near.Dispose();
        far.Dispose();
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Arrivals_are_reported_and_again_when_asked_for(string name)
    {
        using var poller = PollerFactory.Create(LoopHarness.KindOf(name));
        var (near, far) = Pair();
        var events = new PollEvent[8];
        const PollInterest Arrivals = PollInterest.Read | PollInterest.Arrivals;
        poller.Add(near.Handle, 5, Arrivals);
        far.SendAll("xy"u8);
        Assert.Equal([new PollEvent(5, PollReadiness.Read)], Wait(poller, events));
        var reportsOnce = LoopHarness.KindOf(name) == PollerKind.Epoll;
        Assert.Equal(reportsOnce ? 0 : 1, poller.Wait(0, events));
        poller.Modify(near.Handle, 5, Arrivals);
        Assert.Equal([new PollEvent(5, PollReadiness.Read)], Wait(poller, events));
        near.ReceiveExactly(1);
        far.SendAll("z"u8);
        Assert.Equal([new PollEvent(5, PollReadiness.Read)], Wait(poller, events));
        near.ReceiveExactly(2);
        Assert.Equal(0, poller.Wait(0, events));

        // What can only be read later is there again, and so is the end behind the last bytes.
        poller.Modify(near.Handle, 5, PollInterest.None);
        far.SendAll("last"u8);
        far.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, poller.Wait(0, events));
        poller.Modify(near.Handle, 5, Arrivals);
        var ended = Assert.Single(Wait(poller, events)).Readiness;
        Assert.Equal(PollReadiness.Read, ended & PollReadiness.Read);
        if (reportsOnce) Assert.Equal(PollReadiness.MayStopShort, ended & PollReadiness.MayStopShort);
        near.ReceiveExactly(4);
        poller.Modify(near.Handle, 5, Arrivals);
        Assert.True((Assert.Single(Wait(poller, events)).Readiness & PollReadiness.Read) != 0);
        Assert.Equal(0, near.Receive(new byte[1]));
        near.Dispose();
        far.Dispose();
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_wake_up_ends_one_wait_even_if_it_came_first(string name)
    {
        using var poller = PollerFactory.Create(LoopHarness.KindOf(name));
        var events = new PollEvent[8];
        poller.Wake();
        poller.Wake();
        Assert.Equal(0, poller.Wait(-1, events));
        Assert.Equal(0, poller.Wait(1, events));

        for (var i = 0; i < 20; i++)
        {
            var waker = new Thread(poller.Wake);
            waker.Start();
            Assert.Equal(0, poller.Wait(-1, events));
            waker.Join();
        }
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void With_more_ready_than_asked_for_everyone_gets_a_turn(string name)
    {
        const int Count = 40;
        using var poller = PollerFactory.Create(LoopHarness.KindOf(name));
        var pairs = Enumerable.Range(0, Count).Select(_ => Pair()).ToList();
        for (var token = 0; token < Count; token++)
        {
            poller.Add(pairs[token].Near.Handle, token, PollInterest.Read);
            pairs[token].Far.SendAll("x"u8);
        }

        var events = new PollEvent[7];
        var seen = new HashSet<int>();
        for (var round = 0; round < 12 && seen.Count < Count; round++)
            foreach (var pollEvent in Wait(poller, events)) seen.Add(pollEvent.Token);
        Assert.Equal(Count, seen.Count);

        // Removing from the middle must leave the others in place.
        for (var token = 0; token < Count; token += 2) poller.Remove(pairs[token].Near.Handle, token);
        poller.Wake();
        var all = new PollEvent[Count];
        var left = Wait(poller, all).Select(pollEvent => pollEvent.Token).Order();
        Assert.Equal(Enumerable.Range(0, Count).Where(token => token % 2 == 1), left);
        foreach (var (near, far) in pairs)
        {
            near.Dispose();
            far.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_broken_connection_is_reported_without_being_asked_for(string name)
    {
        if (OperatingSystem.IsWindows()) return;
        using var poller = PollerFactory.Create(LoopHarness.KindOf(name));
        var (near, far) = Pair();
        poller.Add(near.Handle, 0, PollInterest.None);
        far.LingerState = new LingerOption(true, 0);
        far.Dispose();
        var reported = Assert.Single(Wait(poller, new PollEvent[8]));
        Assert.NotEqual(PollReadiness.None, reported.Readiness & PollReadiness.Broken);
        near.Dispose();
    }

    private static PollEvent[] Wait(IPoller poller, PollEvent[] events) =>
        events[..poller.Wait((int)LoopHarness.Patience.TotalMilliseconds, events)];

    private static (Socket Near, Socket Far) Pair()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        far.Connect(listener.LocalEndpoint);
        return (listener.AcceptSocket(), far);
    }
}
