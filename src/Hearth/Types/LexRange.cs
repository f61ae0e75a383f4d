using Hearth.Memory;

namespace Hearth.Types;

/// <summary>
/// A range of members by their bytes, as clients write it: <c>[a</c>, <c>(b</c> for a bound that is not part of it, <c>-</c> and
/// <c>+</c> for no bound. The bounds are views of the command's arguments.
/// </summary>
internal readonly struct LexRange
{
    private LexRange(in Bound min, in Bound max) => (Min, Max) = (min, max);

    /// <summary>Where a bound lies.</summary>
    public enum Place : byte
    {
        BelowAll,
        AtMember,
        AboveAll,
    }

    public Bound Min { get; }

    public Bound Max { get; }

    /// <summary>Whether no member at all can lie in it.</summary>
    public bool IsEmpty
    {
        get
        {
            if (Min.Place != Max.Place) return Min.Place > Max.Place;
            if (Min.Place != Place.AtMember) return true;
            var order = Min.Member.Span.SequenceCompareTo(Max.Member.Span);
            return order > 0 || (order == 0 && (Min.IsExcluded || Max.IsExcluded));
        }
    }

    public static bool TryParse(NativeSlice min, NativeSlice max, out LexRange range)
    {
        range = default;
        if (!Bound.TryParse(min, out var low) || !Bound.TryParse(max, out var high)) return false;
        range = new LexRange(low, high);
        return true;
    }

    public bool IsAboveMin(ReadOnlySpan<byte> member) => Min.Place switch
    {
        Place.AtMember => member.SequenceCompareTo(Min.Member) is var order && (order > 0 || (order == 0 && !Min.IsExcluded)),
        _ => Min.Place == Place.BelowAll,
    };

    public bool IsBelowMax(ReadOnlySpan<byte> member) => Max.Place switch
    {
        Place.AtMember => member.SequenceCompareTo(Max.Member) is var order && (order < 0 || (order == 0 && !Max.IsExcluded)),
        _ => Max.Place == Place.AboveAll,
    };

    /// <summary>One end of a range.</summary>
    public readonly struct Bound
    {
        private Bound(Place place, NativeSlice member = default, bool isExcluded = false) =>
            (Place, Member, IsExcluded) = (place, member, isExcluded);

        public Place Place { get; }

        public NativeSlice Member { get; }

        public bool IsExcluded { get; }

        /// <summary>Nothing may stand behind '+' and '-' except a NUL byte, at which C sees the end.</summary>
        public static bool TryParse(NativeSlice text, out Bound bound)
        {
            bound = default;
            if (text.IsEmpty) return false;
            var first = text.Span[0];
            if (first is (byte)'-' or (byte)'+')
            {
                bound = new Bound(first == '-' ? Place.BelowAll : Place.AboveAll);
                return text.Length == 1 || text.Span[1] == 0;
            }

            bound = new Bound(Place.AtMember, text.Slice(1), first == '(');
            return first is (byte)'(' or (byte)'[';
        }
    }
}
