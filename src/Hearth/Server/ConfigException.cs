namespace Hearth.Server;

/// <summary>The configuration can't be used, so that the server must not start. The message is what the operator is to read.</summary>
internal sealed class ConfigException : Exception
{
    public ConfigException(string message)
        : base(message)
    {
    }

    /// <summary>In the shape in which Redis reports what is wrong with a line.</summary>
    public ConfigException(ConfigLine line, string reason)
        : this($"{Head}Reading the configuration file, at line {line.Number} of {line.Origin}\n"
            + $">>> '{ConfigText.ToUnicode(line.Text)}'\n{reason}")
    {
    }

    private static string Head => $"\n*** FATAL CONFIG FILE ERROR (Hearth {LifeCycleLog.HearthVersion}) ***\n";

    /// <summary>For what is wrong with the whole, and no line in particular.</summary>
    public static ConfigException Whole(string reason) => new(Head + reason);

    public static ConfigException CannotOpen(string path, Exception cause) =>
        new($"Fatal error, can't open config file '{path}': {SystemError.Text(cause, path)}");
}
