namespace Hearth.Types;

/// <summary>What BITOP does with its strings.</summary>
internal enum BitOperation : byte
{
    And,
    Or,
    Xor,

    /// <summary>Takes a single string.</summary>
    Not,
}
