using Hearth.Store;

namespace Hearth.Server;

/// <summary>
/// The configuration of one server: a value for each row of <see cref="ConfigTable"/>. The server reads the typed properties, which
/// the rows fill; CONFIG GET and SET go by name. Only the loop's thread touches it once the server runs.
/// </summary>
internal sealed class Config
{
    private readonly Dictionary<ConfigParameter, object> _values = new(ConfigTable.Rows.Length);
    private readonly Dictionary<ConfigParameter, Func<string?>> _appliers = [];

    /// <param name="startDirectory">What relative paths start from until <c>dir</c> is given; the process's working directory if null.</param>
    public Config(string? startDirectory = null)
    {
        foreach (var row in ConfigTable.Rows) Set(row, row.Default);
        Set(ConfigTable.ByName["dir"], ConfigText.FromUnicode(Path.GetFullPath(startDirectory ?? Environment.CurrentDirectory)));
    }

    // Network and clients.
    public string[] Bind { get; set; } = [];
    public int Port { get; set; }
    public string UnixSocket { get; set; } = "";
    public int UnixSocketPermissions { get; set; }
    public int TcpBacklog { get; set; }
    public int TcpKeepaliveSeconds { get; set; }
    public int TimeoutSeconds { get; set; }
    public long MaxClients { get; set; }
    public bool ProtectedMode { get; set; }
    public long ProtoMaxBulkLength { get; set; }
    public long ClientQueryBufferLimit { get; set; }

    /// <summary>For normal clients, replicas, and subscribers.</summary>
    public OutputBufferLimit[] OutputBufferLimits { get; set; } = [];

    /// <summary>Bytes, or per cent of maxmemory where it is below zero.</summary>
    public long MaxMemoryClients { get; set; }

    // The process.
    public bool Daemonize { get; set; }
    public SupervisedMode Supervised { get; set; }
    public string PidFile { get; set; } = "";
    public string LogFile { get; set; } = "";
    public LogLevel LogLevel { get; set; }
    public bool AlwaysShowLogo { get; set; }
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

    // Encodings of small values.
    public long HashMaxListpackEntries { get; set; }
    public long HashMaxListpackValue { get; set; }
    public int ListMaxListpackSize { get; set; }
    public long SetMaxIntsetEntries { get; set; }
    public long SetMaxListpackEntries { get; set; }
    public long SetMaxListpackValue { get; set; }
    public long ZSetMaxListpackEntries { get; set; }
    public long ZSetMaxListpackValue { get; set; }
    public long StreamNodeMaxBytes { get; set; }
    public long StreamNodeMaxEntries { get; set; }
    public long HllSparseMaxBytes { get; set; }

    // What is measured.

    /// <summary>-1 = nothing is logged, 0 = every command.</summary>
    public long SlowlogLogSlowerThanMicroseconds { get; set; }
    public long SlowlogMaxLength { get; set; }
    public long LatencyMonitorThresholdMs { get; set; }
    public bool LatencyTracking { get; set; }
    public double[] LatencyTrackingInfoPercentiles { get; set; } = [];

    // Scripts and persistence.
    public long BusyReplyThresholdMs { get; set; }

    /// <summary>Absolute. Where relative paths of this server start.</summary>
    public string DataDirectory { get; set; } = "";
    public SavePoint[] SavePoints { get; set; } = [];
    public string DbFileName { get; set; } = "";
    public bool AppendOnly { get; set; }

    /// <summary>The file that CONFIG REWRITE writes; null when the server was started without one.</summary>
    public string? FilePath { get; set; }

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

    /// <summary>
    /// What must happen when CONFIG SET has changed this parameter. The function sees the new values; it returns null, or why they
    /// can't be: then all the values of that CONFIG SET go back, and it is called again. One function may serve several parameters.
    /// </summary>
    public void OnChange(string name, Func<string?> apply) => _appliers[ConfigTable.ByName[name]] = apply;
}
