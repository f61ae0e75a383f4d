namespace Hearth.Server;

/// <summary>Replaces the configuration file.</summary>
internal static class ConfigFile
{
    /// <summary>Writes the content beside the file, waits for the disk, and renames it over the file.</summary>
    public static void Replace(string path, byte[] content)
    {
        var temporary = $"{path}-{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
            if (!OperatingSystem.IsWindows() && File.Exists(path)) options.UnixCreateMode = File.GetUnixFileMode(path);
            using (var file = new FileStream(temporary, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
