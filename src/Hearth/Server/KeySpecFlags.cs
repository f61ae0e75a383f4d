namespace Hearth.Server;

/// <summary>What a command does with the keys that one <see cref="KeySpec"/> finds. Sent in the order of the bits.</summary>
[Flags]
internal enum KeySpecFlags : ushort
{
    Unspecified = 0,

    /// <summary>Reads the value, and changes neither it nor its metadata ("RO").</summary>
    Read = 1 << 0,
    /// <summary>Changes the value or its metadata ("RW").</summary>
    ReadWrite = 1 << 1,
    /// <summary>Replaces the value whatever it was ("OW").</summary>
    Overwrite = 1 << 2,
    /// <summary>Deletes the key ("RM").</summary>
    Remove = 1 << 3,

    /// <summary>Returns, copies or tests the user's data.</summary>
    Access = 1 << 4,
    /// <summary>Changes data in a way that depends on what was there.</summary>
    Update = 1 << 5,
    /// <summary>Adds data without changing or deleting what was there.</summary>
    Insert = 1 << 6,
    /// <summary>Deletes some of the value's content.</summary>
    Delete = 1 << 7,

    /// <summary>Looks like a key for routing in a cluster, but is none.</summary>
    NotKey = 1 << 8,
    /// <summary>The spec may miss some keys.</summary>
    Incomplete = 1 << 9,
    /// <summary>The arguments decide which flags apply.</summary>
    VariableFlags = 1 << 10,
}
