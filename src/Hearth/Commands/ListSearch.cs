using Hearth.DataStructures;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>LPOS: steps from one match to the next.</summary>
internal ref struct ListSearch
{
    private readonly ListpackElement _wanted;
    private readonly bool _isBackward;
    private readonly long _count;
    private ListCursor _cursor;
    private long _compared;
    private readonly long _comparedMax;
    private long _skipped;

    public ListSearch(ListValue list, ReadOnlySpan<byte> wanted, in ListPosOptions options)
    {
        _wanted = wanted;
        _isBackward = options.IsBackward;
        _count = list.Count;
        _cursor = list.From(_isBackward ? -1 : 0, _isBackward);
        _comparedMax = options.LengthMax == 0 ? long.MaxValue : options.LengthMax;
        _skipped = options.Skipped;
    }

    /// <summary>The place of the match, counted from the head.</summary>
    public readonly long Index => _isBackward ? _count - _compared : _compared - 1;

    public bool MoveNext()
    {
        while (_compared < _comparedMax && _cursor.MoveNext())
        {
            _compared++;
            if (_cursor.Current.Equals(_wanted) && _skipped-- <= 0) return true;
        }

        return false;
    }
}
