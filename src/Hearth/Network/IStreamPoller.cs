namespace Hearth.Network;

/// <summary>
/// A poller that also carries the bytes of connected sockets: what has arrived is there when the wait ends, and what is to be sent goes with
/// the next wait. A turn of the loop is then one system call, however many connections it serves.
/// </summary>
internal interface IStreamPoller : IPoller
{
    /// <summary>Watches a connected socket and receives from it. <see cref="IPoller.Modify"/> and <see cref="IPoller.Remove"/> apply to it as to others.</summary>
    public void AddStream(nint handle, int token, PollInterest interest);

    /// <summary>
    /// Takes what has arrived, with the results of <see cref="SocketApi.Receive"/>. <paramref name="untilDry"/>: asks the socket for what
    /// there is room for besides; fewer bytes than that then mean that it has no more.
    /// </summary>
    public int Receive(int token, Span<byte> room, bool untilDry);

    /// <summary>Sends with the next wait, which must come before the bytes move. Indexes count up from 0 after each wait.</summary>
    public void QueueSend(int index, nint handle, ReadOnlySpan<byte> bytes);

    /// <summary>After the wait: what <see cref="SocketApi.Send"/> would have returned.</summary>
    public int SendResult(int index);

    /// <summary>Lets go of all descriptors, at the end of the loop's thread, so that closing them closes them at once.</summary>
    public void LetGo();
}
