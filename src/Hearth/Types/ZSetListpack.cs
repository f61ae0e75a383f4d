using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hearth.DataStructures;
using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>
/// A small sorted set: one listpack of members, each followed by its score, in the order of scores and then members. Scores that are
/// integers are kept as such, others as the text that clients see. The entry's word is the listpack's address.
/// </summary>
internal readonly unsafe struct ZSetListpack(Heap heap, Entry entry)
{
    private const int PairElements = 2;

    public long Count => List.Count / PairElements;

    public Listpack List => Listpack.FromAddress((nint)entry.Word);

    public static double ScoreBehind(Listpack list, byte* member) => ScoreOf(Listpack.Get(list.Next(member)));

    public static byte* PairBehind(Listpack list, byte* member) => list.Next(list.Next(member));

    public static byte* PairBefore(Listpack list, byte* member)
    {
        var score = list.Previous(member);
        return score == null ? null : list.Previous(score);
    }

    [SkipLocalsInit]
    public static Listpack Append(Heap heap, Listpack list, ListpackElement member, double score)
    {
        Span<byte> text = stackalloc byte[NumberText.MaxDoubleLength];
        return list.AppendPair(heap, member, ElementOf(score, text));
    }

    /// <summary>The member's element, or null.</summary>
    public byte* Find(ReadOnlySpan<byte> member) => List.Find(List.First(), member, skip: 1);

    [SkipLocalsInit]
    public void Insert(ReadOnlySpan<byte> member, double score)
    {
        var list = List;
        var element = PlaceFor(list, member, score);
        Span<byte> text = stackalloc byte[NumberText.MaxDoubleLength];
        entry.Word = list.InsertPair(heap, ref element, member, ElementOf(score, text)).Address;
    }

    public void Remove(byte* element) => entry.Word = List.DeleteRange(heap, ref element, PairElements).Address;

    public void RemoveRange(long rank, long count) =>
        entry.Word = List.DeleteRange(heap, rank * PairElements, count * PairElements).Address;

    public long RankOf(byte* element)
    {
        var list = List;
        var rank = 0L;
        for (var other = list.First(); other != element; other = PairBehind(list, other)) rank++;
        return rank;
    }

    public ZSetWalk Walk(long rank, long count, bool isDownward) =>
        new(List, count == 0 ? null : List.Seek(rank * PairElements), count, isDownward);

    /// <summary>Of a range of ranks, those from one end on without so many at the beginning, and not more than the limit.</summary>
    public ZSetWalk Walk(long rank, long all, long skipped, long limit, bool isDownward, out long count)
    {
        count = CountTaken(all, skipped, limit);
        return Walk(isDownward ? rank + all - 1 - skipped : rank + skipped, count, isDownward);
    }

    /// <summary>How many of so many are left when some are skipped and a limit is kept, which is none when negative.</summary>
    public static long CountTaken(long all, long skipped, long limit)
    {
        var left = Math.Max(all - skipped, 0);
        return limit < 0 ? left : Math.Min(left, limit);
    }

    /// <summary>The ranks of the members with scores in a range: the first, and how many.</summary>
    public (long Rank, long Count) Resolve(in ScoreRange range)
    {
        var list = List;
        var (rank, count) = (0L, 0L);
        for (var member = list.First(); member != null; member = PairBehind(list, member))
        {
            var score = ScoreBehind(list, member);
            if (!range.IsAboveMin(score)) rank++;
            else if (range.IsBelowMax(score)) count++;
            else break;
        }

        return (rank, count);
    }

    /// <summary>
    /// The same for a range of members. It presupposes equal scores, but must give what Redis gives also where they are not: the
    /// run of fitting members that comes first, seen from one end or the other.
    /// </summary>
    [SkipLocalsInit]
    public (long Rank, long Count) Resolve(in LexRange range, bool fromEnd)
    {
        var list = List;
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        var total = Count;
        if (total == 0 || range.IsEmpty) return default;
        if (!range.IsAboveMin(Listpack.Get(list.Seek(-PairElements)).ToBytes(scratch))) return default;
        if (!range.IsBelowMax(Listpack.Get(list.First()).ToBytes(scratch))) return default;

        var walk = Walk(fromEnd ? total - 1 : 0, total, fromEnd);
        var (skipped, count) = (0L, 0L);
        while (walk.MoveNext())
        {
            var member = walk.Member.ToBytes(scratch);
            var isReached = fromEnd ? range.IsBelowMax(member) : range.IsAboveMin(member);
            if (count == 0 && !isReached)
            {
                skipped++;
                continue;
            }

            if (!(fromEnd ? range.IsAboveMin(member) : range.IsBelowMax(member))) break;
            count++;
        }

        return (fromEnd ? total - skipped - count : skipped, count);
    }

    [SkipLocalsInit]
    public void Verify()
    {
        var list = List;
        list.Verify();
        Trace.Assert(list.Count % PairElements == 0, "A sorted set's listpack holds pairs.");
        var previous = default(byte*);
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        for (var member = list.First(); member != null; member = PairBehind(list, member))
        {
            if (previous != null) Trace.Assert(!IsBehind(list, previous, Listpack.Get(member).ToBytes(scratch), ScoreBehind(list, member)), "Out of order.");
            Trace.Assert(list.Find(list.First(), Listpack.Get(member), skip: 1) == member, "A member is there twice.");
            previous = member;
        }
    }

    private static double ScoreOf(ListpackElement element)
    {
        if (element.IsInteger) return element.Integer;
        var isNumber = NumberText.TryParseDouble(element.Bytes, out var score);
        Debug.Assert(isNumber);
        return score;
    }

    private static ListpackElement ElementOf(double score, Span<byte> text)
    {
        const double integerLimit = 4611686018427387904.0; // 2^62, both ends included.
        if (Math.Abs(score) <= integerLimit && (long)score == score) return (long)score;
        return text[..NumberText.FormatDouble(score, text)];
    }

    /// <summary>The first pair that must stand behind a new one; null if there is none. Most sets are filled upwards.</summary>
    private static byte* PlaceFor(Listpack list, ReadOnlySpan<byte> member, double score)
    {
        var last = list.Seek(-PairElements);
        if (last == null || !IsBehind(list, last, member, score)) return null;
        var element = list.First();
        while (!IsBehind(list, element, member, score)) element = PairBehind(list, element);
        return element;
    }

    [SkipLocalsInit]
    private static bool IsBehind(Listpack list, byte* element, ReadOnlySpan<byte> member, double score)
    {
        var other = ScoreBehind(list, element);
        if (other != score) return other > score;
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        return Listpack.Get(element).ToBytes(scratch).SequenceCompareTo(member) > 0;
    }
}
