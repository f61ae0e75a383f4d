using System.Text;
using Hearth.Primitives;

namespace Hearth.Server;

/// <summary>
/// The files that an <c>include</c> names. With a wildcard it may name any number in the order of their names, none included, so that
/// an empty conf.d directory is no error. A wildcard does not match the dot that starts a hidden file's name.
/// </summary>
internal static class ConfigInclude
{
    private static readonly char[] _wildcards = ['*', '?', '['];

    public static IEnumerable<string> Expand(string pattern, string directory)
    {
        if (pattern.IndexOfAny(_wildcards) < 0) return [Path.GetFullPath(pattern, directory)];

        var root = Path.IsPathRooted(pattern) ? Path.GetPathRoot(pattern)! : directory;
        var segments = Path.IsPathRooted(pattern) ? pattern[root.Length..] : pattern;
        IEnumerable<string> found = [root];
        foreach (var segment in segments.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            found = found.SelectMany(parent => Matches(parent, segment)).ToArray();
        }

        return found.Where(File.Exists);
    }

    private static IEnumerable<string> Matches(string parent, string segment)
    {
        if (segment.IndexOfAny(_wildcards) < 0) return [Path.Combine(parent, segment)];
        if (!Directory.Exists(parent)) return [];

        return Directory.EnumerateFileSystemEntries(parent)
            .Where(entry => Glob.IsMatch(Encoding.UTF8.GetBytes(segment), Encoding.UTF8.GetBytes(Path.GetFileName(entry))))
            .Where(entry => segment[0] == '.' || Path.GetFileName(entry)[0] != '.')
            .Order(StringComparer.Ordinal);
    }
}
