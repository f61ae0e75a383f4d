using Hearth.DataStructures;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>
/// Where reading went on last: the entry behind which it would go on, by its node and its place in there. It holds as long as no
/// node has been removed since. Reading a stream bit by bit thereby does not walk through each node again from its beginning.
/// </summary>
internal struct StreamPlace
{
    /// <summary>The last entry that was read.</summary>
    public StreamId After;

    public StreamId Master;

    /// <summary>Where the next entry begins, counted from the node's first one.</summary>
    public int Offset;

    /// <summary>The stream's epoch at that time; 0 for no place at all.</summary>
    public uint Epoch;
}

/// <summary>
/// Reads the entries of a stream between two IDs, both included, in either direction, leaving out deleted ones. Valid as long as the
/// stream does not change.
/// </summary>
internal unsafe ref struct StreamEntryReader
{
    private readonly StreamHeader* _stream;
    private readonly StreamId _from;
    private readonly StreamId _to;
    private readonly bool _isReverse;

    private IdTreeCursor _cursor;
    private StreamNode _node;

    // Forward: the entry to be looked at next. In reverse: the end of the one to be looked at next.
    private byte* _position;
    private bool _isDone;

    // What has not been read yet of the current entry.
    private byte* _field;
    private byte* _value;
    private int _left;

    public StreamEntryReader(StreamHeader* stream, StreamId from, StreamId to, bool isReverse)
    {
        _stream = stream;
        (_from, _to, _isReverse) = (from, to, isReverse);
        var nodes = new IdTree(default, &stream->Nodes);
        _cursor = nodes.SeekAtMost(isReverse ? to : from);
        if (!_cursor.IsValid && !isReverse) _cursor = nodes.First;
        if (_cursor.IsValid) EnterNode();
        else _isDone = true;
    }

    /// <summary>The ID of the current entry, or of the last one when there is no other; zero before the first.</summary>
    public StreamId Id { get; private set; }

    /// <summary>Fields of the current entry, each with a value.</summary>
    public int FieldCount { get; private set; }

    /// <summary>Whether there is another entry; then it is the current one.</summary>
    public bool MoveNext() => _isReverse ? MoveBack() : MoveForward();

    /// <summary>The next field of the current entry with its value. There are <see cref="FieldCount"/> of them.</summary>
    public void ReadField(out ListpackElement field, out ListpackElement value)
    {
        field = ListpackEncoding.Read(_field);
        var behind = ListpackEncoding.Skip(_field);
        _left--;
        if (_value == null)
        {
            value = ListpackEncoding.Read(behind);
            _field = ListpackEncoding.Skip(behind);
            return;
        }

        _field = behind;
        value = ListpackEncoding.Read(_value);
        _value = ListpackEncoding.Skip(_value);
    }

    /// <summary>Begins where reading stopped, if that is known and lies before the first entry that is wanted.</summary>
    public void StartAt(in StreamPlace place)
    {
        if (place.Epoch != _stream->Epoch || place.After >= _from || _isDone || place.Master != _node.Master) return;
        _position = _node.FirstEntry + place.Offset;
    }

    /// <summary>Remembers the place behind the current entry, for <see cref="StartAt"/>.</summary>
    public void Remember(ref StreamPlace place)
    {
        if (Id.IsZero) return;
        FinishEntry();
        place.After = Id;
        place.Master = _node.Master;
        place.Offset = (int)(_position - _node.FirstEntry);
        place.Epoch = _stream->Epoch;
    }

    private bool MoveForward()
    {
        FinishEntry();
        while (!_isDone)
        {
            while (*_position != ListpackEncoding.End)
            {
                var position = _position;
                var id = _node.ReadEntry(ref position, out var flags, out var fieldCount);
                if ((flags & StreamNode.Deleted) != 0 || id < _from)
                {
                    _position = StreamNode.EntryEnd(position, flags, fieldCount);
                    continue;
                }

                if (id > _to)
                {
                    _isDone = true;
                    return false;
                }

                BeginEntry(id, position, flags, fieldCount);
                return true;
            }

            _cursor.MoveNext();
            if (_cursor.IsValid) EnterNode();
            else _isDone = true;
        }

        return false;
    }

    private bool MoveBack()
    {
        while (!_isDone)
        {
            while (_position != _node.FirstEntry)
            {
                _position = StreamNode.EntryBefore(_position);
                var position = _position;
                var id = _node.ReadEntry(ref position, out var flags, out var fieldCount);
                if ((flags & StreamNode.Deleted) != 0 || id > _to) continue;
                if (id < _from)
                {
                    _isDone = true;
                    return false;
                }

                BeginEntry(id, position, flags, fieldCount);
                return true;
            }

            _cursor.MovePrevious();
            if (_cursor.IsValid) EnterNode();
            else _isDone = true;
        }

        return false;
    }

    private void EnterNode()
    {
        _node = StreamNode.At(_cursor);
        _position = _isReverse ? _node.End : _node.FirstEntry;
    }

    private void BeginEntry(StreamId id, byte* position, int flags, int fieldCount)
    {
        Id = id;
        FieldCount = _left = fieldCount;
        var hasSameFields = (flags & StreamNode.SameFields) != 0;
        _field = hasSameFields ? _node.FirstField : position;
        _value = hasSameFields ? position : null;
        if (!_isReverse) _position = position;
    }

    /// <summary>Steps over what has not been read of the current entry, and to the next one.</summary>
    private void FinishEntry()
    {
        if (_field == null || _isReverse) return;
        var hasSameFields = _value != null;
        _position = StreamNode.EntryEnd(hasSameFields ? _value : _field, hasSameFields ? StreamNode.SameFields : 0, _left);
        _field = _value = null;
    }
}
