namespace Hearth.Server;

/// <summary>Where log lines go. The library writes to no console itself: the command-line front brings a sink that does.</summary>
internal interface ILogSink
{
    /// <summary>Takes one whole line with its newline, and does not keep it in a buffer. Called by one thread at a time.</summary>
    public void Write(ReadOnlySpan<byte> line);
}
