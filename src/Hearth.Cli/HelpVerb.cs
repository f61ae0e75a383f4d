namespace Hearth.Cli;

/// <summary><c>hearth --help</c>.</summary>
internal static class HelpVerb
{
    private const string Text =
        """
        Usage: hearth [serve] [file] [--directive value ...] [-]
               hearth --version
               hearth --help

        Starts a server that speaks the protocol of Redis 7.2. Its configuration is read from the file, then from standard
        input where the last argument is -, then from the command line; the later wins. The directives are those of redis.conf.

        Examples:
          hearth                                  port 6379, and the defaults for everything else
          hearth /etc/redis/redis.conf            a configuration file of Redis
          hearth --port 7777 --save ""            directives as arguments; a value that is empty, or starts with --, is fine
          hearth hearth.conf "--maxmemory 1gb"    a directive and its value as one argument
          echo "databases 4" | hearth -           from standard input

        """;

    public static int Run()
    {
        Console.Write(Text);
        return 0;
    }
}
