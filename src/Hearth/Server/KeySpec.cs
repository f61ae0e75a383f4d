namespace Hearth.Server;

/// <summary>How a <see cref="KeySpec"/> finds the argument from which it counts.</summary>
internal enum BeginSearch : byte
{
    Unknown,
    Index,
    Keyword,
}

/// <summary>How a <see cref="KeySpec"/> finds its keys from there.</summary>
internal enum FindKeys : byte
{
    Unknown,
    Range,
    KeyNumber,
}

/// <summary>
/// Where a command's keys stand among its arguments, as data. A spec first finds the argument where its search begins (a
/// fixed index, or the one after a keyword) and from there its keys: a range up to some last argument, or as many as a
/// number among the arguments says. Cluster routing, ACL, prefetching and COMMAND read the same spec.
/// </summary>
internal sealed class KeySpec
{
    private KeySpec(KeySpecFlags flags, string? notes)
    {
        Flags = flags;
        Notes = notes;
    }

    public KeySpecFlags Flags { get; }

    public BeginSearch Begin { get; private init; }

    /// <summary>Index of the first argument, where the search begins by index.</summary>
    public int Index { get; private init; }

    public string? Keyword { get; private init; }

    /// <summary>Where the search for the keyword starts: an index, or, when negative, one that counts from the end.</summary>
    public int StartFrom { get; private init; }

    public FindKeys Find { get; private init; }

    /// <summary>The last key, counted from the first one; when negative, counted from the end of the arguments.</summary>
    public int LastKey { get; private init; }

    /// <summary>The distance between two keys.</summary>
    public int KeyStep { get; private init; } = 1;

    /// <summary>With a last key of -1: keys fill only the first 1/limit of the rest. 0 and 1 mean all of it.</summary>
    public int Limit { get; private init; }

    /// <summary>Where the number of keys stands, counted from where the search began.</summary>
    public int KeyNumberIndex { get; private init; }

    /// <summary>Where the first key stands, counted from where the search began.</summary>
    public int FirstKey { get; private init; }

    /// <summary>What a reader must know about the flags.</summary>
    public string? Notes { get; }

    /// <summary>One key at a fixed place.</summary>
    public static KeySpec At(int index, KeySpecFlags flags, string? notes = null) => Range(index, last: 0, flags, notes: notes);

    /// <summary>Several keys; <paramref name="last"/> counts from the first key, or from the end when negative.</summary>
    public static KeySpec Range(int first, int last, KeySpecFlags flags, int step = 1, string? notes = null) =>
        new(flags, notes) { Begin = BeginSearch.Index, Index = first, Find = FindKeys.Range, LastKey = last, KeyStep = step };

    /// <summary>A number of keys at <paramref name="index"/>, followed by so many keys.</summary>
    public static KeySpec Counted(int index, KeySpecFlags flags, string? notes = null) =>
        new(flags, notes) { Begin = BeginSearch.Index, Index = index, Find = FindKeys.KeyNumber, KeyNumberIndex = 0, FirstKey = 1 };

    /// <summary>Keys after a keyword that stands at <paramref name="startFrom"/> or later.</summary>
    public static KeySpec After(string keyword, int startFrom, int last, KeySpecFlags flags, int limit = 0, string? notes = null) =>
        new(flags, notes)
        {
            Begin = BeginSearch.Keyword,
            Keyword = keyword,
            StartFrom = startFrom,
            Find = FindKeys.Range,
            LastKey = last,
            Limit = limit,
        };

    /// <summary>Keys that no spec can find.</summary>
    public static KeySpec Unknown(KeySpecFlags flags, string? notes = null) => new(flags, notes);
}
