using System.Globalization;
using System.Text;
using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Propagation;

/// <summary>
/// The incremental append-only file of a running redis-server. With "appendfsync always" every command stands in it before its reply
/// is sent.
/// </summary>
internal sealed class OracleAof
{
    private readonly string _path;
    private long _position;
    private int _database;

    private OracleAof(string path) => _path = path;

    /// <summary>Turns the file on and waits for the base that is written first.</summary>
    public static OracleAof Start(OracleServer server)
    {
        using var client = server.Connect();
        client.Require("CONFIG", "SET", "appendfsync", "always", "appendonly", "yes");
        while (!client.Require("INFO", "persistence").Text.Contains("aof_rewrite_in_progress:0\r\naof_rewrite_scheduled:0", StringComparison.Ordinal))
        {
            Thread.Yield(); // The call itself takes its time; there is nothing to wait on.
        }

        var directory = Path.Combine(server.Directory, "appendonlydir");
        return new OracleAof(System.IO.Directory.GetFiles(directory, "*.incr.aof").Order(StringComparer.Ordinal).Last());
    }

    /// <summary>What has been written since the last call.</summary>
    public List<PropagatedCommand> Take()
    {
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(_position, SeekOrigin.Begin);
        var bytes = new byte[file.Length - _position];
        file.ReadExactly(bytes);
        _position += bytes.Length;

        var commands = new List<PropagatedCommand>();
        for (var start = 0; start < bytes.Length;)
        {
            var parser = new RespParser(bytes.AsSpan(start));
            if (!parser.TryParse(out var words)) throw new InvalidOperationException("The file ends within a command.");
            start += parser.Position;
            Add(commands, [.. words.Items.Select(static word => word.Payload)]);
        }

        return commands;
    }

    private void Add(List<PropagatedCommand> commands, byte[][] words)
    {
        if (words.Length == 2 && words[0].AsSpan().SequenceEqual("SELECT"u8))
        {
            _database = int.Parse(Encoding.ASCII.GetString(words[1]), CultureInfo.InvariantCulture);
            return;
        }

        commands.Add(new PropagatedCommand(_database, words));
    }
}
