using System.Text;
using System.Text.RegularExpressions;

namespace Hearth.Tests;

/// <summary>
/// A C# file as <see cref="TidyTests"/> looks at it: its lines, its code with the contents of comments and literals blanked out (so that
/// words in them are not taken for code, while every character keeps its place), and its members with their lengths.
/// </summary>
internal sealed class SourceFile
{
    private static readonly Regex TypeDeclaration = new(@"\b(class|struct|interface|enum|record|namespace)\b", RegexOptions.CultureInvariant);

    private SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        Code = Blank(text);
    }

    /// <summary>From the repository's root, with slashes.</summary>
    public string Path { get; }

    public string Folder => Path[..Math.Max(Path.LastIndexOf('/'), 0)];

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Text { get; }

    public string Code { get; }

    public int LineCount => Text.AsSpan().Count('\n');

    public static string Root { get; } = FindRoot();

    public static SourceFile Parse(string path, string text) => new(path, text);

    /// <summary>Every C# file below a folder of the repository, build output left out.</summary>
    public static List<SourceFile> Below(string folder) => FilesBelow(folder)
        .Where(path => path.EndsWith(".cs", StringComparison.Ordinal))
        .Select(path => new SourceFile(path, File.ReadAllText(System.IO.Path.Combine(Root, path))))
        .ToList();

    public static IEnumerable<string> FilesBelow(string folder)
    {
        var full = System.IO.Path.Combine(Root, folder);
        if (!Directory.Exists(full)) yield break;
        foreach (var file in Directory.EnumerateFiles(full).Order(StringComparer.Ordinal))
        {
            yield return System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/');
        }

        foreach (var directory in Directory.EnumerateDirectories(full).Order(StringComparer.Ordinal))
        {
            var name = System.IO.Path.GetFileName(directory);
            if (name is "bin" or "obj" or "node_modules" or ".git" or ".vs" or ".idea" or "artifacts" or "TestResults" or "__pycache__") continue;
            foreach (var file in FilesBelow(System.IO.Path.GetRelativePath(Root, directory))) yield return file;
        }
    }

    public int LineOf(int position) => Text.AsSpan(0, position).Count('\n') + 1;

    /// <summary>
    /// Methods, constructors, properties and the like in braces: the line each starts at, what it says there, how many lines it takes.
    /// The rows of a table are data and not listed.
    /// </summary>
    public IEnumerable<(int Line, string Declaration, int Lines)> Members()
    {
        var isType = new Stack<bool>();
        var (start, brackets) = (0, 0);
        var memberDepth = -1;
        var member = (Line: 0, Declaration: "", IsData: false);
        for (var i = 0; i < Code.Length; i++)
        {
            switch (Code[i])
            {
                case '[':
                    brackets++;
                    break;
                case ']':
                    brackets--;
                    break;
                case ';':
                    start = i + 1;
                    break;
                case '{':
                    var declaration = Code[start..i];
                    var opensType = memberDepth < 0 && TypeDeclaration.IsMatch(declaration);
                    if (memberDepth < 0 && !opensType)
                    {
                        memberDepth = isType.Count;
                        var line = LineOf(start + declaration.Length - declaration.TrimStart().Length);
                        member = (line, declaration.Trim().Split('\n')[0].Trim(), brackets > 0);
                    }

                    isType.Push(opensType);
                    start = i + 1;
                    break;
                case '}':
                    isType.Pop();
                    start = i + 1;
                    if (isType.Count != memberDepth) break;
                    memberDepth = -1;
                    if (!member.IsData) yield return (member.Line, member.Declaration, LineOf(i) - member.Line + 1);
                    break;
            }
        }
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(directory.FullName, "Hearth.slnx"))) directory = directory.Parent!;
        return directory.FullName;
    }

    private static string Blank(string text)
    {
        var code = new StringBuilder(text);
        var i = 0;
        while (i < text.Length)
        {
            var start = i;
            if (text.AsSpan(i).StartsWith("//")) i = EndOrLength(text, text.IndexOf('\n', i));
            else if (text.AsSpan(i).StartsWith("/*")) i = EndOrLength(text, text.IndexOf("*/", i + 2, StringComparison.Ordinal) + 2);
            else if (text[i] == '#' && IsLineStart(text, i)) i = EndOrLength(text, text.IndexOf('\n', i));
            else if (text[i] == '\'') i = EndOfQuoted(text, i + 1, '\'');
            else if (text.AsSpan(i).StartsWith("\"\"\"")) i = EndOfRaw(text, i);
            else if (text[i] == '"') i = EndOfString(text, i);
            else
            {
                i++;
                continue;
            }

            for (var at = start; at < i; at++)
            {
                if (code[at] != '\n') code[at] = ' ';
            }
        }

        return code.ToString();
    }

    private static int EndOrLength(string text, int end) => end <= 0 ? text.Length : end;

    private static bool IsLineStart(string text, int at)
    {
        while (at > 0 && text[at - 1] is ' ' or '\t') at--;
        return at == 0 || text[at - 1] == '\n';
    }

    /// <summary>Behind the string whose opening quote stands here, with the code of its interpolations.</summary>
    private static int EndOfString(string text, int quote)
    {
        var prefix = text.AsSpan(Math.Max(quote - 2, 0), Math.Min(quote, 2));
        var isInterpolated = prefix.EndsWith("$") || prefix.EndsWith("$@");
        var isVerbatim = prefix.EndsWith("@") || prefix.EndsWith("@$");
        var at = quote + 1;
        while (at < text.Length)
        {
            var isDouble = at + 1 < text.Length && text[at + 1] == text[at];
            if (text[at] == '\\' && !isVerbatim) at += 2;
            else if (text[at] == '"' && !(isVerbatim && isDouble)) return at + 1;
            else if (text[at] == '{' && isInterpolated && !isDouble) at = EndOfInterpolation(text, at + 1);
            else at += isDouble && text[at] is '"' or '{' ? 2 : 1;
        }

        return at;
    }

    private static int EndOfInterpolation(string text, int at)
    {
        for (var depth = 1; depth > 0 && at < text.Length;)
        {
            if (text[at] is '"' or '\'')
            {
                at = text[at] == '"' ? EndOfString(text, at) : EndOfQuoted(text, at + 1, '\'');
                continue;
            }

            if (text[at] is '{' or '}') depth += text[at] == '{' ? 1 : -1;
            at++;
        }

        return at;
    }

    private static int EndOfQuoted(string text, int at, char quote)
    {
        while (at < text.Length && text[at] != quote) at += text[at] == '\\' ? 2 : 1;
        return Math.Min(at + 1, text.Length);
    }

    private static int EndOfRaw(string text, int at)
    {
        var quotes = 0;
        while (at + quotes < text.Length && text[at + quotes] == '"') quotes++;
        var end = text.IndexOf(new string('"', quotes), at + quotes, StringComparison.Ordinal);
        return end < 0 ? text.Length : end + quotes;
    }
}
