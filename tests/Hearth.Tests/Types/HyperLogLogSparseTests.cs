using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public class HyperLogLogSparseTests
{
    private const int Seed = 20_240_612;

    /// <summary>Worked out by hand: five runs are looked at from the one before the change on, and at most four registers make a run.</summary>
    [Fact]
    public void Runs_are_split_and_joined()
    {
        var bytes = Empty();
        Assert.Equal("Z16384", Runs(bytes));
        Raise(ref bytes, 100, 5);
        Assert.Equal("Z100 5x1 Z16283", Runs(bytes));
        Raise(ref bytes, 40, 5);
        Assert.Equal("z40 5x1 z59 5x1 Z16283", Runs(bytes));
        Raise(ref bytes, 101, 5);
        Raise(ref bytes, 102, 5);
        Raise(ref bytes, 103, 5);
        Assert.Equal("z40 5x1 z59 5x4 Z16280", Runs(bytes));
        Raise(ref bytes, 104, 5);
        Assert.Equal("z40 5x1 z59 5x4 5x1 Z16279", Runs(bytes));
        Raise(ref bytes, 101, 6);
        Assert.Equal("z40 5x1 z59 5x1 6x1 5x3 Z16279", Runs(bytes));
        Raise(ref bytes, 0, 32);
        Assert.Equal("32x1 z39 5x1 z59 5x1 6x1 5x3 Z16279", Runs(bytes));
        Raise(ref bytes, 16383, 1);
        Assert.Equal("32x1 z39 5x1 z59 5x1 6x1 5x3 Z16278 1x1", Runs(bytes));
        Raise(ref bytes, 100, 6);
        Assert.Equal("32x1 z39 5x1 z59 6x2 5x3 Z16278 1x1", Runs(bytes));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(1_000)]
    [InlineData(16_384)]
    public void Registers_are_what_a_model_says_in_whatever_order_they_are_raised(int indices)
    {
        var random = new Random(Seed);
        var model = new byte[HyperLogLog.Registers];
        var bytes = Empty();
        for (var step = 0; step < 4_000; step++)
        {
            var index = random.Next(indices) * (HyperLogLog.Registers / indices);
            var value = (byte)random.Next(1, 7);
            var isHigher = value > model[index];
            Assert.True(Raise(ref bytes, index, value) == isHigher, $"seed {Seed}, step {step}");
            model[index] = Math.Max(model[index], value);
            if (step % 100 == 0) AssertHolds(model, bytes, $"seed {Seed}, step {step}");
        }

        AssertHolds(model, bytes, $"seed {Seed}");
    }

    [Fact]
    public void Going_on_from_the_last_register_gives_the_same_bytes_as_starting_anew()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 200; round++)
        {
            var (one, other) = (Empty(), Empty());
            var before = random.Next(200);
            for (var i = 0; i < before; i++)
            {
                var (index, value) = (random.Next(random.Next(2) == 0 ? 100 : HyperLogLog.Registers), (byte)random.Next(1, 4));
                Raise(ref one, index, value);
                Raise(ref other, index, value);
            }

            var cursor = HyperLogLogCursor.Start;
            for (var index = 0; index < HyperLogLog.Registers; index += 1 + random.Next(random.Next(3) == 0 ? 2 : 300))
            {
                var value = (byte)random.Next(1, 4);
                Raise(ref one, index, value, ref cursor);
                Raise(ref other, index, value);
                Assert.True(one.AsSpan().SequenceEqual(other), $"seed {Seed}, round {round}, register {index}");
            }
        }
    }

    [Fact]
    public void What_does_not_fit_needs_the_dense_form()
    {
        var bytes = Empty();
        var cursor = HyperLogLogCursor.Start;
        Assert.Equal(HyperLogLogStep.NeedsDense, HyperLogLogSparse.Find(bytes, ref cursor, 0, 33, 3000, out _));
        Assert.Equal(HyperLogLogStep.Edit, HyperLogLogSparse.Find(bytes, ref cursor, 5, 1, 20, out var edit));
        Assert.Equal(2, edit.Delta);
        Assert.Equal(HyperLogLogStep.NeedsDense, HyperLogLogSparse.Find(bytes, ref cursor, 5, 1, 19, out _));
        Raise(ref bytes, 5, 1);
        // A change that makes nothing longer needs no room, whatever the limit has become.
        Assert.Equal(HyperLogLogStep.Edit, HyperLogLogSparse.Find(bytes, ref cursor, 5, 2, 0, out _));
        Assert.Equal(HyperLogLogStep.Nothing, HyperLogLogSparse.Find(bytes, ref cursor, 5, 1, 0, out _));
    }

    /// <summary>A client may SET anything: whatever follows the header, nothing is read or written elsewhere, and nothing throws.</summary>
    [Fact]
    public void Any_bytes_are_survived()
    {
        var random = new Random(Seed);
        Span<byte> registers = new byte[HyperLogLog.Registers];
        Span<int> histogram = stackalloc int[HyperLogLogEstimate.HistogramLength];
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[HyperLogLog.HeaderBytes + random.Next(12)];
            random.NextBytes(bytes);
            if (round % 3 == 0 && bytes.Length > HyperLogLog.HeaderBytes) bytes[^1] = (byte)(0x40 | random.Next(64)); // A long run without its second byte.
            var isWhole = HyperLogLogSparse.TryMergeInto(registers, bytes);
            Assert.Equal(isWhole, HyperLogLogSparse.TryAddTo(histogram, bytes));
            for (var i = 0; i < 5; i++)
            {
                var cursor = HyperLogLogCursor.Start;
                var index = random.Next(3) == 0 ? random.Next(HyperLogLog.Registers) : random.Next(300);
                if (HyperLogLogSparse.Find(bytes, ref cursor, index, (byte)random.Next(1, 33), long.MaxValue, out var edit) != HyperLogLogStep.Edit) continue;
                Array.Resize(ref bytes, Math.Max(bytes.Length, bytes.Length + edit.Delta));
                var length = HyperLogLogSparse.Apply(bytes, bytes.Length - Math.Max(edit.Delta, 0), edit);
                Assert.InRange(length, HyperLogLog.HeaderBytes, bytes.Length);
                Array.Resize(ref bytes, length);
            }
        }
    }

    private static byte[] Empty()
    {
        var bytes = new byte[HyperLogLogSparse.EmptyBytes];
        HyperLogLogSparse.WriteEmpty(bytes);
        return bytes;
    }

    private static bool Raise(ref byte[] bytes, int index, byte value)
    {
        var cursor = HyperLogLogCursor.Start;
        return Raise(ref bytes, index, value, ref cursor);
    }

    private static bool Raise(ref byte[] bytes, int index, byte value, ref HyperLogLogCursor cursor)
    {
        var step = HyperLogLogSparse.Find(bytes, ref cursor, index, value, long.MaxValue, out var edit);
        if (step == HyperLogLogStep.Nothing) return false;
        Assert.Equal(HyperLogLogStep.Edit, step);
        var length = bytes.Length;
        if (edit.Delta > 0) Array.Resize(ref bytes, length + edit.Delta);
        Array.Resize(ref bytes, HyperLogLogSparse.Apply(bytes, length, edit));
        return true;
    }

    private static void AssertHolds(byte[] model, byte[] bytes, string what)
    {
        var registers = new byte[HyperLogLog.Registers];
        Assert.True(HyperLogLogSparse.TryMergeInto(registers, bytes), what);
        Assert.True(registers.AsSpan().SequenceEqual(model), what);
        var histogram = new int[HyperLogLogEstimate.HistogramLength];
        Assert.True(HyperLogLogSparse.TryAddTo(histogram, bytes), what);
        Assert.Equal(model.GroupBy(value => value).OrderBy(group => group.Key).Select(group => group.Count()), histogram.Where(count => count > 0));
    }

    private static string Runs(byte[] bytes)
    {
        var runs = new List<string>();
        for (var at = HyperLogLog.HeaderBytes; at < bytes.Length;)
        {
            var run = HyperLogLogRun.Read(bytes, at);
            at += run.Bytes;
            runs.Add(run.Value > 0 ? $"{run.Value}x{run.Length}" : $"{(run.Bytes == 2 ? 'Z' : 'z')}{run.Length}");
        }

        return string.Join(' ', runs);
    }
}
