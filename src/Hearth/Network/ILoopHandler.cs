namespace Hearth.Network;

/// <summary>What the loop calls; everything happens on the loop's thread, never nested in another call of this interface.</summary>
internal interface ILoopHandler
{
    /// <summary>
    /// Comes before every wait, and before the queued output of this turn is sent. Returns the longest wait in milliseconds: 0 to
    /// only look, -1 for no limit.
    /// </summary>
    public int BeforeWait();

    /// <summary>Comes after every wait, before any event.</summary>
    public void AfterWait();

    /// <summary>A connection came in. To refuse it, send and close.</summary>
    public void OnAccepted(Connection connection);

    /// <summary>Input is there: answer with one <see cref="Connection.Receive"/>.</summary>
    public void OnReadable(Connection connection);

    /// <summary>
    /// The connection is closed, by either side. It comes exactly once for every connection, accepted or adopted, and after the
    /// callback in which it was closed has returned. The connection's buffers are gone when this returns.
    /// </summary>
    public void OnClosed(Connection connection);
}
