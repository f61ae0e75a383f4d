using System.Text;

namespace Hearth.Server;

/// <summary>Hands the log's lines to an embedding application, without their line ends.</summary>
internal sealed class DelegateLogSink(Action<string> write) : ILogSink
{
    public void Write(ReadOnlySpan<byte> line) => write(Encoding.UTF8.GetString(line.TrimEnd((byte)'\n')));
}
