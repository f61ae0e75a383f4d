using System.Globalization;
using System.Text;
using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// Compares all data of two servers: for every key of the databases in play its type, encoding, expiry and value, each read with the
/// type's own commands and compared by the rules of those commands.
/// </summary>
internal sealed class StateComparer(ReplyComparer comparer)
{
    private const int Databases = 3;

    private static readonly Dictionary<string, string[][]> ReadsByType = new()
    {
        ["string"] = [["GET", Key]],
        ["list"] = [["LRANGE", Key, "0", "-1"]],
        ["set"] = [["SMEMBERS", Key]],
        ["hash"] = [["HGETALL", Key]],
        ["zset"] = [["ZRANGE", Key, "0", "-1", "WITHSCORES"]],
        ["stream"] = [["XRANGE", Key, "-", "+"], ["XLEN", Key], ["XINFO", "STREAM", Key, "FULL", "COUNT", "0"]],
    };

    private const string Key = "\0key";

    public Divergence? Compare(RespClient oracle, RespClient hearth, int stepIndex)
    {
        Divergence? found = null;
        for (var database = 0; database < Databases && found is null; database++)
        {
            var select = database.ToString(CultureInfo.InvariantCulture);
            oracle.Require("SELECT", select);
            hearth.Require("SELECT", select);
            found = CompareDatabase(oracle, hearth, stepIndex, database);
        }

        oracle.Require("SELECT", "0");
        hearth.Require("SELECT", "0");
        return found;
    }

    private Divergence? CompareDatabase(RespClient oracle, RespClient hearth, int stepIndex, int database)
    {
        List<Step> questions = [new Step(0, RespRequest.Words("KEYS", "*"))];
        if (Ask(oracle, hearth, questions, stepIndex, database, out var answers) is { } differs) return differs;

        var keys = answers[0].Items.Select(static item => item.Payload).ToArray();
        questions = [.. keys.SelectMany(static key => About(key))];
        if (Ask(oracle, hearth, questions, stepIndex, database, out answers) is { } differsToo) return differsToo;

        var types = answers.Chunk(QuestionsPerKey).Select(static chunk => chunk[0].Text).ToArray();
        questions = [.. keys.Zip(types).SelectMany(static pair => Reads(pair.First, pair.Second))];
        return Ask(oracle, hearth, questions, stepIndex, database, out _);
    }

    private const int QuestionsPerKey = 3;

    private static Step[] About(byte[] key) =>
    [
        new Step(0, ["TYPE"u8.ToArray(), key]),
        new Step(0, ["OBJECT"u8.ToArray(), "ENCODING"u8.ToArray(), key]),
        new Step(0, ["PEXPIRETIME"u8.ToArray(), key]),
    ];

    private static IEnumerable<Step> Reads(byte[] key, string type) =>
        ReadsByType[type].Select(words => new Step(0, [.. words.Select(word => word == Key ? key : Encoding.ASCII.GetBytes(word))]));

    private Divergence? Ask(
        RespClient oracle, RespClient hearth, List<Step> questions, int stepIndex, int database, out List<RespValue> answers)
    {
        var request = new MemoryStream();
        foreach (var question in questions) RespRequest.Append(request, question.Words);
        oracle.Send(request.ToArray());
        hearth.Send(request.ToArray());
        answers = [];
        Divergence? found = null;
        foreach (var question in questions)
        {
            // All answers are read even after a difference, so that the next episode begins with its own.
            var (expected, actual) = (oracle.Receive(), hearth.Receive());
            answers.Add(expected);
            if (found is not null || comparer.AreEqual(question, expected, actual)) continue;
            var text = string.Create(CultureInfo.InvariantCulture, $"state of database {database}: {Printable.Command(question.Words)}");
            found = new Divergence(stepIndex, text, "state " + question.Name, expected.ToString(), actual.ToString());
        }

        return found;
    }
}
