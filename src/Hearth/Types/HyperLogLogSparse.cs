using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace Hearth.Types;

/// <summary>
/// Registers as runs of equal ones, for a HyperLogLog that has seen few elements: while most registers are 0, this takes a few hundred bytes
/// instead of 12 KiB.
/// <code>
/// 00llllll             l + 1 registers (1 to 64) hold 0
/// 01llllll llllllll    l + 1 registers (1 to 16,384) hold 0
/// 1vvvvvll             l + 1 registers (1 to 4) hold v + 1 (1 to 32)
/// </code>
/// To raise a register, its run is found from the start and split into up to three; then a few runs from the one before it on are looked
/// at, and neighbours that hold the same value are joined. Where that is done, and how far, decides about the bytes, and is
/// as Redis does it. A register beyond 32, or a string beyond hll-sparse-max-bytes, needs the dense form.
/// </summary>
internal static class HyperLogLogSparse
{
    /// <summary>Length of one that has seen nothing: all registers are a single run.</summary>
    public const int EmptyBytes = HyperLogLog.HeaderBytes + 2;

    /// <summary>No string with more bytes holds so many registers.</summary>
    public const int BytesMax = HyperLogLog.HeaderBytes + (2 * HyperLogLog.Registers);

    /// <summary>The greatest value that a run can have.</summary>
    public const int ValueMax = 32;

    private const int ValueLengthMax = 4;

    /// <summary>How many runs are looked at after a change.</summary>
    private const int JoinedRunsMax = 5;

    public static void WriteEmpty(Span<byte> bytes)
    {
        Debug.Assert(bytes.Length == EmptyBytes);
        HyperLogLog.WriteHeader(bytes, HyperLogLogEncoding.Sparse);
        var edit = default(HyperLogLogEdit);
        edit.AddZeros(HyperLogLog.Registers);
        edit.CopyTo(bytes[HyperLogLog.HeaderBytes..]);
    }

    /// <summary>Finds what must be done to raise a register, starting where the cursor stands; nothing is changed yet.</summary>
    /// <param name="edit">What to <see cref="Apply"/> when the result is Edit.</param>
    public static HyperLogLogStep Find(
        ReadOnlySpan<byte> bytes, ref HyperLogLogCursor cursor, int index, byte value, long bytesMax, out HyperLogLogEdit edit)
    {
        edit = default;
        if (value > ValueMax) return HyperLogLogStep.NeedsDense;
        var (at, first) = (cursor.At, cursor.First);
        if (!TrySkipTo(bytes, index, ref at, ref first)) return HyperLogLogStep.Damaged;
        var run = HyperLogLogRun.Read(bytes, at);
        if (run.Value >= value) return HyperLogLogStep.Nothing;
        edit.At = at;
        edit.PreviousAt = RunBefore(bytes, at, ref cursor);
        edit.OldBytes = run.Bytes;
        // What is in front of the register in its run, the register itself, and what is behind it.
        var (before, after) = (index - first, first + run.Length - 1 - index);
        edit.Add(run.Value, before);
        edit.Add(value, 1);
        edit.Add(run.Value, after);
        return edit.Delta > 0 && bytes.Length + edit.Delta > bytesMax ? HyperLogLogStep.NeedsDense : HyperLogLogStep.Edit;
    }

    /// <summary>Does what <see cref="Find"/> has found. Where the string gets longer, the caller has made room behind its bytes.</summary>
    /// <returns>The string's length, which may be less than before.</returns>
    public static int Apply(Span<byte> bytes, int length, in HyperLogLogEdit edit)
    {
        var behind = edit.At + edit.OldBytes;
        if (behind < length && edit.Delta != 0) bytes[behind..length].CopyTo(bytes[(behind + edit.Delta)..]);
        length += edit.Delta;
        // The last run of a damaged string may lack its second byte: there is less room then.
        edit.CopyTo(bytes[edit.At..length]);
        HyperLogLog.ForgetCardinality(bytes);
        return Join(bytes[..length], edit.PreviousAt >= 0 ? edit.PreviousAt : HyperLogLog.HeaderBytes);
    }

