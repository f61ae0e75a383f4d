using Hearth.Memory;
using Hearth.Types;
using Xunit;

namespace Hearth.Tests.Types;

public sealed class EntryTests : IDisposable
{
    private const int Seed = 20260101;

    private readonly Heap _heap = new("entries");

    /// <summary>Every length around the limit of the short form, and one far beyond.</summary>
    public static IEnumerable<int> KeyLengths => [.. Enumerable.Range(0, 301), 70_000];

    public void Dispose()
    {
        LeakCheck.Assert(_heap);
        _heap.Dispose();
    }

    [Fact]
    public void An_entry_with_a_word_gives_back_what_was_put_in()
    {
        foreach (var length in KeyLengths)
        {
            foreach (var expireAtMs in (long[])[Entry.NoExpiry, 0, -1, 1_700_000_000_000, long.MaxValue])
            {
                var key = Bytes(length);
                var entry = Entry.CreateWithWord(_heap, key, KeyType.String, ValueEncoding.Integer, long.MinValue + length, expireAtMs);
                Check(entry, key, expireAtMs, ValueEncoding.Integer);
                Assert.Equal(long.MinValue + length, entry.Word);
                Assert.Equal(0, entry.InPlaceLength);
                entry.FreeBlock(_heap);
            }
        }
    }

    [Fact]
    public void An_entry_with_a_string_in_place_gives_back_what_was_put_in()
    {
        foreach (var length in KeyLengths)
        {
            foreach (var valueLength in (int[])[0, 1, 44, 45, Entry.InPlaceBytesMax])
            {
                var (key, value) = (Bytes(length), Bytes(valueLength));
                var expireAtMs = valueLength % 2 == 0 ? Entry.NoExpiry : length;
                var entry = Entry.CreateInPlace(_heap, key, ValueEncoding.Raw, valueLength, expireAtMs);
                value.CopyTo(entry.InPlace);
                Check(entry, key, expireAtMs, ValueEncoding.Raw);
                Assert.True(entry.InPlace.SequenceEqual(value), $"key of {length} bytes, value of {valueLength}");
                entry.FreeBlock(_heap);
            }
        }
    }

    [Fact]
    public void Every_type_and_encoding_fits_its_half_byte()
    {
        foreach (var type in Enum.GetValues<KeyType>())
        {
            foreach (var encoding in Enum.GetValues<ValueEncoding>())
            {
                var entry = Entry.CreateWithWord(_heap, "k"u8, type, encoding, 0, Entry.NoExpiry);
                Assert.Equal((type, encoding), (entry.Type, entry.Encoding));
                entry.FreeBlock(_heap);
            }
        }
    }

    [Fact]
    public void Gaining_and_losing_an_expiry_keeps_the_value_its_encoding_and_its_use()
    {
        foreach (var length in KeyLengths)
        {
            var key = Bytes(length);
            var text = Entry.CreateInPlace(_heap, key, ValueEncoding.Embedded, 10, Entry.NoExpiry);
            "0123456789"u8.CopyTo(text.InPlace);
            text.AccessClock = 0xABCDEF;
            text = Recreate(text, key, 123);
            Check(text, key, 123, ValueEncoding.Embedded);
            Assert.True(text.InPlace.SequenceEqual("0123456789"u8));
            text = Recreate(text, key, Entry.NoExpiry);
            Check(text, key, Entry.NoExpiry, ValueEncoding.Embedded);
            Assert.True(text.InPlace.SequenceEqual("0123456789"u8));
            Assert.Equal(0xABCDEFu, text.AccessClock);
            text.FreeBlock(_heap);

            var integer = Entry.CreateWithWord(_heap, key, KeyType.String, ValueEncoding.Integer, -7, Entry.NoExpiry);
            integer = Recreate(integer, key, 123);
            Assert.Equal((-7, 123), (integer.Word, integer.ExpireAtMs));
            integer = Recreate(integer, key, Entry.NoExpiry);
            Assert.Equal((-7, Entry.NoExpiry), (integer.Word, integer.ExpireAtMs));
            integer.FreeBlock(_heap);
        }
    }

