using System.Globalization;
using System.Text;

namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// Writes random episodes: sequences of commands over a few connections. Arguments follow the argument trees of the command table;
/// now and then a command is damaged, so that arity, syntax and type errors are met too.
/// </summary>
internal sealed class CommandGenerator
{
    public const int Connections = 3;

    private const int LongestRun = 24;
    private const int DamagedPerHundred = 5;
    private const int LongListsPerThousand = 8;
    private const int LongestList = 700;

    private readonly Random _random;
    private readonly ValuePools _pools;
    private readonly (CommandSpec[] Commands, int Weight)[] _families;
    private readonly int _totalWeight;
    private readonly bool _playsTransactions;
    private readonly WaiverList _waivers;
    private int _keysWanted;

    public CommandGenerator(int seed, IEnumerable<(IEnumerable<CommandSpec> Commands, int Weight)> families, WaiverList waivers)
    {
        _waivers = waivers;
        _random = new Random(seed);
        _pools = new ValuePools(_random);
        _families = [.. families.Select(static family => (family.Commands.ToArray(), family.Weight)).Where(static family => family.Item1.Length > 0)];
        _totalWeight = _families.Sum(static family => family.Weight);
        _playsTransactions = _families.Any(static family => family.Commands.Any(static spec => spec.Name == "multi"));
    }

    public List<Step> Episode(int length)
    {
        var steps = new List<Step>(length);
        if (_random.Next(2) == 0) steps.Add(new Step(1, [Ascii("HELLO"), Ascii("3")]));
        if (_random.Next(4) == 0) steps.Add(new Step(2, [Ascii("HELLO"), Ascii("3")]));
        while (steps.Count < length)
        {
            // Runs on one connection travel as one pipeline, which also is what exercises the servers' batches.
            var connection = _random.Next(Connections);
            if (_playsTransactions && _random.Next(12) == 0) AddTransaction(steps, connection);
            for (var left = _random.Next(1, LongestRun); left > 0 && steps.Count < length; left--) AddCommand(steps, connection);
        }

        return steps;
    }

    /// <summary>What chance alone would seldom put together: WATCH, perhaps another client's write, MULTI, commands, EXEC.</summary>
    private void AddTransaction(List<Step> steps, int connection)
    {
        if (_random.Next(2) == 0)
        {
            steps.Add(new Step(connection, [Ascii("WATCH"), _pools.Key("string"), _pools.Key("string")]));
            if (_random.Next(2) == 0) AddCommand(steps, (connection + 1) % Connections);
        }

        steps.Add(new Step(connection, [Ascii("MULTI")]));
        for (var left = _random.Next(5); left > 0; left--) AddCommand(steps, connection);
        steps.Add(new Step(connection, [Ascii(_random.Next(8) == 0 ? "DISCARD" : "EXEC")]));
    }

    private void AddCommand(List<Step> steps, int connection)
    {
        var spec = DrawSpec();
        var step = new Step(connection, Command(spec));
        if (step.ExpiresSoon() || _waivers.Forbids(spec.Name, step.Words)) return;
        steps.Add(step);
    }

    private CommandSpec DrawSpec()
    {
        var roll = _random.Next(_totalWeight);
        foreach (var (commands, weight) in _families)
        {
            if (roll < weight) return commands[_random.Next(commands.Length)];
            roll -= weight;
        }

        throw new InvalidOperationException("No commands are in play.");
    }

    private byte[][] Command(CommandSpec spec)
    {
        _keysWanted = 0;
        _pools.Begin(spec);
        var words = spec.Words.Select(Keyword).ToList();
        AddAll(words, spec, spec.Arguments);
        // 7.0 lets XSETID go back behind a deleted ID and 7.2 does not, so its ID has to stay the ascending one that it is.
        if (!_pools.IsLex && spec.Name != "xsetid" && _random.Next(100) < DamagedPerHundred) Damage(words, spec);
        return [.. words];
    }

