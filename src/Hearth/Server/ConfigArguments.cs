using System.Text;

namespace Hearth.Server;

/// <summary>
/// Turns a command line into configuration text, as redis-server does: <c>[file] [--name value ...] [-]</c>. Each <c>--name</c> starts a
/// line, and what follows are its values, quoted, so that a value may hold anything. The word after a name is always a value, even if
/// it starts with <c>--</c>; only <c>--save</c> may go without (an array of arguments whose value is empty is often written that way),
/// and then means that nothing is to be saved. A name and its values may also be one argument: <c>"--maxmemory 1gb"</c>.
/// </summary>
internal sealed class ConfigArguments
{
    public ConfigArguments(IReadOnlyList<string> arguments)
    {
        var text = new StringBuilder();
        var next = 0;
        if (arguments.Count > 0 && !arguments[0].StartsWith('-')) File = arguments[next++];

        var nameMayFollow = true;
        for (var i = next; i < arguments.Count; i++)
        {
            var argument = ConfigText.FromUnicode(arguments[i]);
            if (argument == "-" && (i == 0 || i == arguments.Count - 1))
            {
                ReadsStandardInput = true;
            }
            else if (nameMayFollow && argument.StartsWith("--", StringComparison.Ordinal))
            {
                if (text.Length > 0) text.Append('\n');
                text.Append(argument, 2, argument.Length - 2).Append(' ');

                var alone = ConfigText.SplitWords(argument)?.Count == 1;
                var isSave = argument.Equals("--save", StringComparison.OrdinalIgnoreCase);
                var nothingFollows = i == arguments.Count - 1 || arguments[i + 1].StartsWith("--", StringComparison.Ordinal);
                if (isSave && nothingFollows) text.Append("\"\"");
                nameMayFollow = !alone || (isSave && nothingFollows);
            }
            else
            {
                text.Append(ConfigText.Quote(argument)).Append(' ');
                nameMayFollow = true;
            }
        }

        Text = text.ToString();
    }

    /// <summary>The configuration file, as it was given; null where there is none.</summary>
    public string? File { get; }

    public bool ReadsStandardInput { get; }

    /// <summary>The directives of the command line, one a line, a byte text.</summary>
    public string Text { get; }
}
