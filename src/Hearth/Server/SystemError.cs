namespace Hearth.Server;

/// <summary>Says in the system's short words what .NET's exceptions say in long ones, since Redis's messages end with them.</summary>
internal static class SystemError
{
    /// <param name="exception">What opening or writing a file has thrown.</param>
    /// <param name="path">The file, since .NET says of a directory only that access is denied.</param>
    public static string Text(Exception exception, string? path = null) => exception switch
    {
        UnauthorizedAccessException when Directory.Exists(path) => "Is a directory",
        FileNotFoundException or DirectoryNotFoundException => "No such file or directory",
        UnauthorizedAccessException when exception.InnerException is IOException inner => Text(inner),
        UnauthorizedAccessException => "Permission denied",
        PathTooLongException => "File name too long",
        IOException { HResult: 28 } => "No space left on device",
        IOException { HResult: 21 } => "Is a directory",
        IOException { HResult: 20 } => "Not a directory",
        IOException { HResult: 13 } => "Permission denied",
        IOException { HResult: 30 } => "Read-only file system",
        _ => exception.Message,
    };
}
