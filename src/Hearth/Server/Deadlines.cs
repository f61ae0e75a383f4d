using System.Diagnostics;

namespace Hearth.Server;

/// <summary>
/// The waits that end by themselves, the next one first: a binary heap in an array, in which every wait knows its place, so that one that
/// is served early is taken out in as many steps as the heap has levels. It allocates only to grow.
/// </summary>
internal sealed class Deadlines
{
    private BlockedClient[] _waits = new BlockedClient[16];

    public int Count { get; private set; }

    /// <summary>The wait that ends next; null if there is none.</summary>
    public BlockedClient? Next => Count == 0 ? null : _waits[0];

    public void Add(BlockedClient blocked)
    {
        Debug.Assert(blocked.DeadlinePlace < 0);
        if (Count == _waits.Length) Array.Resize(ref _waits, Count * 2);
        Rise(Count++, blocked);
    }

    public void Remove(BlockedClient blocked)
    {
        var place = blocked.DeadlinePlace;
        Debug.Assert(_waits[place] == blocked);
        blocked.DeadlinePlace = -1;
        var last = _waits[--Count];
        _waits[Count] = null!;
        if (last == blocked) return;
        if (place > 0 && IsBefore(last, _waits[(place - 1) / 2])) Rise(place, last);
        else Sink(place, last);
    }

    public void Verify()
    {
        for (var place = 0; place < Count; place++)
        {
            Trace.Assert(_waits[place].DeadlinePlace == place, "A wait does not know its place.");
            Trace.Assert(place == 0 || !IsBefore(_waits[place], _waits[(place - 1) / 2]), "A wait stands behind one that ends later.");
        }
    }

    private static bool IsBefore(BlockedClient x, BlockedClient y) =>
        x.DeadlineMs != y.DeadlineMs ? x.DeadlineMs < y.DeadlineMs : x.Sequence < y.Sequence;

    /// <summary>Finds the place for a wait from a free one upwards.</summary>
    private void Rise(int place, BlockedClient blocked)
    {
        while (place > 0 && IsBefore(blocked, _waits[(place - 1) / 2]))
        {
            Put(place, _waits[(place - 1) / 2]);
            place = (place - 1) / 2;
        }

        Put(place, blocked);
    }

    /// <summary>Finds the place for a wait from a free one downwards.</summary>
    private void Sink(int place, BlockedClient blocked)
    {
        for (int child; (child = (2 * place) + 1) < Count; place = child)
        {
            if (child + 1 < Count && IsBefore(_waits[child + 1], _waits[child])) child++;
            if (!IsBefore(_waits[child], blocked)) break;
            Put(place, _waits[child]);
        }

        Put(place, blocked);
    }

    private void Put(int place, BlockedClient blocked)
    {
        _waits[place] = blocked;
        blocked.DeadlinePlace = place;
    }
}
