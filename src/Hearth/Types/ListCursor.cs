using System.Runtime.CompilerServices;
using Hearth.DataStructures;

namespace Hearth.Types;

/// <summary>
/// Walks over the elements of a list, towards either end. It stands before the first of them until <see cref="MoveNext"/> has been called.
/// Only <see cref="ListValue.Remove"/> may change the list on the way.
/// </summary>
internal unsafe ref struct ListCursor
{
    private readonly bool _isBackward;
    private QuicklistNode* _node;
    private Listpack _listpack;
    private byte* _current;
    private byte* _upcoming;

    /// <summary>In a small list, at this element.</summary>
    public ListCursor(Listpack listpack, byte* element, bool isBackward)
    {
        _isBackward = isBackward;
        _listpack = listpack;
        _upcoming = element;
    }

    /// <summary>In a quicklist, at this element of a node.</summary>
    public ListCursor(QuicklistNode* node, int index, bool isBackward)
    {
        _isBackward = isBackward;
        _node = node;
        if (node->IsPlain)
        {
            _upcoming = node->Deque.Block;
            return;
        }

        _listpack = node->Listpack;
        _upcoming = _listpack.Seek(index);
    }

    /// <summary>The element that the cursor is at.</summary>
    public ListpackElement Current { readonly get; private set; }

    /// <summary>The node that the cursor is in; none in a small list.</summary>
    public readonly QuicklistNode* Node => _node;

    /// <summary>Where the element lies that the cursor is at.</summary>
    public readonly byte* Position => _current;

    private readonly bool IsPlain => _node != null && _node->IsPlain;

    /// <summary>Goes to the next element; false when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        if (_upcoming == null && !EnterNext()) return false;
        _current = _upcoming;
        if (_isBackward || IsPlain)
        {
            Step();
            return true;
        }

        Current = ListpackEncoding.Take(ref _upcoming);
        if (*_upcoming == ListpackEncoding.End) _upcoming = null;
        return true;
    }

    /// <summary>The element that the cursor is at has been removed: what stood behind it lies here now, in this listpack, perhaps its end.</summary>
    public void OnRemoved(Listpack listpack, byte* behind)
    {
        _listpack = listpack;
        if (_isBackward) _upcoming = listpack.Previous(behind);
        else _upcoming = *behind == ListpackEncoding.End ? null : behind;
    }

    /// <summary>The node that the cursor is in is about to be removed with its last element: goes into the next one.</summary>
    public void LeaveNode()
    {
        _upcoming = null;
        if (!EnterNext()) _node = null;
    }

    /// <summary>What <see cref="MoveNext"/> does towards the head, and in a plain node.</summary>
    private void Step()
    {
        Current = IsPlain ? new ListpackElement(_node->PlainElement) : ListpackEncoding.Read(_current);
        _upcoming = IsPlain ? null : _listpack.Previous(_current);
    }

    private bool EnterNext()
    {
        if (_node == null) return false;
        var next = _isBackward ? _node->Previous : _node->Next;
        if (next == null) return false;
        _node = next;
        if (next->IsPlain)
        {
            _upcoming = next->Deque.Block;
            return true;
        }

        _listpack = next->Listpack;
        _upcoming = _isBackward ? _listpack.Last() : _listpack.First();
        return true;
    }
}
