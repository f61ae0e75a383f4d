using System.Text;
using Hearth.Memory;
using Hearth.PubSub;
using Hearth.Server;
using Hearth.Store;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.PubSub;

public sealed class BrokerTests
{
    /// <summary>Random subscriptions and messages, compared with a model that looks at every client for every message.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Messages_reach_exactly_those_who_are_subscribed(int seed)
    {
        var random = new Random(seed);
        using var server = new TestServer();
        string[] names = ["a", "b", "ab", "a*", "?", "*"];
        SubscriptionKind[] kinds = [SubscriptionKind.Channel, SubscriptionKind.Pattern, SubscriptionKind.ShardChannel];
        var model = new Dictionary<Client, HashSet<(SubscriptionKind Kind, string Name)>>();
        for (var step = 0; step < 3000; step++)
        {
            if (model.Count < 8) model.Add(server.Connect(), []);
            var client = model.Keys.ElementAt(random.Next(model.Count));
            var (kind, name) = (kinds[random.Next(kinds.Length)], names[random.Next(names.Length)]);
            switch (random.Next(20))
            {
                case < 8:
                    server.RunAs(client, Encoding.ASCII.GetString(kind.Subscribe), name);
                    model[client].Add((kind, name));
                    break;
                case < 13:
                    server.RunAs(client, Encoding.ASCII.GetString(kind.Unsubscribe), name);
                    model[client].Remove((kind, name));
                    break;
                case 13:
                    server.RunAs(client, Encoding.ASCII.GetString(kind.Unsubscribe));
                    model[client].RemoveWhere(subscription => subscription.Kind == kind);
                    break;
                case 14:
                    server.Engine.CloseClient(client);
                    model.Remove(client);
                    break;
                default:
                    Publish(server, model, isShard: random.Next(3) == 0, name, $"seed {seed}, step {step}");
                    break;
            }
        }

        foreach (var client in model.Keys) server.Engine.CloseClient(client);
        var broker = Broker.Of(server.Engine);
        Assert.Equal((0, 0, 0), (broker.Channels.Count, broker.Patterns.Count, broker.ShardChannels.Count));
    }

    [Fact]
    public void Keyspace_events_go_to_the_channels_that_the_configuration_names()
    {
        using var server = new TestServer();
        var client = server.Connect();
        server.RunAs(client, "HELLO", "3");
        server.RunAs(client, "PSUBSCRIBE", "__key*");
        server.Run("SELECT", "3");
        server.Run("SET", "k", "1");
        Assert.Equal("", TestServer.Received(client));

        server.Engine.Config.NotifyKeyspaceEvents = NotifyFlags.String | NotifyFlags.Keyspace;
        server.Run("SET", "k", "1");
        Assert.Equal(">4\r\n$8\r\npmessage\r\n$6\r\n__key*\r\n$16\r\n__keyspace@3__:k\r\n$3\r\nset\r\n", TestServer.Received(client));

        server.Engine.Config.NotifyKeyspaceEvents = NotifyFlags.String | NotifyFlags.Keyevent;
        server.Run("SET", "k", "1");
        Assert.Equal(">4\r\n$8\r\npmessage\r\n$6\r\n__key*\r\n$18\r\n__keyevent@3__:set\r\n$1\r\nk\r\n", TestServer.Received(client));

        server.Engine.Config.NotifyKeyspaceEvents = NotifyFlags.Generic | NotifyFlags.Keyspace | NotifyFlags.Keyevent;
        server.Run("SET", "k", "1");
        Assert.Equal("", TestServer.Received(client));
    }

    [Fact]
    public void A_key_that_expires_by_itself_is_told_of_between_two_inputs()
    {
        using var server = new TestServer(config => config.NotifyKeyspaceEvents = NotifyFlags.Expired | NotifyFlags.Keyevent);
        server.Run("HELLO", "3");
        server.Run("SUBSCRIBE", "__keyevent@0__:expired");
        server.Run("SET", "k", "1", "PX", "100");
        server.Advance(TimeSpan.FromMilliseconds(101));
        server.Engine.ActiveExpiry.Run(budgetMicroseconds: 1_000_000);
        Assert.Equal(">3\r\n$7\r\nmessage\r\n$22\r\n__keyevent@0__:expired\r\n$1\r\nk\r\n+PONG\r\n", server.Run("PING"));
    }

    [Fact]
    public void Publishing_allocates_nothing_managed()
    {
        using var server = new TestServer();
        // Unoptimised, the runtime allocates where a number of three digits is written.
        var clients = Enumerable.Range(0, 99).Select(_ => server.Connect()).ToArray();
        for (var i = 0; i < clients.Length; i++)
        {
            server.RunAs(clients[i], "HELLO", i % 2 == 0 ? "2" : "3");
            server.RunAs(clients[i], i % 3 == 0 ? "PSUBSCRIBE" : "SUBSCRIBE", i % 3 == 0 ? "ch*" : "channel");
        }

        var publisher = server.Connect();
        using var input = new NativeBuffer(server.Engine.ClientHeap);
        input.Append("PUBLISH channel hello\r\n"u8);
        Run(1000);
        Assert.Equal(0, ManagedMemory.LeastAllocated(() => Run(10_000)));

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                server.Engine.Input.ProcessDirect(publisher, input.WrittenSlice);
                publisher.Captured!.Clear();
                foreach (var client in clients) client.Captured!.Clear();
            }
        }
    }

    private static void Publish(
        TestServer server, Dictionary<Client, HashSet<(SubscriptionKind Kind, string Name)>> model, bool isShard, string channel, string where)
    {
        var reply = server.Run(isShard ? "SPUBLISH" : "PUBLISH", channel, "text");
        var receivers = 0;
        foreach (var (client, subscriptions) in model)
        {
            var expected = subscriptions.Where(subscription => Reaches(subscription, isShard, channel)).Select(subscription => Encode(subscription, channel)).ToList();
            receivers += expected.Count;
            var received = TestServer.Received(client);
            // Which of several patterns comes first is nobody's business.
            foreach (var message in expected)
            {
                var at = received.IndexOf(message, StringComparison.Ordinal);
                Assert.True(at >= 0, $"{where}: {message} is missing in {received}");
                received = received.Remove(at, message.Length);
            }

            Assert.True(received.Length == 0, $"{where}: {received} was not to be sent");
        }

        Assert.True(reply == $":{receivers}\r\n", $"{where}: {reply}");
    }

    private static string Encode((SubscriptionKind Kind, string Name) subscription, string channel)
    {
        List<string> words = [Encoding.ASCII.GetString(subscription.Kind.Message), channel, "text"];
        if (subscription.Kind == SubscriptionKind.Pattern) words.Insert(1, subscription.Name);
        return $"*{words.Count}\r\n" + string.Concat(words.Select(word => $"${word.Length}\r\n{word}\r\n"));
    }

    private static bool Reaches((SubscriptionKind Kind, string Name) subscription, bool isShard, string channel)
    {
        if (subscription.Kind == SubscriptionKind.Pattern)
        {
            return !isShard && subscription.Name switch
            {
                "a*" => channel.StartsWith('a'),
                "?" => channel.Length == 1,
                "*" => true,
                var name => name == channel,
            };
        }

        return isShard == (subscription.Kind == SubscriptionKind.ShardChannel) && subscription.Name == channel;
    }
}
