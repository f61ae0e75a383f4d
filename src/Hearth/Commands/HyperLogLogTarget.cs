using Hearth.Server;
using Hearth.Store;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>
/// A HyperLogLog that is being written to. As long as it is sparse its length changes with almost every change, and so may the place
/// of the string.
/// </summary>
internal ref struct HyperLogLogTarget
{
    private readonly Keyspace _keyspace;
    private readonly Key _key;
    private readonly long _sparseBytesMax;
    private Entry _entry;

    private HyperLogLogTarget(CommandContext context, Key key, Entry entry, int length)
    {
        _keyspace = context.Keyspace;
        _sparseBytesMax = context.Values.Limits.HyperLogLogSparseBytes;
        _key = key;
        _entry = entry;
        Bytes = _keyspace.WritableString(_key, ref _entry, length);
    }

    public Span<byte> Bytes { get; private set; }

    public readonly bool IsDense => HyperLogLog.IsDense(Bytes);

    /// <summary>One that exists. It becomes a raw string if it is not one, as in Redis even when it is only counted.</summary>
    public static HyperLogLogTarget Open(CommandContext context, Key key, StringValue value) => new(context, key, value.Entry, value.Length);

    /// <summary>A new one under a key that is not there.</summary>
    public static HyperLogLogTarget Create(CommandContext context, Key key)
    {
        var target = new HyperLogLogTarget(context, key, default, HyperLogLogSparse.EmptyBytes);
        HyperLogLogSparse.WriteEmpty(target.Bytes);
        return target;
    }

    /// <summary>Raises a register to a value unless it holds as much; false when the registers turn out to be damaged.</summary>
    public bool TryRaise(int index, byte value, out bool isChanged)
    {
        if (!IsDense)
        {
            var cursor = HyperLogLogCursor.Start;
            var step = HyperLogLogSparse.Find(Bytes, ref cursor, index, value, _sparseBytesMax, out var edit);
            isChanged = step == HyperLogLogStep.Edit;
            if (isChanged) Apply(edit);
            if (step != HyperLogLogStep.NeedsDense) return step != HyperLogLogStep.Damaged;
            if (!TryMakeDense()) return false;
        }

        isChanged = HyperLogLogDense.TryRaise(Bytes, index, value);
        return true;
    }

    /// <summary>Raises all registers to these, which are no lower than its own.</summary>
    public void RaiseAll(scoped ReadOnlySpan<byte> registers, bool makesDense)
    {
        if (!IsDense && !makesDense)
        {
            var cursor = HyperLogLogCursor.Start;
            for (var index = 0; index < registers.Length; index++)
            {
                if (registers[index] == 0) continue;
                var step = HyperLogLogSparse.Find(Bytes, ref cursor, index, registers[index], _sparseBytesMax, out var edit);
                if (step == HyperLogLogStep.Edit) Apply(edit);
                makesDense |= step == HyperLogLogStep.NeedsDense;
                if (makesDense) break;
            }
        }

        if (!IsDense && !makesDense) return;
        if (!IsDense) MakeDense();
        HyperLogLogDense.Write(Bytes, registers);
    }

    /// <summary>Changes from the sparse form to the dense one; false when the registers are damaged, and then nothing has changed.</summary>
    public bool TryMakeDense()
    {
        Span<byte> registers = stackalloc byte[HyperLogLog.Registers];
        registers.Clear();
        if (!HyperLogLogSparse.TryMergeInto(registers, Bytes)) return false;
        MakeDense();
        HyperLogLogDense.Write(Bytes, registers);
        return true;
    }

    /// <summary>Puts a dense string, whose registers must be written yet, into the place of the sparse one.</summary>
    private void MakeDense()
    {
        var dense = _keyspace.CreateRawString(_key, HyperLogLogDense.Bytes, out var bytes, _entry.ExpireAtMs);
        HyperLogLog.CopyHeader(bytes, Bytes, HyperLogLogEncoding.Dense);
        bytes[HyperLogLog.HeaderBytes..].Clear();
        _keyspace.Put(_key, _entry, dense);
        _entry = dense;
        Bytes = bytes;
    }

    private void Apply(in HyperLogLogEdit edit)
    {
        var length = Bytes.Length;
        if (edit.Delta > 0) Resize(length + edit.Delta);
        var newLength = HyperLogLogSparse.Apply(Bytes, length, edit);
        if (newLength != Bytes.Length) Resize(newLength);
    }

    private void Resize(int length) => Bytes = _keyspace.WritableString(_key, ref _entry, length);
}