    [Fact]
    public void The_parts_of_the_header_do_not_touch_each_other()
    {
        var random = new Random(Seed);
        foreach (var length in (int[])[0, 1, 254, 255, 256, 70_000])
        {
            var key = Bytes(length);
            var entry = Entry.CreateInPlace(_heap, key, ValueEncoding.Raw, 3, expireAtMs: 5);
            "abc"u8.CopyTo(entry.InPlace);
            for (var round = 0; round < 100; round++)
            {
                var clock = (uint)random.Next(1 << 24);
                var expireAtMs = random.NextInt64();
                var encoding = random.Next(2) == 0 ? ValueEncoding.Raw : ValueEncoding.Embedded;
                entry.AccessClock = clock;
                entry.ExpireAtMs = expireAtMs;
                entry.SetEncoding(encoding);
                Assert.Equal(clock, entry.AccessClock);
                Check(entry, key, expireAtMs, encoding);
                Assert.True(entry.InPlace.SequenceEqual("abc"u8), $"seed {Seed}, round {round}");
            }

            entry.FreeBlock(_heap);
        }
    }

    [Fact]
    public void The_millisecond_of_the_expiry_itself_still_belongs_to_the_key()
    {
        var entry = Entry.CreateInPlace(_heap, "k"u8, ValueEncoding.Embedded, 0, expireAtMs: 100);
        Assert.False(entry.IsExpiredAt(99));
        Assert.False(entry.IsExpiredAt(100));
        Assert.True(entry.IsExpiredAt(101));
        entry.FreeBlock(_heap);

        var forever = Entry.CreateInPlace(_heap, "k"u8, ValueEncoding.Embedded, 0, Entry.NoExpiry);
        Assert.False(forever.IsExpiredAt(long.MaxValue));
        forever.FreeBlock(_heap);
    }

    [Fact]
    public void A_string_in_place_changes_its_length_within_its_size_class_only()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 2000; round++)
        {
            var (length, wanted) = (random.Next(Entry.InPlaceBytesMax + 1), random.Next(Entry.InPlaceBytesMax + 40));
            if (round % 2 == 0) wanted = Math.Max(0, length + random.Next(-8, 9));
            var entry = Entry.CreateInPlace(_heap, "key"u8, ValueEncoding.Embedded, length, Entry.NoExpiry);
            entry.InPlace.Fill(7);
            var used = entry.UsedBytes;
            var fits = wanted <= Entry.InPlaceBytesMax && Heap.UsableSize(8 + 3 + wanted) == used;
            Assert.True(fits == entry.TryResizeInPlace(ValueEncoding.Raw, wanted), $"seed {Seed}, round {round}: {length} to {wanted}");
            Assert.Equal(fits ? wanted : length, entry.InPlaceLength);
            Assert.Equal(used, entry.UsedBytes);
            Assert.True(entry.InPlace[..Math.Min(length, entry.InPlaceLength)].IndexOfAnyExcept((byte)7) < 0);
            entry.FreeBlock(_heap);
        }
    }

    [Fact]
    public void An_entry_with_a_word_has_no_string_in_place_to_resize()
    {
        var integer = Entry.CreateWithWord(_heap, "k"u8, KeyType.String, ValueEncoding.Integer, 1, Entry.NoExpiry);
        Assert.False(integer.TryResizeInPlace(ValueEncoding.Raw, 1));
        integer.FreeBlock(_heap);
    }

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];

    private static void Check(Entry entry, byte[] key, long expireAtMs, ValueEncoding encoding)
    {
        Assert.True(entry.Key.SequenceEqual(key), $"key of {key.Length} bytes");
        Assert.True(Entry.FromAddress(entry.Address).Equals(entry));
        Assert.Equal(expireAtMs, entry.ExpireAtMs);
        Assert.Equal(expireAtMs != Entry.NoExpiry, entry.HasExpiry);
        Assert.Equal((KeyType.String, encoding), (entry.Type, entry.Encoding));
    }

    private Entry Recreate(Entry entry, byte[] key, long expireAtMs)
    {
        var copy = entry.CopyBlock(_heap, key, expireAtMs);
        entry.FreeBlock(_heap);
        return copy;
    }
}