    private void AddAll(List<byte[]> words, CommandSpec spec, ArgumentNode[] nodes)
    {
        // Redis takes most options in any order, so the optional arguments at the end sometimes come in another one.
        var fixedCount = nodes.Length;
        while (fixedCount > 0 && nodes[fixedCount - 1].IsOptional) fixedCount--;
        foreach (var node in nodes[..fixedCount]) AddMaybe(words, spec, node);
        var options = nodes[fixedCount..];
        if (_random.Next(3) == 0) _random.Shuffle(options);
        foreach (var node in options) AddMaybe(words, spec, node);
    }

    private void AddMaybe(List<byte[]> words, CommandSpec spec, ArgumentNode node)
    {
        if (node.IsOptional && _random.Next(2) == 0) return;
        var count = 1;
        if (node.IsMultiple) count = node.Type == "key" && _keysWanted > 0 ? _keysWanted : 1 + (_random.Next(2) == 0 ? 0 : _random.Next(4));
        var isLong = node.IsMultiple && node.Type != "key" && spec.Group is ("hash" or "set") && _random.Next(1000) < LongListsPerThousand;
        if (isLong)
        {
            count = _random.Next(LongestList);
            _pools.Widen();
        }

        for (var index = 0; index < count; index++)
        {
            if (node.Token is not null && node.Type != "pure-token" && (index == 0 || node.RepeatsToken)) words.Add(Keyword(node.Token));
            AddOne(words, spec, node);
        }

        if (isLong) _pools.Narrow();
    }

    private void AddOne(List<byte[]> words, CommandSpec spec, ArgumentNode node)
    {
        switch (node.Type)
        {
            case "pure-token" when node.Name == "auto-id":
                words.Add(_pools.Streams.NewId());
                break;
            case "pure-token":
                words.Add(Keyword(node.Token ?? node.Name));
                break;
            case "oneof":
                AddMaybe(words, spec, node.Children[_random.Next(node.Children.Length)] with { IsOptional = false });
                break;
            case "block" when node.Name == "streams":
                // As many IDs as keys.
                var streams = _random.Next(3) == 0 ? 2 : 1;
                foreach (var child in node.Children)
                {
                    for (var index = 0; index < streams; index++) words.Add(_pools.Draw(spec, child));
                }

                break;
            case "block":
                AddAll(words, spec, [.. node.Children]);
                break;
            case "integer" when node.Name == "numkeys":
                _keysWanted = _random.Next(1, 4);
                var told = _random.Next(10) == 0 ? _random.Next(-1, 5) : _keysWanted;
                words.Add(Ascii(told.ToString(CultureInfo.InvariantCulture)));
                break;
            default:
                words.Add(_pools.Draw(spec, node));
                break;
        }
    }

    private void Damage(List<byte[]> words, CommandSpec spec)
    {
        var first = spec.Words.Length;
        if (words.Count <= first)
        {
            words.Add(_pools.DrawAny());
            return;
        }

        var at = _random.Next(first, words.Count);
        switch (_random.Next(7))
        {
            case 0:
                words.RemoveAt(at);
                break;
            case 1:
                words.Insert(at, words[at]);
                break;
            case 2:
                var other = _random.Next(first, words.Count);
                (words[at], words[other]) = (words[other], words[at]);
                break;
            case 3:
                words[at] = _pools.DrawAny();
                break;
            case 4:
                words.RemoveRange(at, words.Count - at);
                break;
            case 5:
                words[^1] = [.. words[^1], (byte)_random.Next(256)];
                break;
            default:
                // Options a second time, perhaps ones that exclude the first.
                AddAll(words, spec, [.. spec.Arguments.Where(static node => node.IsOptional)]);
                words.Add(_pools.DrawAny());
                break;
        }
    }

    private byte[] Keyword(string word) => Ascii(_random.Next(4) switch
    {
        0 => word.ToLowerInvariant(),
        1 when _random.Next(4) == 0 => string.Concat(word.Select(letter => _random.Next(2) == 0 ? char.ToLowerInvariant(letter) : char.ToUpperInvariant(letter))),
        _ => word,
    });

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
