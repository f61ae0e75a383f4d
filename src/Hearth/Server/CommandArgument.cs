namespace Hearth.Server;

/// <summary>The types of arguments that COMMAND DOCS knows.</summary>
internal enum CommandArgumentType : byte
{
    String,
    Integer,
    Double,
    Key,
    Pattern,
    UnixTime,
    PureToken,
    /// <summary>Exactly one of the nested arguments.</summary>
    OneOf,
    /// <summary>All of the nested arguments, in their order.</summary>
    Block,
}

/// <summary>One argument of a command as COMMAND DOCS describes it.</summary>
internal sealed record CommandArgument(string Name, CommandArgumentType Type)
{
    /// <summary>The literal word that precedes the argument, or is all of it.</summary>
    public string? Token { get; init; }

    /// <summary>Which of the command's key specs finds this argument; -1 for none.</summary>
    public int KeySpecIndex { get; init; } = -1;

    public bool IsOptional { get; init; }

    public bool IsMultiple { get; init; }

    /// <summary>The token comes again with each repetition.</summary>
    public bool IsTokenRepeated { get; init; }

    public string? Since { get; init; }

    public string? DeprecatedSince { get; init; }

    /// <summary>What stands for the argument in a syntax line, where that is not its name.</summary>
    public string? Display { get; init; }

    public CommandArgument[] Arguments { get; init; } = [];

    /// <summary>What COMMAND DOCS shows for the argument; null where the nested arguments stand for it.</summary>
    public string? DisplayText => Type is CommandArgumentType.OneOf or CommandArgumentType.Block ? null : Display ?? Name;
}
