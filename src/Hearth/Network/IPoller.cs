namespace Hearth.Network;

/// <summary>
/// Waits for descriptors, level-triggered unless <see cref="PollInterest.Arrivals"/> is asked for: what is still readable is reported again
/// by the next wait. A token is a small non-negative number that the caller chooses, one per descriptor. Everything but <see cref="Wake"/>
/// belongs to the loop's thread.
/// </summary>
internal interface IPoller : IDisposable
{
    /// <summary>What INFO calls multiplexing_api.</summary>
    public string Name { get; }

    public void Add(nint handle, int token, PollInterest interest);

    public void Modify(nint handle, int token, PollInterest interest);

    /// <summary>Called before the descriptor is closed.</summary>
    public void Remove(nint handle, int token);

    /// <summary>
    /// Waits for at most <paramref name="timeoutMs"/> (-1: without limit) and returns how many events it wrote. It may return 0 early,
    /// after <see cref="Wake"/> or a signal.
    /// </summary>
    public int Wait(int timeoutMs, Span<PollEvent> events);

    /// <summary>Ends the current or the next wait. Any thread may call it until the poller is disposed.</summary>
    public void Wake();
}
