namespace Hearth.Server;

/// <summary>
/// What the dispatcher must know of a command before it runs. The lower flags are Redis's own and COMMAND INFO sends them in
/// the order of their bits; the upper ones are internal and decide what Redis decides by comparing handlers.
/// </summary>
[Flags]
internal enum CommandFlags : ulong
{
    None = 0,

    Write = 1UL << 0,
    ReadOnly = 1UL << 1,
    /// <summary>Refused while memory is over maxmemory.</summary>
    DenyOom = 1UL << 2,
    Admin = 1UL << 3,
    PubSub = 1UL << 4,
    NoScript = 1UL << 5,
    /// <summary>May block its client.</summary>
    Blocking = 1UL << 6,
    /// <summary>Allowed while a data set is being loaded.</summary>
    Loading = 1UL << 7,
    /// <summary>Allowed on a replica that lost its link and must not serve stale data.</summary>
    Stale = 1UL << 8,
    SkipMonitor = 1UL << 9,
    SkipSlowlog = 1UL << 10,
    /// <summary>Reaches a slot that is being imported, as if ASKING had come before.</summary>
    Asking = 1UL << 11,
    /// <summary>Constant or logarithmic time, so it shares the clock and the measured time of its batch.</summary>
    Fast = 1UL << 12,
    NoAuth = 1UL << 13,
    /// <summary>Has key arguments, but a call without any key is valid too.</summary>
    NoMandatoryKeys = 1UL << 14,
    NoAsyncLoading = 1UL << 15,
    NoMulti = 1UL << 16,
    /// <summary>First key, last key and step do not describe all keys. Derived from the key specs, never written in a row.</summary>
    MovableKeys = 1UL << 17,
    /// <summary>Allowed while a script runs too long.</summary>
    AllowBusy = 1UL << 18,

    /// <summary>The flags that COMMAND INFO sends.</summary>
    Public = (1UL << 19) - 1,

    /// <summary>May propagate without being a write, as PUBLISH and EVAL do.</summary>
    MayReplicate = 1UL << 32,
    /// <summary>Needs enable-debug-command or enable-module-command.</summary>
    Protected = 1UL << 33,
    /// <summary>May delete expired keys that it was not asked for, which then propagate one by one instead of as a transaction.</summary>
    TouchesArbitraryKeys = 1UL << 34,
    /// <summary>Ends a batch early: changes how what follows must be read, routed or allowed.</summary>
    EndsBatch = 1UL << 35,
    /// <summary>Allowed to a RESP2 client in subscribe mode.</summary>
    AllowedInPubSub = 1UL << 36,
    /// <summary>Runs at once inside MULTI instead of being queued.</summary>
    NotQueued = 1UL << 37,
    /// <summary>Short enough to share the clock and the measured time of its batch, though COMMAND does not call it fast.</summary>
    Brief = 1UL << 39,
    /// <summary>Runs the queued commands of a transaction, and ends it even when refused.</summary>
    RunsTransaction = 1UL << 38,
}
