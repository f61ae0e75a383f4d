using System.Diagnostics.CodeAnalysis;
using Hearth.Network;
using Hearth.Primitives;
using Hearth.Store;
using Hearth.Types;

namespace Hearth.Server;

/// <summary>
/// The configuration of one server: a value for each row of <see cref="ConfigTable"/>. The server reads the typed properties, which
/// the rows fill; CONFIG GET and SET go by name. Only the loop's thread touches it once the server runs.
/// </summary>
internal sealed class Config
{
    private readonly Dictionary<ConfigParameter, object> _values = new(ConfigTable.Rows.Length);
    private readonly Dictionary<ConfigParameter, Func<string?>> _appliers = [];
    private readonly SortedSet<string> _given = new(StringComparer.Ordinal);

    /// <param name="startDirectory">Where relative paths start until <c>dir</c> is given; the process's working directory if null.</param>
    public Config(string? startDirectory = null)
    {
        foreach (var row in ConfigTable.Rows) Set(row, row.Default);
        Set(ConfigTable.ByName["dir"], ConfigText.FromUnicode(Path.GetFullPath(startDirectory ?? Environment.CurrentDirectory)));
        OnChange("appendonly", () => AppendOnly ? "there is no persistence yet, the append-only file can't be turned on" : null);
    }

    // Network and clients.
    public IReadOnlyList<string> Bind { get; set; } = [];

    /// <summary>0 = none, but see <see cref="TakesAnyPort"/>.</summary>
    public int Port { get; set; }

    /// <summary>Port 0 means any free one: for embedding, since a file has no way to say so.</summary>
    public bool TakesAnyPort { get; set; }
    public string UnixSocket { get; set; } = "";
    public int UnixSocketPermissions { get; set; }

    public PollerKind Poller { get; set; }
    public int TcpBacklog { get; set; }
    public int TcpKeepaliveSeconds { get; set; }
    public int TimeoutSeconds { get; set; }
    public long MaxClients { get; set; }
    public bool ProtectedMode { get; set; }
    public long ProtoMaxBulkLength { get; set; }
    public long ClientQueryBufferLimit { get; set; }

    /// <summary>For normal clients, replicas, and subscribers.</summary>
    public IReadOnlyList<OutputBufferLimit> OutputBufferLimits { get; set; } = [];

    /// <summary>Bytes, or per cent of maxmemory where it is below zero.</summary>
    public long MaxMemoryClients { get; set; }

    // The process.
    public bool Daemonize { get; set; }
    public SupervisedMode Supervised { get; set; }
    public string PidFile { get; set; } = "";
    public string LogFile { get; set; } = "";
    public LogLevel LogLevel { get; set; }
    public bool AlwaysShowLogo { get; set; }
    /// <summary>disable-thp: whether data keep to pages of the usual size.</summary>
    public bool DisableHugePages { get; set; }
    public int ShutdownTimeoutSeconds { get; set; }
    public ShutdownOptions ShutdownOnSigint { get; set; }
    public ShutdownOptions ShutdownOnSigterm { get; set; }

    // Who may do what.

    /// <summary>The password of the default user; empty where there is none.</summary>
    public byte[] RequirePass { get; set; } = [];
    public LocalAccess EnableProtectedConfigs { get; set; }
    public LocalAccess EnableDebugCommand { get; set; }

    // The keyspace.
    public int Databases { get; set; }
    public int Hz { get; set; }
    public bool DynamicHz { get; set; }
    public int ActiveExpireEffort { get; set; }
    public bool LazyfreeLazyEviction { get; set; }
    public bool LazyfreeLazyExpire { get; set; }
    public bool LazyfreeLazyServerDel { get; set; }
    public bool LazyfreeLazyUserDel { get; set; }
    public bool LazyfreeLazyUserFlush { get; set; }
    public NotifyFlags NotifyKeyspaceEvents { get; set; }
    public long MaxMemory { get; set; }
    public MaxMemoryPolicy MaxMemoryPolicy { get; set; }
    public int MaxMemorySamples { get; set; }
    public int LfuLogFactor { get; set; }
    public int LfuDecayMinutes { get; set; }

    /// <summary>How big a collection may be in its compact encoding.</summary>
    public EncodingLimits Encodings { get; } = new();

    // What is measured.

    /// <summary>-1 = nothing is logged, 0 = every command.</summary>
    public long SlowlogLogSlowerThanMicroseconds { get; set; }
    public long SlowlogMaxLength { get; set; }
    public long LatencyMonitorThresholdMs { get; set; }
    public bool LatencyTracking { get; set; }
    public IReadOnlyList<double> LatencyTrackingInfoPercentiles { get; set; } = [];

