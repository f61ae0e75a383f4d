using System.Globalization;
using Hearth.Primitives;
using Hearth.Server;

namespace Hearth.Tests.Server;

/// <summary>Writes down what a server propagates, a line each: the database where it is not 0, then the words.</summary>
internal sealed class PropagationLog : IPropagationSink
{
    private readonly List<string> _lines = [];

    public static PropagationLog Attach(TestServer server)
    {
        var log = new PropagationLog();
        server.Engine.Propagation.Attach(log);
        return log;
    }

    public void Append(int database, ReadOnlySpan<byte> command)
    {
        var parts = Latin1.Text(command).Split("\r\n");
        var words = Enumerable.Range(0, (parts.Length - 2) / 2).Select(i => parts[(2 * i) + 2]);
        var line = string.Join(' ', words);
        var isFrame = line is "MULTI" or "EXEC";
        _lines.Add(database == 0 || isFrame ? line : database.ToString(CultureInfo.InvariantCulture) + ": " + line);
    }

    /// <summary>What has been propagated since the last call.</summary>
    public string[] Take()
    {
        var lines = _lines.ToArray();
        _lines.Clear();
        return lines;
    }
}
