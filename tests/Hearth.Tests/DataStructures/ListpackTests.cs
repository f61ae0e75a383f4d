using Hearth.DataStructures;
using Hearth.Memory;
using Xunit;

namespace Hearth.Tests.DataStructures;

public unsafe class ListpackTests
{
    private const ulong Seed = 31_007;

    /// <summary>The payload of a hash as redis-server dumps it: fields 0, 1, 2 … with a value of every form of encoding.</summary>
    private const string FromRedis =
        "f800000036000001000101017f010201c080020301dfff020401d000020501cfff020601f10010030701f1ffef030801f1ff7f030901f10080030a01f2008000" +
        "040b01f2ff7fff040c01f2ffff7f040d01f2000080040e01f300008000050f01f3ffffff7f051001f300000080051101f40000008000000000091201f4ffffff" +
        "ffffffff7f091301f4000000000000008009140180011501816102160183303037041701822d30031801822b31031901823120031a01bf787878787878787878" +
        "78787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787840ff";

    private static readonly string[] ValuesOfRedis =
    [
        "0", "127", "128", "-1", "-4096", "4095", "4096", "-4097", "32767", "-32768", "32768", "-32769", "8388607", "-8388608", "8388608", "2147483647",
        "-2147483648", "2147483648", "9223372036854775807", "-9223372036854775808", "", "a", "007", "-0", "+1", "1 ", new string('x', 63),
    ];

    [Fact]
    public void The_bytes_are_those_of_redis()
    {
        using var model = new ListpackModel(Seed);
        for (var index = 0; index < ValuesOfRedis.Length; index++)
        {
            model.Listpack = model.Listpack.AppendPair(model.Heap, index, ListpackModel.Bytes(ValuesOfRedis[index]).AsSpan());
            model.Expected.Add(index.ToString());
            model.Expected.Add(ValuesOfRedis[index]);
        }

        Assert.Equal(FromRedis, Convert.ToHexStringLower(model.Listpack.Bytes));
        model.Check();
        Assert.True(Listpack.Validate(Convert.FromHexString(FromRedis)));
    }

    [Theory]
    [InlineData(64, "e04079", "797942ff")]
    [InlineData(125, "e07d79", "79797fff")]
    [InlineData(126, "e07e79", "790180ff")]
    [InlineData(4095, "efff79", "792081ff")]
    [InlineData(4096, "f00010000079", "792085ff")]
    [InlineData(16377, "f0f93f000079", "797ffeff")]
    [InlineData(16378, "f0fa3f000079", "00ffffff")]
    [InlineData(16379, "f0fb3f000079", "018080ff")]
    [InlineData(70000, "f07011010079", "04a2f5ff")]
    public void Long_texts_and_their_back_lengths_are_those_of_redis(int length, string head, string tail)
    {
        using var model = new ListpackModel(Seed);
        model.Expected.Add(new string('y', length));
        model.Listpack = model.Listpack.Append(model.Heap, ListpackModel.Bytes(model.Expected[0]).AsSpan());
        var bytes = Convert.ToHexStringLower(model.Listpack.Bytes);
        Assert.StartsWith(head, bytes[(2 * Listpack.HeaderBytes)..]);
        Assert.EndsWith(tail, bytes);
        model.Check();
    }

    [Fact]
    public void Random_changes_follow_the_model()
    {
        for (var seed = Seed; seed < Seed + 20; seed++)
        {
            using var model = new ListpackModel(seed);
            for (var step = 0; step < 400; step++)
            {
                Change(model);
                if (step % 10 == 0) model.Check();
            }

            model.Check();
        }
    }

    [Fact]
    public void Search_finds_what_the_model_has()
    {
        for (var seed = Seed; seed < Seed + 20; seed++)
        {
            using var model = new ListpackModel(seed);
            for (var index = 0; index < 60; index++) Append(model, model.RandomText());
            for (var tries = 0; tries < 200; tries++)
            {
                var wanted = tries % 2 == 0 ? model.Expected[(int)model.Random.NextInt64(60)] : model.RandomText();
                var from = (int)model.Random.NextInt64(60);
                var skip = (int)model.Random.NextInt64(3);
                var expected = -1;
                for (var index = from; index < 60 && expected < 0; index += skip + 1)
                {
                    if (model.Expected[index] == wanted) expected = index;
                }

                var found = model.Listpack.Find(model.Listpack.Seek(from), ListpackModel.Bytes(wanted).AsSpan(), skip);
                var place = -1;
                for (var element = found; element != null; element = model.Listpack.Previous(element)) place++;
                Assert.True(expected == place, $"seed {seed}: '{wanted}' from {from} by {skip + 1} is at {place} instead of {expected}");
            }
        }
    }

