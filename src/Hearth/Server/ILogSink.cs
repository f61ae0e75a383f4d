namespace Hearth.Server;

/// <summary>Where log lines go. The library writes to no console itself: the command-line front brings a sink that does.</summary>
internal interface ILogSink
{
    /// <summary>Takes one whole line, its newline included, and lets nobody wait for it in a buffer. Called by one thread at a time.</summary>
    void Write(ReadOnlySpan<byte> line);
}
