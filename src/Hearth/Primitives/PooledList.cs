using System.Buffers;

namespace Hearth.Primitives;

/// <summary>A list for the length of one command, in an array that is borrowed, so that a command that is run often allocates nothing.</summary>
internal struct PooledList<T> : IDisposable
{
    private const int FirstCapacity = 64;

    private T[]? _items;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<T> Span => _items.AsSpan(0, Count);

    /// <summary>The items to be changed in place.</summary>
    public readonly Span<T> Items => _items.AsSpan(0, Count);

    public void Add(T item)
    {
        if (_items is null || Count == _items.Length) Grow();
        _items![Count++] = item;
    }

    public void Dispose()
    {
        if (_items is not null) ArrayPool<T>.Shared.Return(_items);
        _items = null;
        Count = 0;
    }

    private void Grow()
    {
        var grown = ArrayPool<T>.Shared.Rent(Math.Max(FirstCapacity, Count * 2));
        Span.CopyTo(grown);
        if (_items is not null) ArrayPool<T>.Shared.Return(_items);
        _items = grown;
    }
}
