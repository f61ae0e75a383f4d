using System.Security.Cryptography;
using Hearth.Primitives;

namespace Hearth.Server;

/// <summary>
/// Reads a configuration line by line into a <see cref="Config"/>: first the file, then standard input, then the command line, so that the
/// later wins. What a line says takes effect at once: a relative <c>include</c> after <c>dir</c> starts at the new directory.
/// </summary>
internal sealed class ConfigLoader(Config config)
{
    /// <summary>Redis overflows its stack when a file includes itself; here that is an error.</summary>
    private const int DeepestInclude = 16;

    private const string NoUsers = "Hearth has no ACL users yet, and does not start without the protection that this line asks for";

    private const string BadDirective = "Bad directive or wrong number of arguments";

    /// <summary>What an old Redis had and 7.2 still lets stand, without any effect.</summary>
    private static readonly string[] _outlived = ["list-max-ziplist-entries", "list-max-ziplist-value", "lua-replicate-commands"];

    /// <summary>The rules of a default user that may do everything, as CONFIG REWRITE of Redis writes them.</summary>
    private static readonly string[] _openUserRules =
        ["on", "nopass", "sanitize-payload", "skip-sanitize-payload", "~*", "allkeys", "&*", "allchannels", "+@all", "allcommands"];

    private readonly List<(ConfigLine Line, List<string> Words)> _users = [];
    private int _includeDepth;

    /// <summary>Makes the configuration that a command line asks for.</summary>
    /// <param name="arguments">As redis-server takes them.</param>
    /// <param name="startDirectory">Where relative paths start; the process's working directory if null.</param>
    /// <param name="standardInput">Called when <c>-</c> is among the arguments.</param>
    /// <exception cref="ConfigException">A line is wrong, or a file can't be read.</exception>
    public static Config Load(IReadOnlyList<string> arguments, string? startDirectory = null, Func<byte[]>? standardInput = null)
    {
        var config = new Config(startDirectory);
        var loader = new ConfigLoader(config);
        var given = new ConfigArguments(arguments);
        if (given.File is not null)
        {
            config.FilePath = Path.GetFullPath(given.File, config.DataDirectory);
            loader.ReadFile(config.FilePath);
        }

        if (given.ReadsStandardInput) loader.ReadText("standard input", Latin1.Text(standardInput?.Invoke() ?? []));
        loader.ReadText("the command line arguments", given.Text);
        loader.Finish();
        return config;
    }

    public void ReadFile(string path)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ConfigException.CannotOpen(path, exception);
        }

        ReadText(path, Latin1.Text(content));
    }

    /// <param name="origin">What errors call the text.</param>
    /// <param name="text">A byte text.</param>
    public void ReadText(string origin, string text)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var trimmed = line.Trim(' ', '\t', '\r', '\n');
            if (trimmed.Length > 0 && trimmed[0] != '#') ReadLine(new ConfigLine(origin, number, trimmed));
        }
    }

    /// <summary>Checks what only the whole configuration can tell.</summary>
    public void Finish()
    {
        foreach (var (line, words) in _users)
        {
            if (!IsOpenDefaultUser(words)) throw new ConfigException(line, NoUsers);
        }

        if (config.LogFile.Length > 0 && LogFileSink.TryOpen(config.ResolvePath(config.LogFile)) is { } error)
        {
            throw ConfigException.Whole("Can't open the log file: " + error);
        }
    }

    private void ReadLine(ConfigLine line)
    {
        var words = ConfigText.SplitWords(line.Text) ?? throw new ConfigException(line, "Unbalanced quotes in configuration line");
        if (words.Count == 0) return;

        var name = words[0].ToLowerInvariant();
        words.RemoveAt(0);
        var error = ConfigTable.ByName.TryGetValue(name, out var row) ? SetRow(row, words) : ReadDirective(line, name, words);
        if (error is not null) throw new ConfigException(line, error);
    }

    private string? SetRow(ConfigParameter row, List<string> words)
    {
        if (row.Has(ConfigFlags.MultiArg))
        {
            // One argument that holds them all, as a command line is likely to have it.
            if (words.Count == 1) words = ConfigText.SplitWords(words[0]) ?? words;
        }
        else if (words.Count != 1)
        {
            return "wrong number of arguments";
        }

        var error = row.Parse(words, config.ValueOf(row), out var value);
        if (error is null) config.Give(row, value);
        return error;
    }

    /// <summary>The directives that are not parameters: CONFIG GET and SET don't know them.</summary>
    private string? ReadDirective(ConfigLine line, string name, List<string> words)
    {
        switch (name)
        {
            case "include" when words.Count == 1:
                Include(line, words[0]);
                return null;

            case "rename-command" when words.Count == 2:
                config.RenamedCommands.Add(new RenamedCommand(words[0], words[1], line));
                return null;

            case "user" when words.Count >= 1:
                _users.Add((line, words));
                return null;

            case "loadmodule" when words.Count >= 1:
                return "Hearth does not load modules";

            case "sentinel":
                return "sentinel directive while not in sentinel mode";

            default:
                if (_outlived.Contains(name) && words.Count == 1)
                {
                    config.GiveOutlived(name);
                    return null;
                }

                if (!name.Contains('.', StringComparison.Ordinal)) return BadDirective;
                return words.Count == 0
                    ? "Module config specified without value"
                    : "Module Configuration detected without loadmodule directive or no ApplyConfig call: aborting";
        }
    }

    private void Include(ConfigLine line, string pattern)
    {
        if (++_includeDepth > DeepestInclude) throw new ConfigException(line, $"files include each other more than {DeepestInclude} deep");

        foreach (var path in ConfigInclude.Expand(ConfigText.ToUnicode(pattern), config.DataDirectory)) ReadFile(path);
        _includeDepth--;
    }

    /// <summary>
    /// CONFIG REWRITE of Redis ends a file with a line for the default user. It is harmless when it allows everything, and its password,
    /// if it has one, is that of requirepass.
    /// </summary>
    private bool IsOpenDefaultUser(List<string> words) =>
        words[0] == "default" && words.Skip(1).All(rule => _openUserRules.Contains(rule)
            ? rule != "nopass" || config.RequirePass.Length == 0
            : config.RequirePass.Length > 0 && rule == "#" + Convert.ToHexStringLower(SHA256.HashData(config.RequirePass)));
}
