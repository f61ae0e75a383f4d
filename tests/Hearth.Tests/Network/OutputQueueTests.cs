using Hearth.Memory;
using Hearth.Network;
using Xunit;

namespace Hearth.Tests.Network;

public class OutputQueueTests
{
    private const int Seed = 4711;
    private const int PatternBytes = 262_139;
    private const int AppendBytesMax = 200_000;

    [Fact]
    public void It_gives_back_what_was_appended_whatever_the_sizes()
    {
        using var heap = new Heap("clients");
        var pool = new OutputChunkPool(heap);
        var queue = new OutputQueue();
        var random = new Random(Seed);
        // The stream repeats this pattern, so that the model is two positions.
        var pattern = new byte[PatternBytes + AppendBytesMax];
        random.NextBytes(pattern.AsSpan(0, PatternBytes));
        pattern.AsSpan(0, AppendBytesMax).CopyTo(pattern.AsSpan(PatternBytes));
        long appended = 0;
        long consumed = 0;
        for (var step = 0; step < 3_000; step++)
        {
            if (random.Next(2) == 0)
            {
                var count = random.Next(20) == 0 ? random.Next(AppendBytesMax) : random.Next(2_000);
                queue.Append(pool, pattern.AsSpan((int)(appended % PatternBytes), count));
                appended += count;
            }
            else if (!queue.IsEmpty)
            {
                var front = queue.Front;
                var expected = pattern.AsSpan((int)(consumed % PatternBytes), front.Length);
                Assert.True(front.SequenceEqual(expected), $"seed {Seed}, step {step}");
                var count = random.Next(3) == 0 ? front.Length : 1 + random.Next(front.Length);
                queue.Consume(pool, count);
                consumed += count;
            }

            Assert.Equal(appended - consumed, queue.Length);
            Assert.Equal(appended == consumed, queue.IsEmpty);
            var overhead = heap.UsedBytes - queue.Length;
            Assert.True(overhead <= queue.Length + 160 * 1024, $"{overhead} bytes more than {queue.Length}, seed {Seed}, step {step}");
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

    /// <summary>What a slow reader has made the server hold is the system's again once it has read, not the C library's.</summary>
    [Fact]
    public void A_long_queue_that_has_drained_leaves_a_few_megabytes_behind()
    {
        using var heap = new Heap("clients");
        var pool = new OutputChunkPool(heap);
        var queue = new OutputQueue();
        var reply = new byte[100_000];
        for (var i = 0; i < 1000; i++) queue.Append(pool, reply);
        Assert.True(heap.ReservedBytes >= 100_000_000);
        while (!queue.IsEmpty) queue.Consume(pool, queue.Front.Length);
        Assert.InRange(heap.ReservedBytes, 0, 8 << 20);
    }
}
