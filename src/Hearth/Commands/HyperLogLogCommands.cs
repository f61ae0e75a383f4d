using System.Globalization;
using System.Text;
using Hearth.Primitives;
using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>
/// Counting different elements in a few kilobytes. A HyperLogLog is a string to every other command; here it must look like
/// one, and its registers must not be damaged.
/// </summary>
internal static class HyperLogLogCommands
{
    public static readonly Command[] Table =
    [
        new("PFADD", arity: -2, CommandFlags.Write | DenyOom | Fast, KeySpec.At(1, ReadWrite | Insert), PfAdd)
        {
            Since = "2.8.9", Group = CommandGroup.HyperLogLog, Complexity = "O(1) for each element",
            Syntax = "key [element...]",
            Summary = "Adds elements to a HyperLogLog.",
        },
        new("PFCOUNT", arity: -2, ReadOnly | MayReplicate,
            KeySpec.Range(1, last: -1, ReadWrite | Access, notes: "It may store a newly computed cardinality, and that is propagated."),
            PfCount)
        {
            Since = "2.8.9", Group = CommandGroup.HyperLogLog, Complexity = "O(1) with one key, O(N) with N keys",
            Syntax = "key...",
            Summary = "Estimates how many different elements HyperLogLogs have seen.",
        },
        new("PFDEBUG", arity: 3, CommandFlags.Write | DenyOom | Admin, KeySpec.At(2, ReadWrite | Access), PfDebug)
        {
            Since = "2.8.9", Group = CommandGroup.HyperLogLog,
            Syntax = "subcommand key",
            Summary = "Looks into a HyperLogLog, for those who test the server.",
            IsSystem = true,
        },
        new("PFMERGE", arity: -2, CommandFlags.Write | DenyOom,
            [KeySpec.At(1, ReadWrite | Access | Insert), KeySpec.Range(2, last: -1, Read | Access)], PfMerge)
        {
            Since = "2.8.9", Group = CommandGroup.HyperLogLog, Complexity = "O(N) with N the number of keys",
            Syntax = "destkey:key [sourcekey:key...]",
            Summary = "Merges HyperLogLogs into one.",
        },
        new("PFSELFTEST", arity: 1, Admin, PfSelfTest)
        {
            Since = "2.8.9", Group = CommandGroup.HyperLogLog,
            Summary = "Tests the HyperLogLog's implementation.",
            IsSystem = true,
        },
    ];

    private static ReadOnlySpan<byte> NoHyperLogLog => "WRONGTYPE Key is not a valid HyperLogLog string value."u8;

    private static ReadOnlySpan<byte> Damaged => "INVALIDOBJ Corrupted HLL object detected"u8;

    private static void PfAdd(CommandContext context)
    {
        var key = context.Key(1);
        if (!TryFind(context, context.Write(key), out var value)) return;
        var target = value.Exists ? HyperLogLogTarget.Open(context, key, value) : HyperLogLogTarget.Create(context, key);
        var changes = value.Exists ? 0 : 1;
        for (var i = 2; i < context.Args.Count; i++)
        {
            var (index, run) = HyperLogLog.Locate(context.Args[i]);
            if (!target.TryRaise(index, run, out var isChanged))
            {
                context.Reply.Error(Damaged);
                return;
            }

            if (isChanged) changes++;
        }

        if (changes > 0)
        {
            HyperLogLog.ForgetCardinality(target.Bytes);
            context.Modified(key, KeyspaceEvent.PfAdd, changes);
        }

        context.Reply.Integer(changes > 0 ? 1 : 0);
    }

    private static void PfCount(CommandContext context)
    {
        if (context.Args.Count > 2)
        {
            CountUnion(context);
            return;
        }

        var key = context.Key(1);
        if (!TryFind(context, context.Read(key), out var value)) return;
        if (!value.Exists)
        {
            context.Reply.Integer(0);
            return;
        }

        var bytes = HyperLogLogTarget.Open(context, key, value).Bytes;
        if (!HyperLogLog.TryGetCardinality(bytes, out var cardinality))
        {
            if (!HyperLogLog.TryCount(bytes, out cardinality))
            {
                context.Reply.Error(Damaged);
                return;
            }

            // The string has changed, though nobody has written to it: whoever watches it, or keeps a copy, must hear of it.
            HyperLogLog.SetCardinality(bytes, cardinality);
            context.Touched(key);
            context.Engine.Dirty++;
        }

        context.Reply.Integer(cardinality);
    }

    private static void PfDebug(CommandContext context)
    {
        var key = context.Key(2);
        if (!TryFind(context, context.Write(key), out var value)) return;
        if (!value.Exists)
        {
            context.Reply.Error("ERR The specified key does not exist"u8);
            return;
        }

        var target = HyperLogLogTarget.Open(context, key, value);
        if (context.Is(1, "GETREG"u8)) ReplyRegisters(context, ref target);
        else if (context.Is(1, "DECODE"u8)) ReplyRuns(context, target.Bytes);
        else if (context.Is(1, "ENCODING"u8)) context.Reply.SimpleString(target.IsDense ? "dense"u8 : "sparse"u8);
        else if (context.Is(1, "TODENSE"u8)) ReplyWhetherConverted(context, ref target);
        else context.Reply.Error($"ERR Unknown PFDEBUG subcommand '{Errors.Quote(context.Args[1])}'");
    }

