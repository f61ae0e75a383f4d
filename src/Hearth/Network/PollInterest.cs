namespace Hearth.Network;

/// <summary>What a descriptor is watched for. Hang-ups and errors are always reported where the system can.</summary>
[Flags]
internal enum PollInterest
{
    None = 0,
    Read = 1,
    Write = 2,

    /// <summary>
    /// With Read alone: what can be read is reported when it arrives and, where the system can, not again. After a read that may have left
    /// something, <see cref="IPoller.Modify"/> has it reported once more. It spares the system a look at every descriptor that has been read dry.
    /// </summary>
    Arrivals = 4,
}
