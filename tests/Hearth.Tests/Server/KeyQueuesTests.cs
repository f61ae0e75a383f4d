using System.Globalization;
using System.Text;
using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public sealed class KeyQueuesTests : IDisposable
{
    private const int Seed = 6;

    private readonly Heap _heap = new("test");
    private readonly KeyQueues _queues = new(new KeyedHash(1, 2));

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void Random_waits_stand_where_they_should()
    {
        var random = new Random(Seed);
        using var clients = new Disposables();
        var waiting = new Dictionary<BlockedClient, List<(int Database, string Key)>>();
        var model = new Dictionary<(int Database, string Key), List<BlockedClient>>();
        for (var i = 0; i < 40; i++) waiting.Add(clients.Add(new BlockedClient(null!, _heap)), []);
        var all = waiting.Keys.ToArray();
        for (var step = 0; step < 30_000; step++)
        {
            var client = all[random.Next(all.Length)];
            if (waiting[client].Count > 0)
            {
                _queues.Remove(client);
                foreach (var place in waiting[client]) model[place].Remove(client);
                waiting[client].Clear();
            }
            else
            {
                client.EndsWithKey = random.Next(3) == 0;
                for (var keys = random.Next(1, 5); keys > 0; keys--)
                {
                    // Keys are many enough that those kept are given up now and then; every eighth is a long one, which is not kept.
                    var place = (Database: random.Next(2), Key: $"{random.Next(3000)}{(random.Next(8) == 0 ? new string('k', 300) : "")}");
                    _queues.Add(place.Database, Encoding.ASCII.GetBytes(place.Key), client);
                    if (waiting[client].Contains(place)) continue;
                    waiting[client].Add(place);
                    if (!model.TryGetValue(place, out var queue)) model.Add(place, queue = []);
                    queue.Add(client);
                }
            }

            if (step % 100 != 0) continue;
            _queues.Verify();
            var occupied = model.Where(static pair => pair.Value.Count > 0).ToDictionary();
            Assert.Equal(occupied.Count, _queues.Count);
            Assert.Equal(occupied.Count(static pair => pair.Value.Exists(static each => each.EndsWithKey)), _queues.EndWithKeyCount);
            foreach (var (place, queue) in model)
            {
                var found = _queues.Find(place.Database, Encoding.ASCII.GetBytes(place.Key));
                Assert.Equal(queue, found ?? (IEnumerable<BlockedClient>)[]);
            }

            for (var database = 0; database < 2; database++)
            {
                Assert.Equal(occupied.Keys.Count(place => place.Database == database), _queues.Of(database).Count());
            }
        }
    }

    [Fact]
    public void Empty_queues_do_not_pile_up()
    {
        using var clients = new Disposables();
        var client = clients.Add(new BlockedClient(null!, _heap));
        for (var round = 0; round < 3; round++)
        {
            for (var key = 0; key < 30_000; key++) _queues.Add(0, Encoding.ASCII.GetBytes(key.ToString(CultureInfo.InvariantCulture)), client);
            _queues.Remove(client);
            _queues.Verify(); // It says how many may be kept.
            Assert.Equal(0, _queues.Count);
            Assert.InRange(client.Places.Capacity, 0, 64);
        }
    }

    private sealed class Disposables : List<IDisposable>, IDisposable
    {
        public T Add<T>(T item)
            where T : IDisposable
        {
            base.Add(item);
            return item;
        }

        public void Dispose() => ForEach(static item => item.Dispose());
    }
}
