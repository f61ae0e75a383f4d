namespace Hearth.Server;

/// <summary>How much a log line matters, in the order of the words of <c>loglevel</c>.</summary>
internal enum LogLevel
{
    Debug,
    Verbose,
    Notice,
    Warning,

    /// <summary>As a filter only: nothing is logged.</summary>
    Nothing,
}
