using Hearth.Server;
using static Hearth.Server.CommandFlags;

namespace Hearth.Commands;

/// <summary>The cluster's commands, as a server answers them that is in none: clients ask to find out.</summary>
internal static class ClusterCommands
{
    public static readonly Command[] Table =
    [
        new("ASKING", arity: 1, Fast | EndsBatch, Refuse)
        {
            Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
            Summary = "Lets the next command reach a slot that is being imported.",
            OwnCategories = CommandCategories.Connection,
        },
        new("CLUSTER", arity: -2, CommandFlags.None)
        {
            Since = "3.0.0", Group = CommandGroup.Cluster,
            Summary = "Holds the commands about the cluster.",
            Subcommands =
            [
                new("ADDSLOTS", arity: -3, Admin | Stale | NoAsyncLoading, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(N) with N the number of slots",
                    Syntax = "slot:integer...",
                    Summary = "Gives hash slots to this node.",
                },
                new("ADDSLOTSRANGE", arity: -4, Admin | Stale | NoAsyncLoading, Refuse)
                {
                    Since = "7.0.0", Group = CommandGroup.Cluster, Complexity = "O(N) with N the number of slots",
                    Syntax = "range:(start-slot:integer end-slot:integer)...",
                    Summary = "Gives ranges of hash slots to this node.",
                },
                new("BUMPEPOCH", arity: 2, Admin | Stale | NoAsyncLoading, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
                    Summary = "Raises the cluster's configuration epoch.",
                    Tips = ["nondeterministic_output"],
                },
                new("COUNT-FAILURE-REPORTS", arity: 3, Admin | Stale, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(N) with N the number of reports",
                    Syntax = "node-id",
                    Summary = "Returns how many nodes report that a node has failed.",
                    Tips = ["nondeterministic_output"],
                },
                new("COUNTKEYSINSLOT", arity: 3, Stale, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
                    Syntax = "slot:integer",
                    Summary = "Returns how many keys a hash slot holds.",
                },
                new("DELSLOTS", arity: -3, Admin | Stale | NoAsyncLoading, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(N) with N the number of slots",
                    Syntax = "slot:integer...",
                    Summary = "Takes hash slots away from this node.",
                },
                new("DELSLOTSRANGE", arity: -4, Admin | Stale | NoAsyncLoading, Refuse)
                {
                    Since = "7.0.0", Group = CommandGroup.Cluster, Complexity = "O(N) with N the number of slots",
                    Syntax = "range:(start-slot:integer end-slot:integer)...",
                    Summary = "Takes ranges of hash slots away from this node.",
                },
                new("FAILOVER", arity: -2, Admin | Stale | NoAsyncLoading, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
                    Syntax = "[options:<FORCE | TAKEOVER>]",
                    Summary = "Makes a replica take over its primary's role.",
                },
                new("FLUSHSLOTS", arity: 2, Admin | Stale | NoAsyncLoading, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
                    Summary = "Takes all hash slots away from this node.",
                },
                new("FORGET", arity: 3, Admin | Stale | NoAsyncLoading, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
                    Syntax = "node-id",
                    Summary = "Removes a node from the table of nodes.",
                },
                new("GETKEYSINSLOT", arity: 4, Stale, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(N) with N the number of keys asked for",
                    Syntax = "slot:integer count:integer",
                    Summary = "Returns keys of a hash slot.",
                    Tips = ["nondeterministic_output"],
                },
                new("HELP", arity: 2, Loading | Stale, CommandHelp.Reply)
                {
                    Since = "5.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
                    Summary = "Explains the subcommands.",
                },
                new("INFO", arity: 2, Stale, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
                    Summary = "Returns the cluster's state.",
                    Tips = ["nondeterministic_output"],
                },
                new("KEYSLOT", arity: 3, Stale, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(N) with N the length of the key",
                    Syntax = "key:string",
                    Summary = "Returns the hash slot of a key.",
                },
                new("LINKS", arity: 2, Stale, Refuse)
                {
                    Since = "7.0.0", Group = CommandGroup.Cluster, Complexity = "O(N) with N the number of nodes",
                    Summary = "Returns the links between this node and the others.",
                    Tips = ["nondeterministic_output"],
                },
                new("MEET", arity: -4, Admin | Stale | NoAsyncLoading, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
                    Syntax = "ip port:integer [cluster-bus-port@4.0.0:integer]",
                    Summary = "Joins this node and another one.",
                },
                new("MYID", arity: 2, Stale, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
                    Summary = "Returns the id of this node.",
                },
                new("MYSHARDID", arity: 2, Stale, Refuse)
                {
                    Since = "7.2.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
                    Summary = "Returns the id of this node's shard.",
                    Tips = ["nondeterministic_output"],
                },
                new("NODES", arity: 2, Stale, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(N) with N the number of nodes",
                    Summary = "Returns the nodes as this node's configuration file has them.",
                    Tips = ["nondeterministic_output"],
                },
                new("REPLICAS", arity: 3, Admin | Stale, Refuse)
                {
                    Since = "5.0.0", Group = CommandGroup.Cluster, Complexity = "O(N) with N the number of replicas",
                    Syntax = "node-id",
                    Summary = "Returns the replicas of a primary.",
                    Tips = ["nondeterministic_output"],
                },
                new("REPLICATE", arity: 3, Admin | Stale | NoAsyncLoading, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
                    Syntax = "node-id",
                    Summary = "Makes this node a replica of another one.",
                },
                new("RESET", arity: -2, Admin | NoScript | Stale, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(N) with N the number of known nodes",
                    Syntax = "[reset-type:<HARD | SOFT>]",
                    Summary = "Makes this node forget the cluster.",
                },
                new("SAVECONFIG", arity: 2, Admin | Stale | NoAsyncLoading, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
                    Summary = "Writes this node's cluster configuration to disk.",
                },
                new("SET-CONFIG-EPOCH", arity: 3, Admin | Stale | NoAsyncLoading, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
                    Syntax = "config-epoch:integer",
                    Summary = "Sets the configuration epoch of a new node.",
                },
                new("SETSLOT", arity: -4, Admin | Stale | NoAsyncLoading, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
                    Syntax = "slot:integer subcommand:<IMPORTING importing\"node-id\" | MIGRATING migrating\"node-id\" | NODE "
                        + "node\"node-id\" | STABLE>",
                    Summary = "Says which node a hash slot belongs to, or moves to.",
                },
                new("SHARDS", arity: 2, Loading | Stale, Refuse)
                {
                    Since = "7.0.0", Group = CommandGroup.Cluster, Complexity = "O(N) with N the number of nodes",
                    Summary = "Returns which shards there are, with their slots and nodes.",
                    Tips = ["nondeterministic_output"],
                },
                new("SLAVES", arity: 3, Admin | Stale, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(N) with N the number of replicas",
                    Syntax = "node-id",
                    Summary = "Returns the replicas of a primary.",
                    Tips = ["nondeterministic_output"],
                    DeprecatedSince = "5.0.0", ReplacedBy = "`CLUSTER REPLICAS`",
                },
                new("SLOTS", arity: 2, Loading | Stale, Refuse)
                {
                    Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(N) with N the number of nodes",
                    Summary = "Returns which nodes serve which hash slots.",
                    Tips = ["nondeterministic_output"],
                    DeprecatedSince = "7.0.0", ReplacedBy = "`CLUSTER SHARDS`",
                },
            ],
        },
        new("READONLY", arity: 1, Loading | Stale | Fast | EndsBatch, Refuse)
        {
            Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
            Summary = "Lets this connection read from a replica of the cluster.",
            OwnCategories = CommandCategories.Connection,
        },
        new("READWRITE", arity: 1, Loading | Stale | Fast | EndsBatch, Refuse)
        {
            Since = "3.0.0", Group = CommandGroup.Cluster, Complexity = "O(1)",
            Summary = "Ends what READONLY began.",
            OwnCategories = CommandCategories.Connection,
        },
    ];

    private static void Refuse(CommandContext context) => context.Reply.Error("ERR This instance has cluster support disabled"u8);
}
