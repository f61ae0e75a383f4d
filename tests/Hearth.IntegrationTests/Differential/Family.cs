namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// A group of commands that the random commands are drawn from. To bring a new family into play, add its row to <see cref="All"/>:
/// the generator takes its arguments from the command table, and its replies are compared by the tips that stand there.
/// </summary>
/// <param name="Name">The name by which HEARTH_DIFF_FAMILIES chooses it.</param>
/// <param name="Weight">How often it is drawn, beside the weights of the others.</param>
/// <param name="Group">The group of the command table whose commands it holds.</param>
internal sealed record Family(string Name, int Weight, string Group)
{
    /// <summary>Commands of the group that are never drawn: they block, or their effect lies outside of what is compared.</summary>
    public string[] Except { get; init; } = [];

    /// <summary>When not empty, the only commands of the group that are drawn.</summary>
    public string[] Only { get; init; } = [];

    public static readonly Family[] All =
    [
        new("string", 40, "string"),
        new("bitmap", 15, "bitmap"),
        new("generic", 25, "generic")
        {
            // DUMP and RESTORE carry a version of their own, MIGRATE needs a third server, WAIT and WAITAOF wait for replicas.
            Except = ["dump", "restore", "migrate", "sort", "sort_ro", "wait", "waitaof", "object|idletime", "object|freq", "object|help"],
        },
        new("transactions", 8, "transactions"),
        new("connection", 6, "connection")
        {
            // What stops or silences a connection, or answers about other connections, would take the harness itself along.
            Only =
            [
                "auth", "client|getname", "client|setname", "client|id", "client|info", "client|list", "client|no-evict", "client|getredir",
                "echo", "hello", "ping", "quit", "reset", "select",
            ],
        },
        new("pubsub", 8, "pubsub") { Except = ["pubsub|help"] },
        // What blocks would wait for a client that the harness runs only afterwards.
        new("list", 20, "list") { Except = ["blpop", "brpop", "blmove", "blmpop", "brpoplpush"] },
        new("sort", 6, "generic") { Only = ["sort", "sort_ro"] },
        new("hash", 20, "hash"),
        // SPOP takes members that no two servers agree on.
        new("set", 20, "set") { Except = ["spop"] },
        new("sorted-set", 25, "sorted-set") { Except = ["bzpopmin", "bzpopmax", "bzmpop"] },
        new("stream", 25, "stream") { Except = ["xinfo|help", "xgroup|help"] },
        new("geo", 10, "geo"),
        new("hyperloglog", 10, "hyperloglog") { Except = ["pfdebug", "pfselftest"] },
        new("server", 2, "server") { Only = ["dbsize", "flushall", "flushdb", "swapdb", "time", "role"] },
    ];

    public IEnumerable<CommandSpec> Commands(IReadOnlyDictionary<string, CommandSpec> specs) =>
        specs.Values.Where(spec => spec.Group == Group && !Except.Contains(spec.Name) && (Only.Length == 0 || Only.Contains(spec.Name)));
}
