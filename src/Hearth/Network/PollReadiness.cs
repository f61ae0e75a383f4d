namespace Hearth.Network;

[Flags]
internal enum PollReadiness
{
    None = 0,
    Read = 1,
    Write = 2,

    /// <summary>An error or a hang-up of both directions: the next read or write tells which.</summary>
    Broken = 4,
}
