using Hearth.DataStructures;
using Hearth.Memory;

namespace Hearth.Types;

/// <summary>
/// The places of all elements of a listpack that stays as it is, for commands that pick many by chance. For a few the index is not
/// worth making, and each is walked to.
/// </summary>
internal readonly unsafe struct ListpackIndex : IDisposable
{
    private readonly Heap _heap;
    private readonly Listpack _listpack;
    private readonly byte** _places;
    private readonly long _bytes;

    public ListpackIndex(Heap heap, Listpack listpack, bool isLong)
    {
        _heap = heap;
        _listpack = listpack;
        if (!isLong) return;
        _bytes = (long)listpack.Count * sizeof(byte*);
        _places = (byte**)heap.Allocate(_bytes);
        var next = _places;
        for (var place = listpack.First(); place != null; place = listpack.Next(place)) *next++ = place;
    }

    public byte* Seek(int index) => _places != null ? _places[index] : _listpack.Seek(index);

    public void Dispose()
    {
        if (_places != null) _heap.Free((byte*)_places, _bytes);
    }
}
