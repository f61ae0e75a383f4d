using Hearth.Server;

namespace Hearth.Cli;

/// <summary>Log lines on standard output, each written at once. When nobody reads them any more, the server goes on without.</summary>
internal sealed class ConsoleLogSink : ILogSink
{
    private readonly Stream _output = Console.OpenStandardOutput();

    public void Write(ReadOnlySpan<byte> line)
    {
        try
        {
            _output.Write(line);
            _output.Flush();
        }
        catch (IOException)
        {
            return;
        }
    }
}
