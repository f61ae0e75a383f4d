using System.Globalization;
using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

/// <summary>Strings in their three places: as an integer, in the entry, in a block of their own. Debug heaps catch every byte outside of them.</summary>
public sealed class StringValueTests : IDisposable
{
    private const int Seed = 20260101;

    private readonly Heap _heap = new("strings");

    public void Dispose()
    {
        LeakCheck.Assert(_heap);
        _heap.Dispose();
    }

    [Theory]
    [InlineData("", "embstr")]
    [InlineData("0", "int")]
    [InlineData("-1", "int")]
    [InlineData("9223372036854775807", "int")]
    [InlineData("-9223372036854775808", "int")]
    [InlineData("9223372036854775808", "embstr")]
    [InlineData("01", "embstr")]
    [InlineData("+1", "embstr")]
    [InlineData("-0", "embstr")]
    [InlineData(" 1", "embstr")]
    [InlineData("1.0", "embstr")]
    [InlineData("12345678901234567890123456789012345678901234", "embstr")]
    [InlineData("123456789012345678901234567890123456789012345", "raw")]
    public void A_new_string_has_the_encoding_that_Redis_shows(string text, string encoding)
    {
        var entry = StringValue.Create(_heap, "key"u8, Latin1.Bytes(text), Entry.NoExpiry);
        Assert.Equal(encoding, Latin1.Text(entry.Encoding.Name()));
        Assert.Equal(text, Text(entry));
        Assert.Equal(text.Length, new StringValue(entry).Length);
        Assert.Equal(encoding == "int", new StringValue(entry).IsInteger);
        Free(entry);

        var asText = StringValue.CreateText(_heap, "key"u8, Latin1.Bytes(text), Entry.NoExpiry);
        Assert.Equal((text.Length > 44 ? ValueEncoding.Raw : ValueEncoding.Embedded, text), (asText.Encoding, Text(asText)));
        Free(asText);
    }

    [Fact]
    public void An_absent_key_reads_as_the_empty_string_and_counts_as_0()
    {
        var absent = new StringValue(default);
        Assert.Equal((false, 0, false), (absent.Exists, absent.Length, absent.IsInteger));
        Assert.True(absent.Bytes(default).IsEmpty);
        Assert.True(absent.TryGetInteger(out var value));
        Assert.Equal(0, value);
    }

    [Theory]
    [InlineData("12", true)]
    [InlineData("012", false)]
    [InlineData("", false)]
    [InlineData("12a", false)]
    public void Text_that_is_an_integer_counts_as_one(string text, bool isInteger)
    {
        var entry = StringValue.CreateText(_heap, "key"u8, Latin1.Bytes(text), Entry.NoExpiry);
        Assert.Equal(isInteger, new StringValue(entry).TryGetInteger(out var value));
        if (isInteger) Assert.Equal(12, value);
        Free(entry);
    }

    [Fact]
    public void A_raw_string_takes_what_its_maker_fills_in()
    {
        foreach (var length in (int[])[0, 1, 44, Entry.InPlaceBytesMax, Entry.InPlaceBytesMax + 1, 100_000])
        {
            var entry = StringValue.CreateRaw(_heap, "key"u8, length, out var bytes);
            Assert.Equal(length, bytes.Length);
            bytes.Fill((byte)'x');
            Assert.Equal((ValueEncoding.Raw, new string('x', length)), (entry.Encoding, Text(entry)));
            Free(entry);
        }
    }

    [Fact]
    public void A_duplicate_shares_nothing_with_its_source()
    {
        foreach (var text in (string[])["12", "short", new string('b', 500), new string('c', 5000)])
        {
            var source = StringValue.Create(_heap, "source"u8, Latin1.Bytes(text), 77);
            var copy = StringValue.Duplicate(_heap, "another key"u8, source);
            Assert.Equal((source.Encoding, 77, "another key"), (copy.Encoding, copy.ExpireAtMs, Latin1.Text(copy.Key)));
            var changed = source;
            StringValue.MakeWritable(_heap, ref changed, Math.Max(text.Length, 30)).Fill((byte)'!');
            Assert.Equal(text, Text(copy));
            if (!changed.Equals(source)) source.FreeBlock(_heap);
            Free(changed);
            Free(copy);
        }
    }

