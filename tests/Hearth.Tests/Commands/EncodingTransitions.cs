using System.Globalization;
using Hearth.Tests.Server;
using Xunit;

namespace Hearth.Tests.Commands;

/// <summary>
/// Runs a line of commands, separated by " | ", in which "a..b" stands for all integers between, and "x*70" for seventy x. "= name"
/// checks the encoding of the key "k", or its absence ("= none"); "= key name" that of another key.
/// </summary>
internal static class EncodingTransitions
{
    public static void Check(TestServer server, string script)
    {
        foreach (var step in script.Split(" | "))
        {
            var words = step.Split(' ').SelectMany(Expand).ToArray();
            if (words[0] != "=")
            {
                var reply = server.Run(words);
                Assert.False(reply.StartsWith('-'), $"{step}: {reply}");
                continue;
            }

            var actual = server.Run("OBJECT", "ENCODING", words.Length == 3 ? words[1] : "k");
            var expected = words[^1] == "none" ? "$-1\r\n" : $"${words[^1].Length}\r\n{words[^1]}\r\n";
            Assert.True(expected == actual, $"After \"{script[..(script.IndexOf(step, StringComparison.Ordinal) + step.Length)]}\" it is {actual}");
        }
    }

    private static IEnumerable<string> Expand(string word)
    {
        if (word.Split("..") is [var first, var last] && int.TryParse(first, CultureInfo.InvariantCulture, out var from))
        {
            for (var number = from; number <= int.Parse(last, CultureInfo.InvariantCulture); number++) yield return number.ToString(CultureInfo.InvariantCulture);
        }
        else if (word.Length > 2 && word[1] == '*' && int.TryParse(word[2..], CultureInfo.InvariantCulture, out var count))
        {
            yield return new string(word[0], count);
        }
        else
        {
            yield return word;
        }
    }
}
