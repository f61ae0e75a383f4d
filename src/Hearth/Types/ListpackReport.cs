using System.Globalization;
using Hearth.DataStructures;
using Hearth.Primitives;

namespace Hearth.Types;

/// <summary>Listpacks in words, for those who look into memory.</summary>
internal static unsafe class ListpackReport
{
    /// <summary>Longer texts are cut.</summary>
    private const int QuotedBytesMax = 40;

    /// <summary>The listpack that is a whole value; false if the value has another encoding.</summary>
    public static bool TryFind(ValueSpace space, Entry entry, out Listpack listpack)
    {
        listpack = default;
        if (entry.Encoding != ValueEncoding.Listpack) return false;
        listpack = entry.Type == KeyType.List ? new ListValue(space, entry).SmallListpack : Listpack.FromAddress((nint)entry.Word);
        return true;
    }

    /// <summary>A line about the whole, and one for each element.</summary>
    public static IEnumerable<string> Lines(Listpack listpack) => [Summary(listpack), .. Elements(listpack)];

    public static string Summary(Listpack listpack) => string.Create(CultureInfo.InvariantCulture, $"{listpack.TotalBytes} bytes, {listpack.Count} elements");

    public static List<string> Elements(Listpack listpack)
    {
        var lines = new List<string>();
        Span<byte> scratch = stackalloc byte[ListpackElement.ScratchBytes];
        for (var element = listpack.First(); element != null; element = listpack.Next(element))
        {
            var offset = (nint)element - listpack.Address;
            var value = Listpack.Get(element);
            var text = value.ToBytes(scratch);
            var shown = value.IsInteger ? Latin1.Text(text) : $"\"{Latin1.Text(text.Length > QuotedBytesMax ? text[..QuotedBytesMax] : text)}\"";
            lines.Add(string.Create(
                CultureInfo.InvariantCulture, $"{lines.Count}: at {offset}, {Listpack.EncodedBytes(value)} bytes: {shown}{(text.Length > QuotedBytesMax ? "..." : "")}"));
        }

        return lines;
    }
}
