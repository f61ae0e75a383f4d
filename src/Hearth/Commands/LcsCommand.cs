using Hearth.Server;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>
/// LCS: the longest common subsequence of two strings, by the table of all prefix pairs (dynamic programming): cell (i, j) holds the
/// length for the first i and j bytes. Walking back from the last cell gives the bytes and the ranges that match.
/// </summary>
internal static class LcsCommand
{
    public static readonly Command[] Table =
    [
        new("LCS", arity: -3, ReadOnly, KeySpec.Range(1, last: 1, Read | Access), Lcs)
        {
            Since = "7.0.0", Group = CommandGroup.String, Complexity = "O(N*M) with N and M the lengths of the strings",
            Syntax = "key1:key key2#0:key [LEN] [IDX] [MINMATCHLEN min-match-len:integer] [WITHMATCHLEN]",
            Summary = "Finds the longest subsequence that two strings have in common.",
        },
    ];

    private static void Lcs(CommandContext context)
    {
        var (first, second) = (context.Read(context.Key(1)), context.Read(context.Key(2)));
        if ((first.Exists && first.Type != KeyType.String) || (second.Exists && second.Type != KeyType.String))
        {
            context.Reply.Error("ERR The specified keys must contain string values"u8);
            return;
        }

        if (!Options.TryParse(context, out var options)) return;
        Span<byte> firstScratch = stackalloc byte[StringValue.ScratchBytes];
        Span<byte> secondScratch = stackalloc byte[StringValue.ScratchBytes];
        var a = new StringValue(first).Bytes(firstScratch);
        var b = new StringValue(second).Bytes(secondScratch);
        // The table has a number for each pair of prefixes; no array is longer, whatever the configuration allows.
        if ((a.Length + 1L) * (b.Length + 1L) > Math.Min(context.Engine.Config.ProtoMaxBulkLength / sizeof(uint), Array.MaxLength))
        {
            context.Reply.Error("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len"u8);
            return;
        }

        var lengths = Lengths(a, b);
        var total = lengths[^1];
        if (options.OnlyLength) context.Reply.Integer(total);
        else if (options.WithRanges) ReplyRanges(context, options, a, b, lengths);
        else ReplySubsequence(context, a, b, lengths);
    }

    private static uint[] Lengths(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var width = b.Length + 1;
        var lengths = new uint[(a.Length + 1) * width];
        for (var i = 1; i <= a.Length; i++)
        {
            var row = lengths.AsSpan(i * width, width);
            var above = lengths.AsSpan((i - 1) * width, width);
            for (var j = 1; j < width; j++) row[j] = a[i - 1] == b[j - 1] ? above[j - 1] + 1 : Math.Max(above[j], row[j - 1]);
        }

        return lengths;
    }

    private static void ReplySubsequence(CommandContext context, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, uint[] lengths)
    {
        var result = new byte[lengths[^1]];
        var width = b.Length + 1;
        var (i, j, left) = (a.Length, b.Length, result.Length);
        while (left > 0)
        {
            if (a[i - 1] == b[j - 1])
            {
                result[--left] = a[i - 1];
                i--;
                j--;
            }
            else if (lengths[((i - 1) * width) + j] > lengths[(i * width) + j - 1])
            {
                i--;
            }
            else
            {
                j--;
            }
        }

        context.Reply.Bulk(result);
    }

    private static void ReplyRanges(CommandContext context, in Options options, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, uint[] lengths)
    {
        context.Reply.Map(2);
        context.Reply.Bulk("matches"u8);
        var start = context.Reply.BeginDeferred();
        long count = 0;
        var width = b.Length + 1;
        var (i, j, matching) = (a.Length, b.Length, 0);
        while (i > 0 && j > 0)
        {
            var isMatch = a[i - 1] == b[j - 1];
            if (isMatch)
            {
                i--;
                j--;
                matching++;
            }

            // A range ends where the match does, or where one of the strings starts.
            if (matching > 0 && (!isMatch || i == 0 || j == 0))
            {
                if (matching >= options.MinMatchLength)
                {
                    ReplyRange(context, options, i, j, matching);
                    count++;
                }

                matching = 0;
            }

            if (isMatch) continue;
            if (lengths[((i - 1) * width) + j] > lengths[(i * width) + j - 1]) i--;
            else j--;
        }

        context.Reply.EndDeferredArray(start, count);
        context.Reply.Bulk("len"u8);
        context.Reply.Integer(lengths[^1]);
    }

    private static void ReplyRange(CommandContext context, in Options options, int a, int b, int length)
    {
        context.Reply.Array(options.WithMatchLength ? 3 : 2);
        context.Reply.Array(2);
        context.Reply.Integer(a);
        context.Reply.Integer(a + length - 1);
        context.Reply.Array(2);
        context.Reply.Integer(b);
        context.Reply.Integer(b + length - 1);
        if (options.WithMatchLength) context.Reply.Integer(length);
    }

    private readonly struct Options
    {
        public bool OnlyLength { get; private init; }

        public bool WithRanges { get; private init; }

        public bool WithMatchLength { get; private init; }

        public long MinMatchLength { get; private init; }

        public static bool TryParse(CommandContext context, out Options options)
        {
            options = default;
            for (var i = 3; i < context.Args.Count; i++)
            {
                if (context.Is(i, "IDX"u8))
                {
                    options = options with { WithRanges = true };
                }
                else if (context.Is(i, "LEN"u8))
                {
                    options = options with { OnlyLength = true };
                }
                else if (context.Is(i, "WITHMATCHLEN"u8))
                {
                    options = options with { WithMatchLength = true };
                }
                else if (context.Is(i, "MINMATCHLEN"u8) && i + 1 < context.Args.Count)
                {
                    if (!context.TryInteger(++i, out var length)) return false;
                    options = options with { MinMatchLength = length };
                }
                else
                {
                    context.Reply.Error(Errors.Syntax);
                    return false;
                }
            }

            if (!options.OnlyLength || !options.WithRanges) return true;
            context.Reply.Error("ERR If you want both the length and indexes, please just use IDX."u8);
            return false;
        }
    }
}
