using Hearth.Primitives;

namespace Hearth.DataStructures;

/// <summary>A place in an <see cref="IdTree"/>. It is valid until an ID is added or removed; words may be changed meanwhile.</summary>
internal unsafe struct IdTreeCursor(IdTreeNode* leaf, int index)
{
    private IdTreeNode* _leaf = leaf;
    private int _index = index;

    /// <summary>False beyond either end.</summary>
    public readonly bool IsValid => _leaf != null;

    public readonly StreamId Id => IdTreeNode.Ids(_leaf)[_index];

    public readonly nint Word
    {
        get => IdTreeNode.Slots(_leaf)[_index];
        set => IdTreeNode.Slots(_leaf)[_index] = value;
    }

    public void MoveNext()
    {
        if (++_index < _leaf->Count) return;
        _leaf = _leaf->Next;
        _index = 0;
    }

    public void MovePrevious()
    {
        if (--_index >= 0) return;
        _leaf = _leaf->Previous;
        _index = _leaf == null ? 0 : _leaf->Count - 1;
    }
}
