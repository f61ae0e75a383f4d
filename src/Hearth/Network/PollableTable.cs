using System.Diagnostics;

namespace Hearth.Network;

/// <summary>
/// Descriptors by token. A token is a place in an array, and a freed place rests until <see cref="ReuseFreed"/>: events that name it may
/// still be under way.
/// </summary>
internal sealed class PollableTable
{
    private readonly Stack<int> _free = new();
    private readonly List<int> _freed = [];
    private Pollable?[] _places = new Pollable?[64];
    private int _used;

    public Pollable? this[int token] => _places[token];

    public int Add(Pollable pollable)
    {
        if (!_free.TryPop(out var token))
        {
            token = _used++;
            if (token == _places.Length) Array.Resize(ref _places, _places.Length * 2);
        }

        _places[token] = pollable;
        return token;
    }

    public void Remove(int token)
    {
        Debug.Assert(_places[token] is not null);
        _places[token] = null;
        _freed.Add(token);
    }

    public void ReuseFreed()
    {
        if (_freed.Count == 0) return;
        foreach (var token in _freed) _free.Push(token);
        _freed.Clear();
    }

    /// <summary>A copy, because what is done with them may remove them.</summary>
    public Pollable[] All() => [.. _places.OfType<Pollable>()];
}
