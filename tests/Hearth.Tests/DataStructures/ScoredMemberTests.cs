using Hearth.DataStructures;
using Hearth.Memory;
using Xunit;

namespace Hearth.Tests.DataStructures;

public class ScoredMemberTests
{
    [Theory]
    [InlineData(0, 9)]
    [InlineData(15, 24)]
    [InlineData(254, 263)]
    [InlineData(255, 268)]
    [InlineData(100_000, 100_013)]
    public void A_member_of_any_length_is_kept_with_its_score(int length, long blockBytes)
    {
        using var heap = new Heap("test");
        var bytes = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var member = ScoredMember.Create(heap, bytes, 1.5);
        Assert.True(member.Bytes.SequenceEqual(bytes));
        Assert.Equal((1.5, blockBytes), (member.Score, member.BlockBytes));
        member.Score = double.NegativeInfinity;
        Assert.True(ScoredMember.BytesOf(member.Address).SequenceEqual(bytes));
        Assert.Equal(double.NegativeInfinity, member.Score);
        member.Free(heap);
        Assert.Equal(0, heap.LiveBlocks);
    }
}
