namespace Hearth.Server;

/// <summary>
/// Appends to a file, which is opened for every line as Redis does it: whoever rotates logs can move the file away, and the next line
/// starts a new one. A line that can't be written is lost, since the server must go on when a disk is full.
/// </summary>
internal sealed class LogFileSink(string path) : ILogSink
{
    /// <summary>Opens the file once.</summary>
    /// <returns>Null, or why it can't be opened.</returns>
    public static string? TryOpen(string path)
    {
        try
        {
            using var file = Open(path);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SystemError.Text(exception, path);
        }
    }

    public void Write(ReadOnlySpan<byte> line)
    {
        try
        {
            using var file = Open(path);
            file.Write(line);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
}
