using Hearth.DataStructures;

namespace Hearth.Types;

/// <summary>A walk over neighbouring members of a sorted set, upwards or downwards. It ends with the next change of the set.</summary>
internal unsafe struct ZSetWalk
{
    private readonly Listpack _listpack;
    private readonly bool _isDownward;
    private readonly bool _isTree;
    private ScoreWalk _tree;
    private byte* _next;
    private byte* _element;
    private long _left;

    public ZSetWalk(ScoreWalk tree)
    {
        _tree = tree;
        _isTree = true;
    }

    /// <param name="element">The member to begin with.</param>
    public ZSetWalk(Listpack listpack, byte* element, long count, bool isDownward)
    {
        _listpack = listpack;
        _next = element;
        _left = count;
        _isDownward = isDownward;
    }

    public readonly double Score => _isTree ? _tree.Score : ZSetListpack.ScoreBehind(_listpack, _element);

    public readonly ListpackElement Member => _isTree
        ? ListpackElement.FromBytes(ScoredMember.BytesOf(_tree.Member))
        : Listpack.Get(_element);

    /// <summary>The member, to be read later; valid until the set changes.</summary>
    public readonly ZSetMember Handle => new(_isTree ? _tree.Member : (nint)_element, _isTree);

    public bool MoveNext()
    {
        if (_isTree) return _tree.MoveNext();
        if (_left-- <= 0 || _next == null) return false;
        _element = _next;
        _next = _isDownward ? ZSetListpack.PairBefore(_listpack, _element) : ZSetListpack.PairBehind(_listpack, _element);
        return true;
    }
}

/// <summary>A member of a sorted set that was met on a walk.</summary>
internal readonly unsafe struct ZSetMember(nint address, bool isBlock)
{
    public ListpackElement Element => isBlock ? ListpackElement.FromBytes(ScoredMember.BytesOf(address)) : Listpack.Get((byte*)address);
}
