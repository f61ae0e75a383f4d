using Hearth.Server;

namespace Hearth.Commands;

/// <summary>Every family's table. A new family is one more line here.</summary>
internal static class CommandFamilies
{
    /// <summary>All commands, in the order of the families; their subcommands hang below them.</summary>
    public static readonly Command[] All = CommandTable.Number(
    [
        StringCommands.Table,
        CounterCommands.Table,
        LcsCommand.Table,
        BitmapCommands.Table,
        BitFieldCommands.Table,
        HyperLogLogCommands.Table,
        HashCommands.Table,
        SetCommands.Table,
        SetAlgebraCommands.Table,
        ListCommands.Table,
        ListMoveCommands.Table,
        ListBlockingCommands.Table,
        ZSetCommands.Table,
        ZSetRangeCommands.Table,
        ZSetPopCommands.Table,
        ZSetAlgebraCommands.Table,
        StreamCommands.Table,
        StreamReadCommands.Table,
        StreamGroupCommands.Table,
        StreamClaimCommands.Table,
        StreamInfoCommands.Table,
        GeoCommands.Table,
        GeoSearchCommands.Table,
        KeyCommands.Table,
        KeyExpiryCommands.Table,
        ScanCommands.Table,
        ObjectCommands.Table,
        SortCommands.Table,
        ServerCommands.Table,
        InfoCommand.Table,
        ConfigCommands.Table,
        MemoryCommands.Table,
        DebugCommands.Table,
        LolwutCommand.Table,
        ModuleCommands.Table,
        ReplicationCommands.Table,
        ClusterCommands.Table,
        ConnectionCommands.Table,
        ClientCommands.Table,
        TransactionCommands.Table,
        PubSubCommands.Table,
        CommandCommands.Table,
    ]);

    /// <summary>How many rows there are, subcommands included: one more than the highest <see cref="Command.Index"/>.</summary>
    public static readonly int RowCount = All.Sum(command => 1 + command.Subcommands.Length);
}
