using Hearth.DataStructures;
using Xunit;

namespace Hearth.Tests.DataStructures;

/// <summary>Which nodes a change in the middle leaves, case by case; that the elements are right is <see cref="QuicklistTests"/>'s.</summary>
public class QuicklistEditorTests
{
    private const ulong Seed = 43_003;

    [Theory]
    [InlineData("abcd", 1, false, "a X b | c d")] // In the node, which has room.
    [InlineData("abcdef", 2, true, "a b c | X | d e f")] // Between two full nodes.
    [InlineData("abcdef", 3, false, "a b c | X | d e f")]
    [InlineData("abcde", 2, true, "a b c | X d e")] // At the edge of a full node, and the next one has room.
    [InlineData("abcdef", 1, false, "a X | b c | d e f")] // Split, and nothing fits together.
    [InlineData("abcdef", 0, true, "a | X b c | d e f")]
    [InlineData("abcdef", 0, false, "X | a b c | d e f")] // At an end of the list.
    [InlineData("abcdef", 5, true, "a b c | d e f | X")]
    public void Where_an_element_goes(string elements, int index, bool after, string nodes)
    {
        using var model = Create(elements, elements == "abcd" ? [2, 2] : [3, 3]);
        model.Insert(index, "X", after);
        Assert.Equal(nodes, model.Nodes);
        model.Check();
    }

    [Fact]
    public void A_split_merges_the_nodes_around_it_that_fit_together()
    {
        // Nodes of 1, 1, 3, 1 and 1 elements; the one in the middle is split.
        using var model = Create("abcdefg", [1, 1, 3, 1, 1]);
        model.Insert(3, "X", after: true);
        Assert.Equal("a b | c d | X e f | g", model.Nodes);
        model.Check();
    }

    [Fact]
    public void A_huge_element_has_a_node_of_its_own()
    {
        using var model = Create("abc", [3], plainFromBytes: 5);
        model.Insert(1, "HUGE-1", after: false);
        Assert.Equal("a | !HUGE-1 | b c", model.Nodes);
        model.Insert(1, "HUGE-2", after: true);
        Assert.Equal("a | !HUGE-1 | !HUGE-2 | b c", model.Nodes);
        model.Insert(2, "x", after: true);
        Assert.Equal("a | !HUGE-1 | !HUGE-2 | x b c", model.Nodes);
        model.Insert(2, "y", after: false);
        Assert.Equal("a | !HUGE-1 | y | !HUGE-2 | x b c", model.Nodes);
        model.Push(ListEnd.Head, "HUGE-0");
        model.Push(ListEnd.Tail, "HUGE-9");
        Assert.Equal("!HUGE-0 | a | !HUGE-1 | y | !HUGE-2 | x b c | !HUGE-9", model.Nodes);
        model.Check();
    }

    [Theory]
    [InlineData(1, "x", "a x c | d")]
    [InlineData(1, "HUGE!", "a | !HUGE! | c d")]
    [InlineData(0, "HUGE!", "!HUGE! | b c | d")]
    [InlineData(2, "HUGE!", "a b | !HUGE! | d")]
    [InlineData(3, "HUGE!", "a b c | !HUGE!")]
    public void What_takes_the_place_of_an_element(int index, string text, string nodes)
    {
        using var model = Create("abcd", [3, 1], plainFromBytes: 5);
        model.Replace(index, text);
        Assert.Equal(nodes, model.Nodes);
        model.Check();
    }

    [Fact]
    public void What_takes_the_place_of_a_huge_element()
    {
        using var model = Create("ab", [2], plainFromBytes: 5);
        model.Insert(0, "HUGE!", after: true);
        model.Replace(1, "LARGER");
        Assert.Equal("a | !LARGER | b", model.Nodes);
        model.Replace(1, "x");
        Assert.Equal("a | x | b", model.Nodes);
        model.Check();
    }

    /// <summary>A quicklist of nodes of three elements at most, made of nodes of these sizes.</summary>
    private static QuicklistModel Create(string elements, int[] sizes, long plainFromBytes = 1 << 30)
    {
        var model = new QuicklistModel(Seed, fill: 3, plainFromBytes);
        var next = 0;
        foreach (var size in sizes)
        {
            // Nodes are filled up, and what is too much is taken out again once the next one begins.
            for (var i = 0; i < 3; i++) model.Push(ListEnd.Tail, i < size && next < elements.Length ? elements[next++].ToString() : "?");
        }

        for (var i = model.Expected.Count - 1; i >= 0; i--)
        {
            if (model.Expected[i] == "?") model.Delete(i);
        }

        return model;
    }
}
