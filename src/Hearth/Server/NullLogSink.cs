namespace Hearth.Server;

/// <summary>Drops every line.</summary>
internal sealed class NullLogSink : ILogSink
{
    public void Write(ReadOnlySpan<byte> line)
    {
    }
}