    // Scripts and persistence.
    public long BusyReplyThresholdMs { get; set; }

    /// <summary>Absolute. Where relative paths of this server start.</summary>
    public string DataDirectory { get; set; } = "";
    public IReadOnlyList<SavePoint> SavePoints { get; set; } = [];
    public string DbFileName { get; set; } = "";
    public bool AppendOnly { get; set; }

    /// <summary>The file that CONFIG REWRITE writes; null when the server was started without one.</summary>
    public string? FilePath { get; set; }

    /// <summary>What rename-command asks for, in the order of the lines.</summary>
    public List<RenamedCommand> RenamedCommands { get; } = [];

    /// <summary>Where a change that has no effect, or was taken back, is said. The server sets it to its log.</summary>
    public Action<string>? Warn { get; set; }

    /// <summary>What the operator must hear at the start, a log line each.</summary>
    public IReadOnlyList<string> StartWarnings
    {
        get
        {
            var warnings = new List<string>();
            if (AppendOnly || SavePoints.Count > 0)
            {
                var promises = (AppendOnly ? "appendonly yes" : "") + (AppendOnly && SavePoints.Count > 0 ? " and " : "")
                    + (SavePoints.Count > 0 ? "the save points" : "");
                warnings.Add(
                    $"WARNING: there is no persistence yet: in spite of {promises} the data will not survive the end of the process.");
            }

            var idle = _given
                .Where(name => name is not ("save" or "appendonly"))
                .Where(name => !ConfigTable.ByName.TryGetValue(name, out var row) || IsIdle(row))
                .ToArray();
            if (idle.Length > 0) warnings.Add("WARNING: these directives have no effect yet: " + string.Join(", ", idle));
            return warnings;
        }
    }

    /// <summary>The path as it lies on the disk: what is relative starts at <see cref="DataDirectory"/>.</summary>
    public string ResolvePath(string byteText) => Path.GetFullPath(ConfigText.ToUnicode(byteText), DataDirectory);

    /// <summary>The value as CONFIG GET shows it, a byte text.</summary>
    public string Show(ConfigParameter row) => row.Format(_values[row]);

    public object ValueOf(ConfigParameter row) => _values[row];

    public bool IsDefault(ConfigParameter row) => row.AreEqual(_values[row], row.Default);

    public void Set(ConfigParameter row, object value)
    {
        _values[row] = value;
        row.Store(this, value);
    }

    /// <summary>Takes a value from a file or the command line, where some parameters add up.</summary>
    public void Give(ConfigParameter row, object value)
    {
        Set(row, _given.Add(row.Name) ? value : row.Combine(_values[row], value));
    }

    /// <summary>Notes a directive that Redis still accepts, and that means nothing.</summary>
    public void GiveOutlived(string name) => _given.Add(name);

    /// <summary>
    /// What must happen when CONFIG SET has changed this parameter. The function sees the new values; it returns null, or why they
    /// can't be: then all the values of that CONFIG SET go back, and it is called again. One function may serve several parameters,
    /// and is then called once.
    /// </summary>
    public void OnChange(string name, Func<string?> apply) => _appliers[ConfigTable.ByName[name]] = apply;

    /// <summary>
    /// Hands each rename-command line to a function, which returns null or what is wrong with it. The server calls this once,
    /// before it listens.
    /// </summary>
    /// <exception cref="ConfigException">A line can't be followed.</exception>
    public void RenameCommands(Func<string, string, string?> rename)
    {
        foreach (var renamed in RenamedCommands)
        {
            if (rename(renamed.From, renamed.To) is { } error) throw new ConfigException(renamed.Line, error);
        }
    }

    /// <summary>
    /// CONFIG GET: the parameters that match, each once and under the name that matched. A name without wildcards is looked up and
    /// comes back as it was written; a pattern finds names and aliases, in alphabetical order.
    /// </summary>
    /// <param name="patterns">Byte texts.</param>
    public List<KeyValuePair<string, string>> Get(IReadOnlyList<string> patterns)
    {
        var found = new List<KeyValuePair<string, string>>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pattern in patterns)
        {
            var isPattern = pattern.AsSpan().ContainsAny('[', '*', '?');
            foreach (var name in isPattern ? ConfigTable.NamesLike(Latin1.Bytes(pattern)) : [pattern])
            {
                if (ConfigTable.ByName.TryGetValue(name, out var row) && seen.Add(name)) found.Add(new(name, Show(row)));
            }
        }