    /// <summary>Adds to each value's count how many registers hold it; false when the runs are not as long as all registers together.</summary>
    public static bool TryAddTo(Span<int> histogram, ReadOnlySpan<byte> bytes)
    {
        var registers = 0;
        for (var at = HyperLogLog.HeaderBytes; at < bytes.Length;)
        {
            var run = HyperLogLogRun.Read(bytes, at);
            at += run.Bytes;
            registers += run.Length;
            if (registers > HyperLogLog.Registers) return false;
            histogram[run.Value] += run.Length;
        }

        return registers == HyperLogLog.Registers;
    }

    /// <summary>Raises each of these registers, a byte each, to what the string holds; false, after raising some, when it is damaged.</summary>
    public static bool TryMergeInto(Span<byte> registers, ReadOnlySpan<byte> bytes)
    {
        var index = 0;
        for (var at = HyperLogLog.HeaderBytes; at < bytes.Length;)
        {
            var run = HyperLogLogRun.Read(bytes, at);
            at += run.Bytes;
            if (run.Length > HyperLogLog.Registers - index) return false;
            if (run.Value > 0)
            {
                foreach (ref var register in registers.Slice(index, run.Length)) register = Math.Max(register, (byte)run.Value);
            }

            index += run.Length;
        }

        return index == HyperLogLog.Registers;
    }

    /// <summary>Goes on to the run that a register lies in; false when there is none. Most searches end there, and find that nothing is to be done.</summary>
    private static bool TrySkipTo(ReadOnlySpan<byte> bytes, int index, ref int at, ref int first)
    {
        var isNear = false;
        while (at < bytes.Length)
        {
            if (!isNear && bytes.Length - at >= Vector128<byte>.Count)
            {
                var (runs, registers) = HyperLogLogRun.AddUpShort(bytes.Slice(at, Vector128<byte>.Count));
                isNear = first + registers > index;
                if (runs > 0 && !isNear)
                {
                    at += runs;
                    first += registers;
                    continue;
                }
            }

            var length = HyperLogLogRun.LengthAt(bytes, at, out var runBytes);
            if (index < first + length) return true;
            first += length;
            at += runBytes;
        }

        return false;
    }

    /// <summary>The run before the one here, -1 for the first one; the cursor goes on to the second before it.</summary>
    private static int RunBefore(ReadOnlySpan<byte> bytes, int here, ref HyperLogLogCursor cursor)
    {
        var (at, first) = (cursor.At, cursor.First);
        var (previous, previousFirst) = (-1, 0);
        var (back, backFirst) = (at, first);
        while (at < here)
        {
            if (previous >= 0) (back, backFirst) = (previous, previousFirst);
            (previous, previousFirst) = (at, first);
            first += HyperLogLogRun.LengthAt(bytes, at, out var runBytes);
            at += runBytes;
        }

        cursor = new HyperLogLogCursor(back, backFirst);
        return previous;
    }

    /// <summary>Joins neighbours that hold the same value, from this run on.</summary>
    private static int Join(Span<byte> bytes, int at)
    {
        var length = bytes.Length;
        for (var runs = 0; runs < JoinedRunsMax && at < length; runs++)
        {
            var run = HyperLogLogRun.Read(bytes[..length], at);
            if (run.Value > 0 && at + 1 < length)
            {
                var next = HyperLogLogRun.Read(bytes[..length], at + 1);
                if (next.Value == run.Value && run.Length + next.Length <= ValueLengthMax)
                {
                    bytes[(at + 1)..length].CopyTo(bytes[at..]);
                    length--;
                    bytes[at] = HyperLogLogRun.Encode(run.Value, run.Length + next.Length);
                    continue;
                }
            }

            at += run.Bytes;
        }

        return length;
    }
}
