using System.Diagnostics;

namespace Hearth.PubSub;

/// <summary>
/// A channel or pattern that somebody is subscribed to: its name and its subscribers, side by side in an array, since publishing walks
/// them all. Each subscriber knows its place, so that leaving takes the same time however many there are: the last one moves into the gap.
/// </summary>
internal sealed class Channel(ChannelTable table, byte[] name)
{
    private Subscriptions[] _subscribers = new Subscriptions[1];
    private int _count;

    public ChannelTable Table { get; } = table;

    public byte[] Name { get; } = name;

    public ReadOnlySpan<Subscriptions> Subscribers => _subscribers.AsSpan(0, _count);

    /// <summary>Adds a subscriber, and says at which place.</summary>
    public int Add(Subscriptions subscriber)
    {
        if (_count == _subscribers.Length) Array.Resize(ref _subscribers, _count * 2);
        _subscribers[_count] = subscriber;
        return _count++;
    }

    /// <summary>Removes the subscriber at a place. A channel without any is gone.</summary>
    public void RemoveAt(int place)
    {
        Debug.Assert((uint)place < (uint)_count);
        var last = _subscribers[--_count];
        _subscribers[_count] = null!;
        if (_count == 0)
        {
            Table.Remove(this);
            return;
        }

        if (place < _count)
        {
            _subscribers[place] = last;
            last.Moved(this, place);
        }

        if (_count < _subscribers.Length / 4) Array.Resize(ref _subscribers, _subscribers.Length / 2);
    }
}