        return found;
    }

    /// <summary>CONFIG SET: all of the values, or none.</summary>
    /// <param name="pairs">Names and values, byte texts.</param>
    /// <param name="isLocal">Whether the client is on this machine, which may open the protected parameters to it.</param>
    /// <param name="error">The error reply without its minus sign.</param>
    public bool TrySet(IReadOnlyList<KeyValuePair<string, string>> pairs, bool isLocal, [NotNullWhen(false)] out string? error)
    {
        error = Refuse(pairs, isLocal);
        if (error is not null) return false;

        var earlier = new List<(ConfigParameter Row, object Value)>();
        foreach (var (name, text) in pairs)
        {
            var row = ConfigTable.ByName[name];
            var reason = row.Parse(Words(row, text), _values[row], out var value);
            if (reason is not null)
            {
                Restore(earlier);
                error = Failed(row.NameFor(name), reason);
                return false;
            }

            if (row.AreEqual(_values[row], value)) continue;
            earlier.Add((row, _values[row]));
            Set(row, value);
        }

        error = Apply(earlier);
        return error is null;
    }

    /// <summary>
    /// CONFIG REWRITE. The new file takes the place of the old one at once and with its permissions, so that a crash leaves one of the
    /// two, and a password that only some may read stays so.
    /// </summary>
    /// <param name="error">The error reply without its minus sign.</param>
    public bool TryRewrite([NotNullWhen(false)] out string? error)
    {
        if (FilePath is { } path) return TryRewrite(path, "Rewriting config file: ", writesDefaults: false, out error);
        error = "ERR The server is running without a config file";
        return false;
    }

    /// <summary>The same with every parameter, also those at their defaults; a file must be known.</summary>
    public bool TryRewriteAll([NotNullWhen(false)] out string? error)
    {
        const string Failed = "CONFIG-REWRITE-FORCE-ALL failed: ";
        if (FilePath is { } path) return TryRewrite(path, Failed, writesDefaults: true, out error);
        error = "ERR " + Failed + "Bad address";
        return false;
    }

    private bool TryRewrite(string path, string failed, bool writesDefaults, [NotNullWhen(false)] out string? error)
    {
        try
        {
            var old = File.Exists(path) ? Latin1.Text(File.ReadAllBytes(path)) : "";
            ConfigFile.Replace(path, Latin1.Bytes(ConfigRewriter.Rewrite(old, this, writesDefaults)));
            error = null;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error = "ERR " + failed + SystemError.Text(exception, path);
            return false;
        }
    }

    private static string Failed(string name, string reason) => $"ERR CONFIG SET failed (possibly related to argument '{name}') - {reason}";

    private static string[] Words(ConfigParameter row, string text)
    {
        if (!row.Has(ConfigFlags.MultiArg)) return [text];
        return text.Length == 0 ? [] : text.Split(' ');
    }

    private string? Refuse(IReadOnlyList<KeyValuePair<string, string>> pairs, bool isLocal)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, _) in pairs)
        {
            if (!ConfigTable.ByName.TryGetValue(name, out var row))
            {
                return $"ERR Unknown option or number of arguments for CONFIG SET - '{name}'";
            }

            if (row.Has(ConfigFlags.Immutable)) return Failed(name, "can't set immutable config");

            var isOpen = EnableProtectedConfigs == LocalAccess.Yes || (EnableProtectedConfigs == LocalAccess.Local && isLocal);
            if (row.Has(ConfigFlags.Protected) && !isOpen) return Failed(name, "can't set protected config");
            if (!names.Add(name)) return Failed(name, "duplicate parameter");
        }

        return null;
    }

    /// <summary>Lets the server follow the changed values; when it can't, it follows the restored ones.</summary>
    private string? Apply(List<(ConfigParameter Row, object Value)> changed)
    {
        var applied = new List<Func<string?>>();
        foreach (var (row, _) in changed)
        {
            if (!_appliers.TryGetValue(row, out var apply) || applied.Contains(apply)) continue;

            applied.Add(apply);
            if (apply() is not { } reason) continue;

            Warn?.Invoke($"Failed applying new configuration. Possibly related to new {row.Name} setting. Restoring previous settings.");
            Restore(changed);
            foreach (var again in applied)
            {
                if (again() is { } failure) Warn?.Invoke($"Failed applying restored failed CONFIG SET command: {failure}");
            }

            return Failed(row.Name, reason);
        }

        var idle = changed.Where(change => IsIdle(change.Row)).Select(change => change.Row.Name).ToArray();
        if (idle.Length > 0) Warn?.Invoke("CONFIG SET of what has no effect yet: " + string.Join(", ", idle));
        return null;
    }

    private void Restore(List<(ConfigParameter Row, object Value)> earlier)
    {
        foreach (var (row, value) in earlier) Set(row, value);
    }

    private bool IsIdle(ConfigParameter row) => row.Has(ConfigFlags.NoEffect) && !IsDefault(row);
}
