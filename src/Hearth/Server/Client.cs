using Hearth.Memory;
using Hearth.Network;
using Hearth.Protocol;
using Hearth.Store;

namespace Hearth.Server;

/// <summary>What CLIENT REPLY said.</summary>
internal enum ReplyMode : byte
{
    On,
    Off,

    /// <summary>The next command gets no reply.</summary>
    SkipNext,

    /// <summary>This command gets no reply.</summary>
    Skip,
}

/// <summary>
/// Somebody who sends commands: behind a connection, or inside the process (an embedding application, a test). It holds the state of
/// the session; the bytes are the connection's, or <see cref="Captured"/>'s where there is no connection.
/// </summary>
internal sealed class Client(long id, Connection? connection, NativeBuffer? captured)
{
    /// <summary>What CLIENT LIST shows before the first command, and after one that does not exist.</summary>
    public const string NoCommand = "NULL";

    public long Id { get; } = id;

    public Connection? Connection { get; } = connection;

    /// <summary>Where the replies and messages of a client without connection go.</summary>
    public NativeBuffer? Captured { get; } = captured;

    public int Database { get; set; }

    /// <summary>The version of RESP: 2 or 3.</summary>
    public int Protocol { get; set; } = 2;

    public bool IsAuthenticated { get; set; }

    /// <summary>Its commands are those that a server has propagated: they were checked where they came from, and say exactly what happened.</summary>
    public bool RepeatsPropagated { get; set; }

    public string Name { get; set; } = "";

    public string LibraryName { get; set; } = "";

    public string LibraryVersion { get; set; } = "";

    public long CreatedAtMs { get; init; }

    /// <summary>When it last sent something, if only a part of a command.</summary>
    public long LastReadAtMs { get; set; }

    /// <summary>When it last sent or took something.</summary>
    public long LastActiveAtMs => Math.Max(LastReadAtMs, Connection?.LastSentAtMs ?? 0);

    /// <summary>The command that was sent last, run or refused; none when there is no such command.</summary>
    public Command? LastCommand { get; set; }

    public ReplyMode ReplyMode { get; set; }

    /// <summary>CLIENT NO-EVICT.</summary>
    public bool IsProtectedFromEviction { get; set; }

    /// <summary>CLIENT NO-TOUCH: its reads don't count for LRU and LFU.</summary>
    public bool IsNoTouch { get; set; }

    /// <summary>A command of it waits for a key; what it sends meanwhile is kept unread.</summary>
    public bool IsBlocked { get; set; }

    /// <summary>Its wait, or its last one; none for most clients.</summary>
    public BlockedClient? Wait { get; set; }

    /// <summary>Its connection closes when all replies are sent; nothing that it sends is executed any more.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Its connection closes at the end of the turn, with all that waits to be sent.</summary>
    public bool IsDoomed { get; set; }

    /// <summary>A long command of which only a part has arrived.</summary>
    public PartialCommand? Partial;

    /// <summary>The commands queued since MULTI; none outside a transaction.</summary>
    public Transaction? Transaction { get; set; }

    /// <summary>The watched keys; none for most clients.</summary>
    public Watch? Watch { get; set; }

    /// <summary>Channels and patterns that the client is subscribed to; none for most clients.</summary>
    public ISubscriptions? Subscriptions { get; set; }

    public ClientType Type => Subscriptions is { Count: > 0 } ? ClientType.PubSub : ClientType.Normal;

    public bool IsInTransaction => Transaction is not null;

    /// <summary>Since when more output than the soft limit allows has been waiting.</summary>
    public long? OverSoftLimitSinceMs { get; set; }

    /// <summary>Whether no state of its own can make the dispatcher refuse or queue what it sends.</summary>
    public bool IsPlain => IsAuthenticated && Transaction is null && (Subscriptions is null || !IsInSubscribeMode);

    /// <summary>Whether the client may only subscribe and unsubscribe, as RESP2 clients in subscribe mode.</summary>
    public bool IsInSubscribeMode => Protocol == 2 && Subscriptions is { Count: > 0 };

    /// <summary>Bytes that wait to be sent.</summary>
    public long OutputBytes => Connection?.QueuedBytes ?? Captured?.Length ?? 0;

    /// <summary>Whether it runs on this machine, as far as its address tells.</summary>
    public bool IsLocal => Connection is null or { IsLoopback: true };

    public string Address => Connection?.PeerAddress ?? "";

    public string LocalAddress => Connection?.LocalAddress ?? "";

    /// <summary>Sends bytes that answer no command of this turn; they leave before the loop waits again.</summary>
    public void Enqueue(ReadOnlySpan<byte> bytes)
    {
        if (IsClosing) return;
        if (Connection is not null) Connection.Enqueue(bytes);
        else Captured?.Append(bytes);
    }
}

/// <summary>What the core has to know of a client's subscriptions.</summary>
internal interface ISubscriptions
{
    /// <summary>Channels, patterns and shard channels together.</summary>
    int Count { get; }

    int ChannelCount { get; }

    int PatternCount { get; }

    int ShardChannelCount { get; }

    /// <summary>Ends all of them without a message, because the client leaves or resets.</summary>
    void EndAll();
}
