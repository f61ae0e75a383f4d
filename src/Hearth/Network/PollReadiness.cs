namespace Hearth.Network;

[Flags]
internal enum PollReadiness
{
    None = 0,
    Read = 1,
    Write = 2,

    /// <summary>An error or a hang-up of both directions: the next read or write tells which.</summary>
    Broken = 4,

    /// <summary>
    /// A read may stop short although more is there: the peer has ended its stream, which is found behind the last bytes, or has marked a
    /// byte as urgent. Reported only with <see cref="PollInterest.Arrivals"/>.
    /// </summary>
    MayStopShort = 8,
}
