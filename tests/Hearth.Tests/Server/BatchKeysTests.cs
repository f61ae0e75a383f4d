using System.Globalization;
using System.Text;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

/// <summary>Asking for memory ahead changes no reply, whatever the commands of a batch do to each other's collections.</summary>
public class BatchKeysTests
{
    private const int Seed = 4_711;

    [Fact]
    public void A_pipeline_answers_as_the_same_commands_one_by_one()
    {
        using var together = new TestServer();
        using var apart = new TestServer();
        var random = new Random(Seed);
        var client = together.Connect();
        for (var round = 0; round < 400; round++)
        {
            var pipeline = new StringBuilder();
            var expected = new StringBuilder();
            for (var left = random.Next(1, 100); left > 0; left--)
            {
                var words = RandomCommand(random);
                expected.Append(apart.Run(words));
                pipeline.Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
                foreach (var word in words) pipeline.Append(CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");
            }

            var replies = together.SendAs(client, Encoding.ASCII.GetBytes(pipeline.ToString()));
            Assert.True(expected.ToString() == replies, $"seed {Seed}, round {round}");
        }
    }

    private static string[] RandomCommand(Random random)
    {
        var (key, element) = ("k" + random.Next(4), random.Next(300).ToString(CultureInfo.InvariantCulture));
        return random.Next(14) switch
        {
            0 => ["SADD", key, "x", .. Enumerable.Range(0, 300).Select(i => (i * 3).ToString(CultureInfo.InvariantCulture))],
            1 => ["HSET", key, .. Enumerable.Range(0, 1200).Select(i => i.ToString(CultureInfo.InvariantCulture))],
            2 => ["DEL", key],
            3 => ["SET", key, element],
            4 => ["RENAME", key, "k0"],
            5 or 6 => ["SREM", key, element],
            7 or 8 => ["SISMEMBER", key, element],
            9 => ["SADD", key, element],
            10 => ["HSET", key, element, new string('v', random.Next(40))],
            11 => ["HDEL", key, element],
            12 => ["HINCRBY", key, element, "1"],
            _ => ["HGET", key, element],
        };
    }
}
