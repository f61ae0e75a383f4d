using Hearth.Memory;
using Hearth.Network;
using Xunit;

namespace Hearth.Tests.Network;

public class OutputQueueTests
{
    private const int Seed = 4711;

    [Fact]
    public void It_gives_back_what_was_appended_whatever_the_sizes()
    {
        using var heap = new Heap("clients");
        var pool = new OutputChunkPool(heap);
        var queue = new OutputQueue();
        var model = new Queue<byte>();
        var random = new Random(Seed);
        for (var step = 0; step < 3_000; step++)
        {
            if (random.Next(2) == 0)
            {
                var bytes = new byte[random.Next(20) == 0 ? random.Next(200_000) : random.Next(2_000)];
                random.NextBytes(bytes);
                queue.Append(pool, bytes);
                foreach (var value in bytes) model.Enqueue(value);
            }
            else if (!queue.IsEmpty)
            {
                var front = queue.Front;
                var count = random.Next(3) == 0 ? front.Length : 1 + random.Next(front.Length);
                for (var i = 0; i < count; i++) Assert.True(model.Dequeue() == front[i], $"seed {Seed}, step {step}");
                queue.Consume(pool, count);
            }

            Assert.Equal(model.Count, queue.Length);
            Assert.Equal(model.Count == 0, queue.IsEmpty);
            Assert.True(heap.UsedBytes <= queue.Length * 2 + 160 * 1024, $"{heap.UsedBytes} bytes hold {queue.Length}, seed {Seed}, step {step}");
        }

        queue.Clear(pool);
        Assert.Equal(0, queue.Length);
        Assert.Equal(0, heap.LiveBlocks);
    }

    [Fact]
    public void A_short_queue_is_small()
    {
        using var heap = new Heap("clients");
        var pool = new OutputChunkPool(heap);
        var queue = new OutputQueue();
        queue.Append(pool, "+OK\r\n"u8);
        Assert.InRange(heap.UsedBytes, 5, 64);
        queue.Consume(pool, 5);
        Assert.Equal(0, heap.LiveBlocks);
    }

    [Fact]
    public void Draining_frees_chunk_by_chunk()
    {
        using var heap = new Heap("clients");
        var pool = new OutputChunkPool(heap);
        var queue = new OutputQueue();
        queue.Append(pool, new byte[1_000_000]);
        while (!queue.IsEmpty)
        {
            queue.Consume(pool, queue.Front.Length);
            Assert.InRange(heap.UsedBytes, queue.Length, queue.Length + 64 * 1024);
        }
    }
}
