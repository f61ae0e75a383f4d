namespace Hearth.Network;

/// <summary>Buffers that one connection has received and not read yet; see <see cref="ReceiveBuffers"/>.</summary>
internal struct ReceivedChain
{
    public int Head;
    public int Tail;

    /// <summary>How much of the first buffer has been read.</summary>
    public int Offset;

    public static ReceivedChain Empty => new() { Head = ReceiveBuffers.None };
}
