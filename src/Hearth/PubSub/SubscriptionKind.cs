namespace Hearth.PubSub;

/// <summary>What one can subscribe to, and the words of its messages.</summary>
internal sealed class SubscriptionKind
{
    public static readonly SubscriptionKind Channel = new(0, "subscribe", "unsubscribe", "message");
    public static readonly SubscriptionKind Pattern = new(1, "psubscribe", "punsubscribe", "pmessage");

    /// <summary>A channel that lives in one slot of a cluster; its subscriptions are counted apart from the others.</summary>
    public static readonly SubscriptionKind ShardChannel = new(2, "ssubscribe", "sunsubscribe", "smessage");

    public const int Count = 3;

    private SubscriptionKind(int index, string subscribe, string unsubscribe, string message)
    {
        Index = index;
        Subscribe = System.Text.Encoding.ASCII.GetBytes(subscribe);
        Unsubscribe = System.Text.Encoding.ASCII.GetBytes(unsubscribe);
        Message = System.Text.Encoding.ASCII.GetBytes(message);
    }

    public int Index { get; }

    public byte[] Subscribe { get; }

    public byte[] Unsubscribe { get; }

    public byte[] Message { get; }
}
