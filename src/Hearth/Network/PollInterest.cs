namespace Hearth.Network;

/// <summary>What a descriptor is watched for. Hang-ups and errors are always reported where the system can.</summary>
[Flags]
internal enum PollInterest
{
    None = 0,
    Read = 1,
    Write = 2,
}
