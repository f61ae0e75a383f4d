namespace Hearth.Primitives;

/// <summary>Compares two items; a struct, so that the calls are inlined.</summary>
internal interface IOrder<T>
{
    public int Compare(in T one, in T other);
}

/// <summary>
/// Puts those items in order that end up in one range, and leaves the others as they fall: what COUNT and LIMIT need. It is the
/// quicksort of Bentley and McIlroy ("Engineering a sort function", 1993), which Redis uses here, step by step: where items are equal,
/// clients see the order in which it leaves them.
/// </summary>
internal static class PartialSort
{
    private const int InsertionMax = 6;
    private const int NinthersMin = 41;

    /// <summary>Sorts so that the items from <paramref name="first"/> to <paramref name="last"/>, both included, are what they would be in full order.</summary>
    public static void Sort<T, TOrder>(Span<T> items, TOrder order, int first, int last)
        where TOrder : struct, IOrder<T>
    {
        while (items.Length > InsertionMax)
        {
            var (less, greater) = Partition(items, order);
            if (less > 1 && first < less && last >= 0) Sort(items[..less], order, first, last);

            // The part behind the equal items is next.
            var start = items.Length - greater;
            if (greater <= 1 || last < start || first >= items.Length) return;
            items = items[start..];
            first -= start;
            last -= start;
        }

        for (var index = 1; index < items.Length; index++)
        {
            for (var place = index; place > 0 && order.Compare(items[place - 1], items[place]) > 0; place--) Swap(items, place, place - 1);
        }
    }

    /// <summary>Lesser items to the front, greater ones to the end; how many there are of each.</summary>
    private static (int Less, int Greater) Partition<T, TOrder>(Span<T> items, TOrder order)
        where TOrder : struct, IOrder<T>
    {
        Swap(items, 0, Pivot(items, order));

        // Equal items are gathered at both ends first.
        var (equalFront, up) = (1, 1);
        var (down, equalBack) = (items.Length - 1, items.Length - 1);
        while (true)
        {
            int comparison;
            for (; up <= down && (comparison = order.Compare(items[up], items[0])) <= 0; up++)
            {
                if (comparison == 0) Swap(items, equalFront++, up);
            }

            for (; up <= down && (comparison = order.Compare(items[down], items[0])) >= 0; down--)
            {
                if (comparison == 0) Swap(items, down, equalBack--);
            }

            if (up > down) break;
            Swap(items, up++, down--);
        }

        SwapRuns(items, 0, up, Math.Min(equalFront, up - equalFront));
        SwapRuns(items, up, items.Length, Math.Min(equalBack - down, items.Length - 1 - equalBack));
        return (up - equalFront, equalBack - down);
    }

    /// <summary>Exchanges so many items at the start with those before the end.</summary>
    private static void SwapRuns<T>(Span<T> items, int start, int end, int count)
    {
        for (var index = 0; index < count; index++) Swap(items, start + index, end - count + index);
    }

    private static int Pivot<T, TOrder>(Span<T> items, TOrder order)
        where TOrder : struct, IOrder<T>
    {
        var middle = items.Length / 2;
        if (items.Length == InsertionMax + 1) return middle;
        var (front, back) = (0, items.Length - 1);
        if (items.Length >= NinthersMin)
        {
            var step = items.Length / 8;
            front = Median(items, order, front, front + step, front + (2 * step));
            middle = Median(items, order, middle - step, middle, middle + step);
            back = Median(items, order, back - (2 * step), back - step, back);
        }

        return Median(items, order, front, middle, back);
    }

    private static int Median<T, TOrder>(Span<T> items, TOrder order, int a, int b, int c)
        where TOrder : struct, IOrder<T>
    {
        if (order.Compare(items[a], items[b]) < 0)
        {
            if (order.Compare(items[b], items[c]) < 0) return b;
            return order.Compare(items[a], items[c]) < 0 ? c : a;
        }

        if (order.Compare(items[b], items[c]) > 0) return b;
        return order.Compare(items[a], items[c]) < 0 ? a : c;
    }

    private static void Swap<T>(Span<T> items, int one, int other) => (items[one], items[other]) = (items[other], items[one]);
}
