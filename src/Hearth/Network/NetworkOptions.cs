namespace Hearth.Network;

internal sealed class NetworkOptions
{
    /// <summary>Silence after which TCP connections are probed; 0 turns it off. Applies to connections accepted later.</summary>
    public int TcpKeepAliveSeconds { get; set; } = 300;

    /// <summary>
    /// Called once per stretch of failing accepts, with the failed call and the system's words, such as "accept: Too many open files". The
    /// listener rests for a moment, then tries again.
    /// </summary>
    public Action<string>? AcceptFailed { get; init; }

    /// <summary>How long a listener rests after an accept failed for want of resources.</summary>
    public int AcceptPauseMs { get; init; } = 100;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
