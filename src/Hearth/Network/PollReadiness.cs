namespace Hearth.Network;

[Flags]
internal enum PollReadiness
{
    None = 0,
    Read = 1,
    Write = 2,

    /// <summary>An error or a hang-up of both directions: the next read or write tells which.</summary>
    Broken = 4,

    /// <summary>The peer sends nothing more, which a read finds out behind the last bytes. Reported only with <see cref="PollInterest.Arrivals"/>.</summary>
    Ended = 8,
}
