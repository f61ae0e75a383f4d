using Hearth.DataStructures;

namespace Hearth.Types;

/// <summary>What handlers know of a consumer. Valid until it is deleted.</summary>
internal readonly unsafe struct StreamConsumer(StreamConsumerHeader* header) : IEquatable<StreamConsumer>
{
    /// <summary>The consumer has never got an entry.</summary>
    public const long NeverActive = -1;

    public bool Exists => header != null;

    public StreamConsumerHeader* Header => header;

    public ReadOnlySpan<byte> Name => NameTable.NameOf((nint)header);

    public long PendingCount => header->Pending.Count;

    public long SeenAtMs
    {
        get => header->SeenAtMs;
        set => header->SeenAtMs = value;
    }

    /// <summary>Unix time in milliseconds, or <see cref="NeverActive"/>.</summary>
    public long ActiveAtMs
    {
        get => header->ActiveAtMs;
        set => header->ActiveAtMs = value;
    }

    public StreamPendingCursor Pending => new(new IdTree(default, &header->Pending));

    public bool Equals(StreamConsumer other) => Header == other.Header;

    public override bool Equals(object? obj) => obj is StreamConsumer other && Equals(other);

    public override int GetHashCode() => ((nint)header).GetHashCode();
}