    [Fact]
    public void Equality_is_that_of_texts_whatever_form_was_stored()
    {
        // 5 as an integer of 16 bits, and "a" with a length of 12 bits: Redis writes neither, but a file may hold them.
        var bytes = Convert.FromHexString("0f0000000200f1050003e0016103ff");
        Assert.True(Listpack.Validate(bytes));
        using var heap = new Heap("test");
        var listpack = Listpack.FromBytes(heap, bytes);
        var five = listpack.Find(listpack.First(), "5"u8, 0);
        Assert.True(five == listpack.First());
        var a = listpack.Find(listpack.First(), "a"u8, 0);
        Assert.True(a == listpack.Last());
        Assert.True(Listpack.Equals(a, "a"u8));
        Assert.False(Listpack.Equals(a, "5"u8));
        listpack.Free(heap);
    }

    [Fact]
    public void Positions_count_from_both_ends()
    {
        using var model = new ListpackModel(Seed);
        Assert.True(model.Listpack.Seek(0) == null && model.Listpack.Seek(-1) == null);
        for (var index = 0; index < 9; index++) Append(model, $"e{index}");
        for (var index = 0; index < 9; index++)
        {
            Assert.Equal($"e{index}", ListpackModel.Text(model.Listpack.Seek(index)));
            Assert.Equal($"e{index}", ListpackModel.Text(model.Listpack.Seek(index - 9)));
        }

        Assert.True(model.Listpack.Seek(9) == null && model.Listpack.Seek(-10) == null);
        Assert.True(model.Listpack.Seek(long.MaxValue) == null && model.Listpack.Seek(long.MinValue) == null);
    }

    [Fact]
    public void Counts_beyond_the_header_are_counted()
    {
        using var model = new ListpackModel(Seed);
        for (var index = 0; index < 65_600; index++) Append(model, "7");
        model.Check();
        Assert.Equal("ffff", Convert.ToHexStringLower(model.Listpack.Bytes.Slice(4, 2)));
        Assert.Equal("7", ListpackModel.Text(model.Listpack.Seek(65_599)));
        Assert.True(model.Listpack.Seek(65_600) == null && model.Listpack.Seek(-65_601) == null);

        model.Listpack = model.Listpack.DeleteRange(model.Heap, -100, 100);
        model.Expected.RemoveRange(65_500, 100);
        model.Check();
        Assert.Equal("dcff", Convert.ToHexStringLower(model.Listpack.Bytes.Slice(4, 2)));
    }

    [Fact]
    public void Growth_within_a_size_class_moves_nothing()
    {
        using var model = new ListpackModel(Seed);
        Append(model, "a");
        var address = model.Listpack.Address;
        Append(model, "b");
        Assert.Equal(address, model.Listpack.Address);
        Assert.True(model.Listpack.CanGrow(1_000));
        Assert.False(model.Listpack.CanGrow(1 << 30));
    }

    [Fact]
    public void Damage_is_told_or_harmless()
    {
        using var model = new ListpackModel(Seed);
        for (var index = 0; index < 40; index++) Append(model, model.RandomText());
        var good = model.Listpack.Bytes.ToArray();
        for (var tries = 0; tries < 20_000; tries++)
        {
            var bytes = good[..(tries % 3 == 0 ? (int)model.Random.NextInt64(good.Length) : good.Length)];
            for (var flips = model.Random.NextInt64(4); flips >= 0 && bytes.Length > 0; flips--)
            {
                bytes[model.Random.NextInt64(bytes.Length)] = (byte)model.Random.NextUInt64();
            }

            if (tries % 3 == 0 && bytes.Length > 4) BitConverter.TryWriteBytes(bytes, bytes.Length);
            CheckWalkable(bytes, tries);
        }
    }

