namespace Hearth.Network;

/// <summary>Something with a descriptor that the loop watches: a connection or a listener.</summary>
internal abstract class Pollable
{
    public nint Handle { get; protected set; }

    /// <summary>The place in the loop's table, and the number that the poller reports events with.</summary>
    internal int Token { get; set; }

    internal PollInterest Interest { get; set; }

    /// <summary>The descriptor is readable, or broken.</summary>
    internal abstract void OnReadable(PollReadiness readiness);

    /// <summary>The descriptor is writable, or broken, and was watched for writing.</summary>
    internal virtual void OnWritable()
    {
    }

    /// <summary>The loop is being disposed.</summary>
    internal abstract void Abandon();
}
