using System.Runtime.CompilerServices;

namespace Hearth.Types;

/// <summary>What has to be done to a HyperLogLog so that it knows of an element.</summary>
internal enum HyperLogLogStep
{
    /// <summary>It knows already.</summary>
    Nothing,

    /// <summary>A run is to be replaced.</summary>
    Edit,

    /// <summary>The sparse form can't hold it.</summary>
    NeedsDense,

    /// <summary>The runs end before the register.</summary>
    Damaged,
}

/// <summary>Up to three runs that take the place of one.</summary>
internal struct HyperLogLogEdit
{
    private Runs _runs;
    private int _newBytes;

    /// <summary>Where the old run starts.</summary>
    public int At;

    /// <summary>Where the run before it starts; -1 if it is the first.</summary>
    public int PreviousAt;

    public int OldBytes;

    /// <summary>How much longer the string becomes.</summary>
    public readonly int Delta => _newBytes - OldBytes;

    /// <summary>Adds a run of so many registers; none of them adds nothing.</summary>
    public void Add(int value, int length)
    {
        if (length == 0) return;
        if (value == 0) AddZeros(length);
        else _runs[_newBytes++] = HyperLogLogRun.Encode(value, length);
    }

    public void AddZeros(int length)
    {
        var (first, second, bytes) = HyperLogLogRun.EncodeZeros(length);
        _runs[_newBytes++] = first;
        if (bytes > 1) _runs[_newBytes++] = second;
    }

    /// <summary>Writes the new runs, as far as there is room.</summary>
    public readonly void CopyTo(Span<byte> target)
    {
        ReadOnlySpan<byte> runs = _runs;
        runs[..Math.Min(_newBytes, target.Length)].CopyTo(target);
    }

    /// <summary>Two long runs of zeros and a register between them.</summary>
    [InlineArray(5)]
    private struct Runs
    {
        private byte _first;
    }
}

/// <summary>
/// Where the next search of a sparse HyperLogLog starts: at its first run, or, while registers are raised in ascending order, at the
/// second run before the one that was changed last. Runs are joined from the first one before it on, so this one has not moved, and
/// no later register lies in it.
/// </summary>
/// <param name="At">Where the run stands.</param>
/// <param name="First">Its first register.</param>
internal readonly record struct HyperLogLogCursor(int At, int First)
{
    public static HyperLogLogCursor Start => new(HyperLogLog.HeaderBytes, 0);
}
