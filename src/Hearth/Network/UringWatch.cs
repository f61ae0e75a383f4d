namespace Hearth.Network;

/// <summary>What <see cref="UringPoller"/> knows of one descriptor.</summary>
internal struct UringWatch
{
    public int Handle;
    public PollInterest Interest;
    public bool IsUsed;

    /// <summary>Its bytes are received, too; of others only readiness is told.</summary>
    public bool IsStream;

    /// <summary>It waits in the list of those that need a new operation.</summary>
    public bool IsListed;

    /// <summary>Its receiving has been cancelled.</summary>
    public bool IsEnding;

    /// <summary>There was no buffer left for it.</summary>
    public bool IsStarved;

    /// <summary>The operation under way that receives, and that polls; 0 for none. A result with another number is of an earlier one.</summary>
    public uint ReceiveNumber;
    public uint PollNumber;
    public uint PollEvents;

    /// <summary>Its peer has ended the stream, so that a poll tells only of what changes.</summary>
    public bool PollsChanges;

    /// <summary>What the next wait has to report; listed as ready while there is anything.</summary>
    public PollReadiness Ready;

    public ReceivedChain Received;

    /// <summary>What arrived although reading was paused; read before <see cref="Received"/>.</summary>
    public byte[]? Held;
    public int HeldOffset;

    /// <summary>Behind all bytes: null while the stream goes on, 0 when it has ended, <see cref="SocketApi.Failed"/> when it is broken.</summary>
    public int? End;

    public readonly bool IsReceiving => ReceiveNumber != 0;

    public readonly bool IsPolling => PollNumber != 0;

    public readonly bool WantsToRead => (Interest & PollInterest.Read) != 0;

    public readonly bool HasInput => Received.Head != ReceiveBuffers.None || Held is not null || End is not null;
}
