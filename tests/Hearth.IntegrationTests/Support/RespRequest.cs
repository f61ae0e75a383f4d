using System.Globalization;
using System.Text;

namespace Hearth.IntegrationTests.Support;

/// <summary>Encodes commands as clients send them: an array of bulk strings.</summary>
internal static class RespRequest
{
    public static byte[] Encode(IReadOnlyCollection<byte[]> words)
    {
        var output = new MemoryStream();
        Append(output, words);
        return output.ToArray();
    }

    public static void Append(MemoryStream output, IReadOnlyCollection<byte[]> words)
    {
        output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"*{words.Count}\r\n")));
        foreach (var word in words)
        {
            output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${word.Length}\r\n")));
            output.Write(word);
            output.Write("\r\n"u8);
        }
    }

    /// <summary>One byte per char, so that tests write binary words as "\u00ff".</summary>
    public static byte[][] Words(params string[] words) => [.. words.Select(Encoding.Latin1.GetBytes)];
}
