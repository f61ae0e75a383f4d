namespace Hearth.Network;

/// <summary>
/// Work that other threads hand to the loop. The loop looks at one volatile field a turn; the lock is taken only when there is work.
/// </summary>
internal sealed class PostQueue(IPoller poller) : IDisposable
{
    private readonly Lock _gate = new();
    private List<Action> _waiting = [];
    private List<Action> _running = [];
    private volatile bool _hasWork;
    private volatile bool _isStopped;
    private bool _isDisposed;

    public bool HasWork => _hasWork;

    public bool IsStopped => _isStopped;

    public bool Add(Action work)
    {
        lock (_gate)
        {
            if (_isStopped) return false;
            _waiting.Add(work);
            if (_hasWork) return true;
            _hasWork = true;
            // Waking under the lock keeps the poller from being disposed meanwhile.
            poller.Wake();
            return true;
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            _isStopped = true;
            if (!_isDisposed) poller.Wake();
        }
    }

    /// <summary>
    /// Runs what waits. Work that is added meanwhile waits for the next turn, so that a chain of posts can't hold up the loop.
    /// </summary>
    public void Run()
    {
        lock (_gate)
        {
            (_waiting, _running) = (_running, _waiting);
            _hasWork = false;
        }

        try
        {
            foreach (var work in _running) work();
        }
        finally
        {
            _running.Clear();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isStopped = true;
            _isDisposed = true;
        }
    }
}
