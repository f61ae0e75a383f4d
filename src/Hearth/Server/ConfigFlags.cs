namespace Hearth.Server;

/// <summary>What is special about a parameter.</summary>
[Flags]
internal enum ConfigFlags
{
    None = 0,

    /// <summary>Only the start can set it: CONFIG SET refuses.</summary>
    Immutable = 1,

    /// <summary>CONFIG GET shows it only when asked by its exact name.</summary>
    Hidden = 2,

    /// <summary>The value is a secret, which must not reach a log.</summary>
    Sensitive = 4,

    /// <summary>The value is a list of words: several in a file, one text with blanks in CONFIG SET.</summary>
    MultiArg = 8,

    /// <summary>CONFIG SET may change it only as enable-protected-configs says.</summary>
    Protected = 16,

    /// <summary>The value is checked, kept and shown, but nothing in the server reads it yet: the start says so.</summary>
    NoEffect = 32,

    /// <summary>An empty text means that there is none, so that CONFIG REWRITE drops the line.</summary>
    EmptyIsNone = 64,

    /// <summary>CONFIG REWRITE writes it even when the value is the default, since the default may differ at the next start.</summary>
    AlwaysWritten = 128,
}