    [Fact]
    public void Random_bytes_are_never_read_beyond_their_end()
    {
        Assert.SkipUnless(Primitives.GuardedMemory.IsSupported, "needs mmap");
        using var memory = new Primitives.GuardedMemory();
        var random = new Hearth.Primitives.RandomSource(Seed);
        var bytes = new byte[40];
        for (var tries = 0; tries < 200_000; tries++)
        {
            var length = (int)random.NextInt64(bytes.Length);
            random.NextBytes(bytes);
            if (length >= 7)
            {
                BitConverter.TryWriteBytes(bytes, length);
                bytes[length - 1] = 0xFF;
                if (tries % 2 == 0) bytes[6] = (byte)(0xE0 + random.NextInt64(32));
                if (tries % 4 < 2) bytes[4] = bytes[5] = 0xFF;
            }

            Listpack.Validate(memory.PlaceAtEnd(bytes.AsSpan(0, length)));
        }
    }

    private static void Append(ListpackModel model, string text)
    {
        model.Listpack = model.Listpack.Append(model.Heap, ListpackModel.Bytes(text).AsSpan());
        model.Expected.Add(text);
    }

    /// <summary>What passes validation can be walked both ways and counts as it says.</summary>
    private static void CheckWalkable(byte[] bytes, int tries)
    {
        if (!Listpack.Validate(bytes)) return;
        using var heap = new Heap("test");
        var listpack = Listpack.FromBytes(heap, bytes);
        var count = 0;
        for (var element = listpack.First(); element != null; element = listpack.Next(element)) count++;
        Assert.True(count == listpack.Count, $"seed {Seed}, try {tries}");
        for (var element = listpack.Last(); element != null; element = listpack.Previous(element)) count--;
        Assert.True(count == 0, $"seed {Seed}, try {tries}");
        listpack.Free(heap);
    }

    private static void Change(ListpackModel model)
    {
        var (heap, expected, random) = (model.Heap, model.Expected, model.Random);
        var text = model.RandomText();
        var bytes = ListpackModel.Bytes(text).AsSpan();
        var place = (int)random.NextInt64(expected.Count + 1);
        var element = model.Listpack.Seek(place);
        switch (random.NextInt64(expected.Count > 60 ? 12 : 8))
        {
            case 0:
                Append(model, text);
                break;
            case 1:
                model.Listpack = model.Listpack.Prepend(heap, bytes);
                expected.Insert(0, text);
                break;
            case 2 when element != null:
                var after = random.NextInt64(2) == 0;
                model.Listpack = model.Listpack.Insert(heap, ref element, bytes, after);
                expected.Insert(after ? place + 1 : place, text);
                Assert.Equal(text, ListpackModel.Text(element));
                break;
            case 3:
                model.Listpack = model.Listpack.InsertPair(heap, ref element, bytes, place);
                expected.InsertRange(place, [text, place.ToString()]);
                Assert.Equal(text, ListpackModel.Text(element));
                break;
            case 4 when element != null:
                model.Listpack = model.Listpack.Replace(heap, ref element, bytes);
                expected[place] = text;
                Assert.Equal(text, ListpackModel.Text(element));
                break;
            case 5:
                Join(model);
                break;
            case 6:
                var copy = model.Listpack.Duplicate(heap);
                model.Listpack.Free(heap);
                model.Listpack = copy;
                break;
            case > 7 or 7 when random.NextInt64(2) == 0:
                var count = (int)random.NextInt64(12);
                model.Listpack = model.Listpack.DeleteRange(heap, place, count);
                if (element != null) expected.RemoveRange(place, Math.Min(count, expected.Count - place));
                break;
            default:
                if (element == null) break;
                model.Listpack = model.Listpack.Delete(heap, ref element);
                expected.RemoveAt(place);
                Assert.Equal(place < expected.Count ? expected[place] : null, element == null ? null : ListpackModel.Text(element));
                break;
        }
    }

    /// <summary>Splits the list in two with gaps and joins them again.</summary>
    private static void Join(ListpackModel model)
    {
        var place = (int)model.Random.NextInt64(model.Expected.Count + 1);
        var second = model.Listpack.Duplicate(model.Heap).DeleteRange(model.Heap, 0, place);
        var first = model.Listpack.DeleteRange(model.Heap, place, long.MaxValue);
        if (model.Random.NextInt64(2) == 0)
        {
            model.Listpack = Listpack.Merge(model.Heap, first, second);
            return;
        }

        model.Listpack = Listpack.Merge(model.Heap, second, first);
        var moved = model.Expected[..place];
        model.Expected.RemoveRange(0, place);
        model.Expected.AddRange(moved);
    }
}
