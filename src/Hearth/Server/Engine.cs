using Hearth.Memory;
using Hearth.Network;
using Hearth.Primitives;
using Hearth.Protocol;
using Hearth.Store;
using Hearth.Types;

namespace Hearth.Server;

/// <summary>Publishes that something happened to a key; publish/subscribe provides it.</summary>
internal interface IKeyspaceNotifier
{
    void Notify(int database, KeyspaceEvent keyspaceEvent, ReadOnlySpan<byte> key);
}

/// <summary>
/// The state of one server, and its parts put together: everything that a command can reach, all of it owned by the loop's thread.
/// It knows no sockets; the loop, or a test, hands it clients and bytes.
/// </summary>
internal sealed class Engine : IKeyspaceObserver, IDisposable
{
    private readonly NativeBuffer _scratch;

    public Engine(Config config, Log log, TimeProvider timeProvider, ulong seed, ReadOnlySpan<Command> commands, int commandRows)
    {
        Config = config;
        DataHeap = new Heap("data", prefersHugePages: !config.DisableHugePages);
        Log = log;
        Clock = new Clock(timeProvider);
        Clock.Refresh();
        Random = new RandomSource(seed);
        Hash = new KeyedHash(Random.NextUInt64(), Random.NextUInt64());
        RunId = Random.NextHexId(40);
        ReplicationId = Random.NextHexId(40);
        Commands = new CommandTable(commands);
        Statistics = new Statistics(commandRows) { IsTrackingLatency = config.LatencyTracking };
        AccessClock = new AccessClock(Clock, Random);
        AccessClock.Refresh();
        WatchedKeys = new WatchedKeys(Hash, Clock);
        Propagation = new Propagation(ClientHeap);
        Transactions = new Transactions(this);
        Values = new ValueSpace(DataHeap, Hash, Random, config.Encodings);
        LazyFree = new LazyFree(Values, KeyspaceStatistics)
        {
            DefersExpired = config.LazyfreeLazyExpire,
            DefersOverwritten = config.LazyfreeLazyServerDel,
        };
        Keyspaces = new Keyspace[config.Databases];
        for (var i = 0; i < Keyspaces.Length; i++)
        {
            Keyspaces[i] = new Keyspace(Values, LazyFree, Clock, AccessClock, KeyspaceStatistics, this, i);
        }

        ActiveExpiry = new ActiveExpiry(Keyspaces, Clock, KeyspaceStatistics)
        {
            Effort = config.ActiveExpireEffort,
            BeforeEach = () => Propagation.EnterUnit(),
            AfterEach = Propagation.LeaveUnit,
        };
        _scratch = new NativeBuffer(ClientHeap);
        var reply = new RespWriter(_scratch) { Observer = Statistics };
        Pushes = new Pushes(this);
        Blocking = new Blocking(this);
        OutputLimits = new OutputLimits(this);
        Context = new CommandContext(this, reply);
        Dispatcher = new Dispatcher(this, Context);
        Input = new InputProcessor(this, Dispatcher, Context);
        StartedAtMs = Clock.NowMs;
        StartupBytes = UsedBytes;
    }

    public Config Config { get; }

    public Log Log { get; }

    public Clock Clock { get; }

    public RandomSource Random { get; }

    public KeyedHash Hash { get; }

    /// <summary>Forty hex digits that name this run of the server.</summary>
    public string RunId { get; }

    public string ReplicationId { get; set; }

    public long StartedAtMs { get; }

    /// <summary>Keys, values and tables.</summary>
    public Heap DataHeap { get; }

    /// <summary>What clients send and are to be sent.</summary>
    public Heap ClientHeap { get; } = new("clients");

    public ValueSpace Values { get; }

    public Keyspace[] Keyspaces { get; }

    public KeyspaceStatistics KeyspaceStatistics { get; } = new();

    public AccessClock AccessClock { get; }

    public ActiveExpiry ActiveExpiry { get; }

    public LazyFree LazyFree { get; }

    public WatchedKeys WatchedKeys { get; }

    public CommandTable Commands { get; }

    public Statistics Statistics { get; }

    public Propagation Propagation { get; }

    public Transactions Transactions { get; }

    public ClientRegistry Clients { get; } = new();

    public CommandContext Context { get; }

    public Dispatcher Dispatcher { get; }

    public InputProcessor Input { get; }

    /// <summary>Sends clients what answers none of their commands.</summary>
    public Pushes Pushes { get; }

    /// <summary>The clients that wait for keys.</summary>
    public Blocking Blocking { get; }

    public OutputLimits OutputLimits { get; }

    public Samples Samples { get; } = new();

    /// <summary>DEBUG PAUSE-CRON: nothing happens by itself.</summary>
    public bool IsCronPaused { get; set; }

    /// <summary>DEBUG SET-ACTIVE-EXPIRE: whether keys expire that nobody asks for.</summary>
    public bool IsActiveExpiryOn { get; set; } = true;

    /// <summary>The loop that runs this engine; none in tests.</summary>
    public EventLoop? Loop { get; set; }

    /// <summary>The port that clients connect to; 0 where there is none.</summary>
    public int TcpPort { get; set; }

    /// <summary>Bytes that an empty server uses.</summary>
    public long StartupBytes { get; }

    public IKeyspaceNotifier? Notifier { get; set; }

