using System.Diagnostics;
using Hearth.Memory;

namespace Hearth.DataStructures;

/// <summary>A walk over neighbouring elements of a <see cref="ScoreTree"/>, in either direction. Members are loaded ahead of their turn.</summary>
internal unsafe struct ScoreWalk
{
    private const int Ahead = 8;

    private readonly int _step;
    private readonly int _ahead;
    private ScoreLeaf _leaf;
    private int _index;
    private long _left;

    /// <param name="needsMembers">Whether most members are going to be read, and not only their scores.</param>
    public ScoreWalk(ScoreLeaf leaf, int index, long count, bool isDownward, bool needsMembers)
    {
        _ahead = needsMembers ? Ahead : 0;
        _step = isDownward ? -1 : 1;
        _leaf = leaf;
        _index = index - _step;
        _left = count;
        PrefetchFirst(index);
    }

    public readonly double Score => _leaf.Scores[_index];

    public readonly nint Member => _leaf.Members[_index];

    public bool MoveNext()
    {
        if (_left-- == 0) return false;
        _index += _step;
        if ((uint)_index >= (uint)_leaf.Count) TurnLeaf();
        else if (_ahead != 0 && (uint)(_index + (_step * _ahead)) < (uint)_leaf.Count) CacheLine.Prefetch((byte*)_leaf.Members[_index + (_step * _ahead)]);
        return true;
    }

    private void TurnLeaf()
    {
        _leaf = new ScoreLeaf(_step > 0 ? _leaf.Next : _leaf.Previous);
        Debug.Assert(_leaf.Block != null && _leaf.Count != 0);
        _index = _step > 0 ? 0 : _leaf.Count - 1;
        PrefetchFirst(_index);
    }

    private readonly void PrefetchFirst(int index)
    {
        var left = (int)Math.Min(_ahead, _left + 1);
        for (var i = 0; i < left && (uint)index < (uint)_leaf.Count; i++, index += _step) CacheLine.Prefetch((byte*)_leaf.Members[index]);
        var next = _step > 0 ? _leaf.Next : _leaf.Previous;
        if (_left >= Ahead && next != null) CacheLine.Prefetch(next);
    }
}
