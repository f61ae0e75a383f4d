using System.Buffers.Binary;
using Hearth.Primitives;
using Xunit;

namespace Hearth.Tests.Primitives;

public class MurmurHash64Tests
{
    /// <summary>The value that the author's own test suite, SMHasher, expects of this variant: it stands for hashes of all lengths to 255.</summary>
    [Fact]
    public void Matches_the_published_verification_value()
    {
        const int Keys = 256;
        var key = new byte[Keys];
        var hashes = new byte[Keys * sizeof(ulong)];
        for (var i = 0; i < Keys; i++)
        {
            key[i] = (byte)i;
            var hash = MurmurHash64.Hash(key.AsSpan(0, i), (ulong)(Keys - i));
            BinaryPrimitives.WriteUInt64LittleEndian(hashes.AsSpan(i * sizeof(ulong)), hash);
        }

        Assert.Equal(0x1F0D_3804u, (uint)MurmurHash64.Hash(hashes, 0));
    }

    [Fact]
    public void Nothing_beside_the_text_is_read()
    {
        Assert.SkipUnless(GuardedMemory.IsSupported, "The guards are made with mmap.");
        using var memory = new GuardedMemory();
        for (var length = 0; length <= 40; length++)
        {
            var text = new byte[length];
            Array.Fill(text, (byte)length);
            var expected = MurmurHash64.Hash(text, 7);
            Assert.Equal(expected, MurmurHash64.Hash(memory.PlaceAtEnd(text), 7));
            Assert.Equal(expected, MurmurHash64.Hash(memory.PlaceAtStart(text), 7));
        }
    }
}