    [Fact]
    public void Any_course_of_overwriting_growing_and_shrinking_keeps_the_bytes()
    {
        for (var seed = Seed; seed < Seed + 60; seed++)
        {
            var random = new Random(seed);
            var key = Latin1.Bytes(new string('k', random.Next(4) == 0 ? random.Next(250, 260) : random.Next(40)));
            var model = RandomText(random);
            var entry = StringValue.Create(_heap, key, Latin1.Bytes(model), random.Next(2) == 0 ? Entry.NoExpiry : 99);
            var (expireAtMs, clock) = (entry.ExpireAtMs, (uint)random.Next(1 << 24));
            entry.AccessClock = clock;
            // A neighbour of the same class on each side shows writes past an end at once where the guards would only later.
            var neighbour = StringValue.Create(_heap, key, Latin1.Bytes(model), entry.ExpireAtMs);
            var neighbourText = model;
            for (var step = 0; step < 60; step++)
            {
                var where = $"seed {seed}, step {step}";
                if (random.Next(3) == 0) model = Overwrite(random, ref entry, model);
                else model = Resize(random, ref entry, model, where);

                Assert.True(model == Text(entry), where);
                Assert.True(model.Length == new StringValue(entry).Length, where);
                Assert.True(neighbourText == Text(neighbour), where);
                Assert.True(entry.Key.SequenceEqual(key) && entry.ExpireAtMs == expireAtMs && entry.AccessClock == clock, where);
                Assert.True(new StringValue(entry).SpareBytes >= 0, where);
            }

            Free(entry);
            Free(neighbour);
        }
    }

    [Fact]
    public void Appending_byte_by_byte_moves_a_string_few_times()
    {
        var entry = StringValue.Create(_heap, "k"u8, "x"u8, Entry.NoExpiry);
        var moves = 0;
        for (var length = 2; length <= 100_000; length++)
        {
            var before = (entry.Address, entry.IsExternalString ? entry.Word : 0);
            var old = entry;
            StringValue.MakeWritable(_heap, ref entry, length)[^1] = (byte)'x';
            if (!old.Equals(entry)) old.FreeBlock(_heap);
            if (before != (entry.Address, entry.IsExternalString ? entry.Word : 0)) moves++;
        }

        Assert.Equal(new string('x', 100_000), Text(entry));
        // Some forty size classes up to the limit of strings in place, then doubling.
        Assert.InRange(moves, 1, 60);
        Free(entry);
    }

    [Fact]
    public void The_bytes_of_a_value_of_its_own_are_told()
    {
        var entry = StringValue.Create(_heap, "k"u8, Latin1.Bytes(new string('x', 5000)), Entry.NoExpiry);
        Assert.Equal(_heap.UsedBytes, entry.UsedBytes + StringValue.ValueBytes(entry));
        Free(entry);
        var small = StringValue.Create(_heap, "k"u8, "x"u8, Entry.NoExpiry);
        Assert.Equal(0, StringValue.ValueBytes(small));
        Assert.Equal(_heap.UsedBytes, small.UsedBytes);
        Free(small);
    }

    private static string RandomText(Random random) => random.Next(4) switch
    {
        0 => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        1 => RandomLetters(random, random.Next(45)),
        2 => RandomLetters(random, random.Next(1100)),
        _ => RandomLetters(random, random.Next(20_000)),
    };

    private static string RandomLetters(Random random, int length) =>
        string.Create(length, random, (span, source) =>
        {
            foreach (ref var letter in span) letter = (char)source.Next(256);
        });

    private static string Text(Entry entry) => Latin1.Text(new StringValue(entry).Bytes(new byte[StringValue.ScratchBytes]));

    private string Overwrite(Random random, ref Entry entry, string model)
    {
        var text = random.Next(3) == 0 ? RandomLetters(random, Math.Max(0, model.Length + random.Next(-5, 6))) : RandomText(random);
        if (StringValue.TryOverwrite(entry, Latin1.Bytes(text))) return text;

        var replacement = StringValue.Create(_heap, entry.Key, Latin1.Bytes(text), entry.ExpireAtMs);
        replacement.AccessClock = entry.AccessClock;
        Free(entry);
        entry = replacement;
        return text;
    }

    private string Resize(Random random, ref Entry entry, string model, string where)
    {
        var length = random.Next(3) switch
        {
            0 => random.Next(model.Length + 1),
            1 => model.Length + random.Next(40),
            _ => model.Length + random.Next(3000),
        };
        var old = entry;
        var bytes = StringValue.MakeWritable(_heap, ref entry, length);
        if (!old.Equals(entry)) old.FreeBlock(_heap);
        var expected = length <= model.Length ? model[..length] : model.PadRight(length, '\0');
        Assert.True(Latin1.Text(bytes) == expected, where);
        Assert.True(entry.Encoding == ValueEncoding.Raw, where);
        if (length == 0) return "";

        var at = random.Next(length);
        bytes[at] = (byte)'!';
        return expected[..at] + '!' + expected[(at + 1)..];
    }

    private void Free(Entry entry)
    {
        StringValue.FreeValue(_heap, entry);
        entry.FreeBlock(_heap);
    }
}