    /// <summary>How many channels, patterns and shard channels have subscribers; publish/subscribe provides it for INFO.</summary>
    public Func<(int Channels, int Patterns, int ShardChannels)>? SubscriptionCounts { get; set; }

    /// <summary>Changes since the start; a command that has raised it is propagated.</summary>
    public long Dirty { get; set; }

    /// <summary>The bytes that count for maxmemory: data, and what clients make the server keep.</summary>
    public long UsedBytes => DataHeap.UsedBytes + ClientHeap.UsedBytes;

    public void RefreshClock()
    {
        Clock.Refresh();
        AccessClock.Refresh();
    }

    public void Notify(Keyspace keyspace, KeyspaceEvent keyspaceEvent, ReadOnlySpan<byte> key)
    {
        if ((Config.NotifyKeyspaceEvents & keyspaceEvent.Class) != 0) Notifier?.Notify(keyspace.Index, keyspaceEvent, key);
    }

    public void OnAdded(Keyspace keyspace, in Key key)
    {
        Blocking.Signal(keyspace, key.Bytes);
        Notify(keyspace, KeyspaceEvent.New, key.Bytes);
    }

    public void OnRemoved(Keyspace keyspace, in Key key) => Blocking.SignalGone(keyspace, key.Bytes);

    public void OnExpired(Keyspace keyspace, in Key key)
    {
        Propagation.Also(keyspace.Index, 2).Word(Config.LazyfreeLazyExpire ? "UNLINK"u8 : "DEL"u8).Word(key.Bytes);
        WatchedKeys.Touch(keyspace, key);
        Notify(keyspace, KeyspaceEvent.Expired, key.Bytes);
    }

    /// <summary>Gives back all memory that is only held in reserve.</summary>
    public void Trim()
    {
        DataHeap.Trim();
        ClientHeap.Trim();
    }

    /// <summary>Ends the server when this turn is done.</summary>
    public void RequestShutdown() => Loop?.Stop();

    /// <summary>Starts everything that INFO counts anew.</summary>
    public void ResetStatistics()
    {
        Statistics.Reset();
        KeyspaceStatistics.Reset();
        Samples.Reset(UsedBytes);
        Loop?.Counters.Reset();
    }

    /// <summary>Whether this client must say a password before it may do anything else.</summary>
    public bool RequiresPassword(Client client) => !client.IsAuthenticated && Config.RequirePass.Length > 0;

    /// <summary>Whether this client may use DEBUG and the like.</summary>
    public bool AllowsProtected(Client client) => Config.EnableDebugCommand switch
    {
        LocalAccess.Yes => true,
        LocalAccess.Local => client.IsLocal,
        _ => false,
    };

    public Client AddClient(Connection? connection, NativeBuffer? captured) =>
        Clients.Add(connection, captured, Clock.NowMs, isAuthenticated: Config.RequirePass.Length == 0);

    /// <summary>Lets go of all that a client holds; its connection is closed already, or it has none.</summary>
    public void RemoveClient(Client client)
    {
        client.IsClosing = true;
        Blocking.Forget(client);
        Transactions.End(client);
        client.Subscriptions?.EndAll();
        Clients.Remove(client);
    }

    /// <summary>Ends a client at once, with all that waits to be sent to it. It is not the one that is executing.</summary>
    public void CloseClient(Client client)
    {
        RemoveClient(client);
        if (client.Connection is not { } connection) return;
        connection.Tag = null;
        connection.Close();
    }

    /// <summary>Ends the clients that were to be closed at the end of the turn.</summary>
    public void CloseDoomed()
    {
        foreach (var client in Clients.Doomed) CloseClient(client);
        Clients.Doomed.Clear();
    }

    /// <summary>Removes all keys of a database.</summary>
    public long Flush(Keyspace keyspace, bool isLazy)
    {
        var count = keyspace.Count;
        WatchedKeys.TouchAll(keyspace);
        if (isLazy)
        {
            var (keys, expires) = keyspace.TakeTables();
            LazyFree.Add(keys, expires);
        }
        else
        {
            keyspace.Clear();
        }

        Blocking.SignalAll(keyspace);

        return count;
    }

    /// <summary>
    /// Removes all keys of all databases, by dropping the pages that they lie in: the time does not depend on the number of keys, so
    /// there is nothing to be gained by doing it later.
    /// </summary>
    public long FlushAll()
    {
        long count = 0;
        foreach (var keyspace in Keyspaces)
        {
            count += keyspace.Count;
            WatchedKeys.TouchAll(keyspace);
        }

        LazyFree.Forget();
        DataHeap.Reset();
        foreach (var keyspace in Keyspaces)
        {
            keyspace.Reinitialize();
            Blocking.SignalAll(keyspace);
        }

        return count;
    }

    public void Dispose()
    {
        foreach (var client in Clients.All.ToArray()) RemoveClient(client);
        LazyFree.Finish();
        foreach (var keyspace in Keyspaces) keyspace.Dispose();
        Input.Dispose();
        (Notifier as IDisposable)?.Dispose();
        Blocking.Dispose();
        Pushes.Dispose();
        Propagation.Dispose();
        Transactions.Dispose();
        _scratch.Dispose();
        LeakCheck.Assert(DataHeap);
        LeakCheck.Assert(ClientHeap);
        DataHeap.Dispose();
        ClientHeap.Dispose();
    }
}