    private static void PfMerge(CommandContext context)
    {
        Span<byte> registers = stackalloc byte[HyperLogLog.Registers];
        registers.Clear();
        if (!TryMergeAll(context, registers, out var isDense)) return;

        var key = context.Key(1);
        var entry = context.Write(key);
        var target = entry.Exists ? HyperLogLogTarget.Open(context, key, new StringValue(entry)) : HyperLogLogTarget.Create(context, key);
        // What it held itself is among the registers, so its old ones need not be looked at.
        target.RaiseAll(registers, isDense);
        HyperLogLog.ForgetCardinality(target.Bytes);
        context.Modified(key, KeyspaceEvent.PfAdd);
        context.Reply.Ok();
    }

    private static void PfSelfTest(CommandContext context)
    {
        if (HyperLogLogSelfTest.Run() is { } failure) context.Reply.Error("TESTFAILED " + failure);
        else context.Reply.Ok();
    }

    /// <summary>The string of an entry, absent when there is none; false after replying that it can't be a HyperLogLog.</summary>
    private static bool TryFind(CommandContext context, Entry entry, out StringValue value)
    {
        value = new StringValue(entry);
        if (!entry.Exists) return true;
        if (entry.Type != KeyType.String)
        {
            context.Reply.Error(Errors.WrongType);
            return false;
        }

        // The digits of an integer are fewer than the bytes of a header.
        if (!value.IsInteger && HyperLogLog.IsValid(value.Bytes(default))) return true;
        context.Reply.Error(NoHyperLogLog);
        return false;
    }

    private static void CountUnion(CommandContext context)
    {
        Span<byte> registers = stackalloc byte[HyperLogLog.Registers];
        registers.Clear();
        if (!TryMergeAll(context, registers, out _)) return;
        Span<int> histogram = stackalloc int[HyperLogLogEstimate.HistogramLength];
        histogram.Clear();
        HyperLogLogDense.AddRegistersTo(histogram, registers);
        context.Reply.Integer(HyperLogLogEstimate.Cardinality(histogram));
    }

    /// <summary>The greatest value of each register in all keys of the command; false after replying that one of them is none, or damaged.</summary>
    private static bool TryMergeAll(CommandContext context, Span<byte> registers, out bool isAnyDense)
    {
        isAnyDense = false;
        for (var i = 1; i < context.Args.Count; i++)
        {
            if (!TryFind(context, context.Read(context.Key(i)), out var value)) return false;
            if (!value.Exists) continue;
            var bytes = value.Bytes(default);
            isAnyDense |= HyperLogLog.IsDense(bytes);
            if (HyperLogLog.TryMergeInto(registers, bytes)) continue;
            context.Reply.Error(Damaged);
            return false;
        }

        return true;
    }

    private static void ReplyRegisters(CommandContext context, ref HyperLogLogTarget target)
    {
        if (!TryMakeDense(context, ref target, out _)) return;
        var bytes = target.Bytes;
        context.Reply.Array(HyperLogLog.Registers);
        for (var i = 0; i < HyperLogLog.Registers; i++) context.Reply.Integer(HyperLogLogDense.Get(bytes, i));
    }

    private static void ReplyWhetherConverted(CommandContext context, ref HyperLogLogTarget target)
    {
        if (TryMakeDense(context, ref target, out var isConverted)) context.Reply.Integer(isConverted ? 1 : 0);
    }

    /// <summary>Other servers must convert theirs as well, so a conversion counts as a change.</summary>
    private static bool TryMakeDense(CommandContext context, ref HyperLogLogTarget target, out bool isConverted)
    {
        isConverted = !target.IsDense;
        if (!isConverted) return true;
        if (!target.TryMakeDense())
        {
            context.Reply.Error(Damaged);
            return false;
        }

        context.Engine.Dirty++;
        return true;
    }

    private static void ReplyRuns(CommandContext context, ReadOnlySpan<byte> bytes)
    {
        if (HyperLogLog.IsDense(bytes) || bytes.Length > HyperLogLogSparse.BytesMax)
        {
            context.Reply.Error(HyperLogLog.IsDense(bytes) ? "ERR HLL encoding is not sparse"u8 : Damaged);
            return;
        }

        var text = new StringBuilder();
        for (var at = HyperLogLog.HeaderBytes; at < bytes.Length;)
        {
            var run = HyperLogLogRun.Read(bytes, at);
            at += run.Bytes;
            if (text.Length > 0) text.Append(' ');
            if (run.Value > 0) text.Append(CultureInfo.InvariantCulture, $"v:{run.Value},{run.Length}");
            else text.Append(CultureInfo.InvariantCulture, $"{(run.Bytes == 1 ? 'z' : 'Z')}:{run.Length}");
        }

        context.Reply.Bulk(text.ToString());
    }
}
