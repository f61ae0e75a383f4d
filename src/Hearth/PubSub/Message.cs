namespace Hearth.PubSub;

/// <summary>One message on its way to the subscribers of a channel, or of a pattern that the channel's name matches.</summary>
internal readonly ref struct Message(Channel to, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> text)
{
    /// <summary>The channel or pattern whose subscribers get it.</summary>
    public Channel To { get; } = to;

    /// <summary>The name of the channel that it was published to.</summary>
    public ReadOnlySpan<byte> Channel { get; } = channel;

    public ReadOnlySpan<byte> Text { get; } = text;
}
