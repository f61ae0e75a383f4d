using Hearth.DataStructures;
using Hearth.Memory;

namespace Hearth.Types;

/// <summary>
/// The elements that SORT works on, as references to where they lie. The order is found by merging ever longer runs, which keeps the
/// order of equals: where Redis leaves it open, it comes out as there.
/// </summary>
internal unsafe struct SortVector : IDisposable
{
    /// <summary>Runs of this length are ordered by insertion before they are merged.</summary>
    private const int FirstRun = 16;

    private readonly Heap _heap;
    private readonly SortKey* _keys;
    private readonly int _capacity;

    /// <summary>Room for so many elements.</summary>
    public SortVector(Heap heap, long capacity)
    {
        _heap = heap;
        _capacity = checked((int)capacity);
        _keys = (SortKey*)heap.Allocate(capacity * sizeof(SortKey));
    }

    public int Count { get; private set; }

    public readonly ListpackElement this[int index] => _keys[index].Text.Element;

    public void Add(ListpackElement element)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(Count, _capacity);
        _keys[Count++] = new SortKey { Text = new SortText(element) };
    }

    /// <summary>So many elements from this index on.</summary>
    public void AddList(ListValue list, long index, long count, bool isBackward)
    {
        for (var cursor = list.From(index, isBackward); count > 0 && cursor.MoveNext(); count--) Add(cursor.Current);
    }

    public void AddSet(SetValue set)
    {
        var visitor = new AddingVisitor { Vector = this };
        set.Visit(ref visitor);
        this = visitor.Vector;
    }

    public void AddSortedSet(ZSetWalk walk)
    {
        while (walk.MoveNext()) Add(walk.Member);
    }

    public readonly void SetScore(int index, double score) => _keys[index].Score = score;

    public readonly void SetWeight(int index, ListpackElement weight) => _keys[index].Weight = new SortText(weight);

    public readonly void Sort(SortOrder order)
    {
        for (var start = 0; start < Count; start += FirstRun) SortRun(_keys + start, Math.Min(FirstRun, Count - start), order);
        if (Count <= FirstRun) return;

        var bytes = (long)Count * sizeof(SortKey);
        var (from, to) = ((nint)_keys, (nint)_heap.Allocate(bytes));
        for (long run = FirstRun; run < Count; run *= 2)
        {
            MergeRuns((SortKey*)from, (SortKey*)to, run, order);
            (from, to) = (to, from);
        }

        // Whichever of the two has the result, the vector's own is to have it.
        if (from != (nint)_keys) Buffer.MemoryCopy((void*)from, _keys, bytes, bytes);
        _heap.Free((byte*)(from != (nint)_keys ? from : to), bytes);
    }

    public readonly void Dispose() => _heap.Free((byte*)_keys, (long)_capacity * sizeof(SortKey));

    private static void SortRun(SortKey* keys, int count, SortOrder order)
    {
        for (var i = 1; i < count; i++)
        {
            var key = keys[i];
            var at = i;
            for (; at > 0 && order.Compare(keys[at - 1], key) > 0; at--) keys[at] = keys[at - 1];
            keys[at] = key;
        }
    }

    /// <summary>Merges each two neighbouring runs of this length into one of twice the length.</summary>
    private readonly void MergeRuns(SortKey* from, SortKey* to, long run, SortOrder order)
    {
        for (long start = 0; start < Count; start += 2 * run)
        {
            var left = start;
            var right = Math.Min(start + run, Count);
            var (leftEnd, rightEnd) = (right, Math.Min(right + run, Count));
            for (var target = start; target < rightEnd; target++)
            {
                var takesLeft = left < leftEnd && (right == rightEnd || order.Compare(from[left], from[right]) <= 0);
                to[target] = takesLeft ? from[left++] : from[right++];
            }
        }
    }

    private struct AddingVisitor : IElementVisitor
    {
        public SortVector Vector;

        public void Visit(ListpackElement element) => Vector.Add(element);
    }
}
