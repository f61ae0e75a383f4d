using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>The sets that a command compares, in the order of its keys. An absent key is an empty set and only remembered as such.</summary>
internal struct SetOperands : IDisposable
{
    private PooledList<SetValue> _existing;
    private int _added;

    /// <summary>Those that exist.</summary>
    public readonly PooledList<SetValue> Existing => _existing;

    public readonly bool HasMissing => _existing.Count < _added;

    public bool FirstExists { get; private set; }

    /// <summary>Whether a later set is the very first one.</summary>
    public readonly bool RepeatsFirst
    {
        get
        {
            foreach (var set in _existing.Span[1..])
            {
                if (set.Entry.Equals(_existing.Span[0].Entry)) return true;
            }

            return false;
        }
    }

    /// <summary>
    /// Whether looking up all members of the first set in the others is less work than taking away all members of the others from a
    /// copy of it. The rule is Redis's: the encoding of a stored result hangs on it.
    /// </summary>
    public readonly bool IsLookupCheaper
    {
        get
        {
            var (first, all) = (_existing.Span[0].Count, 0L);
            foreach (var set in _existing.Span) all += set.Count;
            return first * _existing.Count / 2 <= all;
        }
    }

    public void Add(SetValue set)
    {
        if (_added++ == 0) FirstExists = set.Exists;
        if (set.Exists) _existing.Add(set);
    }

    /// <summary>The smallest first: its members are the ones to look up.</summary>
    public readonly void SortAscending() => _existing.Items.Sort(static (a, b) => a.Count.CompareTo(b.Count));

    /// <summary>The biggest next to the first: it is the likeliest to have a member.</summary>
    public readonly void SortRestDescending() => _existing.Items[1..].Sort(static (a, b) => b.Count.CompareTo(a.Count));

    public void Dispose() => _existing.Dispose();
}
