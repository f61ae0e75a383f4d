namespace Hearth.Server;

/// <summary>
/// Parses a row's syntax into the tree of arguments that COMMAND DOCS sends. The notation is Redis's syntax line, with what
/// such a line leaves out:
/// <code>
/// key value [condition@2.6.12:&lt;NX | XX>] [EX seconds:integer] [LIMIT limit:(offset:integer count:integer)] data:(field value)...
///
/// sequence = argument { argument }
/// argument = element [ "..." ]              one or more times, the token only once
///          | "[" element [ "..." ] "]"      optional
///          | "[" element "]..."             optional, repeated with its token
/// element  = TOKEN                          a word in capitals that nothing follows in its sequence or brackets
///          | name "=" TOKEN                 the same where the name is not the token in lower case, or an argument follows
///          | [ TOKEN ] name { mark } [ ":" ( type | "&lt;" argument { "|" argument } ">" | "(" sequence ")" ) ]
/// mark     = '"' display text '"' | "#" key spec index | "@" since | "~" deprecated since
/// </code>
/// &lt;> holds alternatives, () a block. An argument without a type has the type of its own name if that is one (key, pattern,
/// integer), and otherwise is a string. A key belongs to the key spec of its place among the keys, unless a mark says
/// otherwise. A token of other characters than capitals, digits, '-' and '_' stands between single quotes. A mark may follow
/// a lone token too.
/// </summary>
internal ref struct CommandSyntax
{
    private readonly ReadOnlySpan<char> _text;
    private int _position;
    private int _nextKeySpec;

    private CommandSyntax(ReadOnlySpan<char> text) => _text = text;

    private readonly char Next => _position < _text.Length ? _text[_position] : '\0';

    /// <summary>The arguments of a row: its explicit list, or else its syntax parsed.</summary>
    public static CommandArgument[] ArgumentsOf(Command command) => command.Arguments ?? Parse(command.Syntax);

    /// <exception cref="FormatException">The text does not follow the notation.</exception>
    public static CommandArgument[] Parse(ReadOnlySpan<char> text)
    {
        var parser = new CommandSyntax(text);
        var arguments = parser.Sequence();
        if (parser.Next != '\0') throw parser.Error("unexpected character");
        return arguments;
    }

    private CommandArgument[] Sequence()
    {
        var arguments = new List<CommandArgument>();
        SkipSpaces();
        while (Next is not ('\0' or ')'))
        {
            arguments.Add(Argument());
            SkipSpaces();
        }

        return [.. arguments];
    }

    private CommandArgument[] Alternatives()
    {
        var arguments = new List<CommandArgument>();
        do
        {
            SkipSpaces();
            arguments.Add(Argument());
            SkipSpaces();
        }
        while (TryTake("|"));

        return [.. arguments];
    }

    private CommandArgument Argument()
    {
        if (!TryTake("[")) return Element() is var element && TryTake("...") ? element with { IsMultiple = true } : element;

        var inner = Element();
        var isMultiple = TryTake("...");
        Expect("]");
        var isTokenRepeated = TryTake("...");
        return inner with { IsOptional = true, IsMultiple = isMultiple || isTokenRepeated, IsTokenRepeated = isTokenRepeated };
    }

    private CommandArgument Element()
    {
        if (TryToken() is not { } token) return Body(Name(), null);

        if (Next is '@' or '~') return Marked(Lone(token, token));

        var afterToken = _position;
        SkipSpaces();
        if (_position > afterToken && char.IsAsciiLetterLower(Next)) return Body(Name(), token);

        _position = afterToken;
        return Lone(token, token);
    }

    private static CommandArgument Lone(string name, string token) =>
        new(name.ToLowerInvariant(), CommandArgumentType.PureToken) { Token = token };

    // What follows a name: "=TOKEN", or marks and a type.
    private CommandArgument Body(string name, string? token)
    {
        if (TryTake("="))
        {
            return Marked(Lone(name, TryToken() ?? throw Error("a token must follow '='")));
        }

        var argument = Marked(new CommandArgument(name, TypeNamed(name) ?? CommandArgumentType.String) { Token = token });
        if (TryTake(":"))
        {
            if (TryTake("<"))
            {
                argument = argument with { Type = CommandArgumentType.OneOf, Arguments = Alternatives() };
                Expect(">");
            }
            else if (TryTake("("))
            {
                argument = argument with { Type = CommandArgumentType.Block, Arguments = Sequence() };
                Expect(")");
            }
            else
            {
                argument = argument with { Type = TypeNamed(Name()) ?? throw Error("unknown type") };
            }
        }

        return argument.Type == CommandArgumentType.Key ? WithKeySpec(argument) : argument;
    }

    private CommandArgument WithKeySpec(CommandArgument key)
    {
        if (key.KeySpecIndex < 0) key = key with { KeySpecIndex = _nextKeySpec };
        _nextKeySpec = Math.Max(_nextKeySpec, key.KeySpecIndex + 1);
        return key;
    }

    private CommandArgument Marked(CommandArgument argument)
    {
        while (true)
        {
            if (TryTake("\"")) argument = argument with { Display = Until('"') };
            else if (TryTake("#")) argument = argument with { KeySpecIndex = int.Parse(Version()) };
            else if (TryTake("@")) argument = argument with { Since = Version() };
            else if (TryTake("~")) argument = argument with { DeprecatedSince = Version() };
            else return argument;
        }
    }

    private static CommandArgumentType? TypeNamed(string name) => name switch
    {
        "string" => CommandArgumentType.String,
        "integer" => CommandArgumentType.Integer,
        "double" => CommandArgumentType.Double,
        "key" => CommandArgumentType.Key,
        "pattern" => CommandArgumentType.Pattern,
        "unix-time" => CommandArgumentType.UnixTime,
        _ => null,
    };

    private string? TryToken()
    {
        if (TryTake("'")) return Until('\'');
        return char.IsAsciiLetterUpper(Next) ? Word(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '-' or '_') : null;
    }

    private string Name()
    {
        if (!char.IsAsciiLetterLower(Next)) throw Error("a name must stand here");
        return Word(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
    }

    private string Version() => Word(c => char.IsAsciiDigit(c) || c == '.');

    private string Word(Func<char, bool> belongs)
    {
        var start = _position;
        while (_position < _text.Length && belongs(_text[_position])) _position++;
        return _text[start.._position].ToString();
    }

    private string Until(char end)
    {
        var length = _text[_position..].IndexOf(end);
        if (length < 0) throw Error("a quote is not closed");
        var word = _text.Slice(_position, length).ToString();
        _position += length + 1;
        return word;
    }

    private void SkipSpaces()
    {
        while (Next == ' ') _position++;
    }

    private bool TryTake(string expected)
    {
        if (!_text[_position..].StartsWith(expected)) return false;
        _position += expected.Length;
        return true;
    }

    private void Expect(string expected)
    {
        SkipSpaces();
        if (!TryTake(expected)) throw Error($"'{expected}' must stand here");
    }

    private readonly FormatException Error(string problem) => new($"{problem}, at {_position} of: {_text}");
}
