using System.Text;
using System.Text.RegularExpressions;
using Hearth.Commands;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests;

/// <summary>
/// What the documents say, as far as a machine can check it: links lead somewhere, files that are named exist, the README's example is
/// code that a test runs, and what is said to be missing is missing.
/// </summary>
public partial class DocsTests
{
    private static readonly string[] Documents =
        [.. SourceFile.FilesBelow("").Where(path => path.EndsWith(".md", StringComparison.Ordinal))];

    private static readonly string[] Files = [.. SourceFile.FilesBelow("")];

    private static readonly HashSet<string> Folders = [.. Files.SelectMany(AncestorsOf)];

    /// <summary>Names of files are taken for the repository's when they end in one of these; redis.conf and dump.rdb are a user's.</summary>
    private static readonly string[] Extensions = [".cs", ".csproj", ".slnx", ".md", ".py", ".props"];

    [Fact]
    public void Links_lead_to_files_and_headings_that_exist()
    {
        Assert.Contains("README.md", Documents);
        var problems =
            from document in Documents
            from Match match in Link().Matches(WithoutCode(Read(document)))
            let target = match.Groups[1].Value
            where !target.Contains("://", StringComparison.Ordinal)
            let problem = ProblemOf(document, target)
            where problem is not null
            select $"{document}: {problem}";
        AssertNone(problems);
    }

    [Fact]
    public void Files_that_the_documents_name_exist() => AssertNone(
        from document in Documents
        from name in InlineCode(document)
        where LooksLikeAPath(name) && !Exists(document, name)
        select $"{document} names {name}");

    [Fact]
    public void The_example_of_the_readme_is_code_that_a_test_runs()
    {
        var test = LinesOf(Read("tests/Hearth.IntegrationTests/HearthServerTests.cs"));
        var example = LinesOf(CSharp().Match(Read("README.md")).Groups[1].Value);
        Assert.Equal(6, example.Length);
        Assert.Contains(Enumerable.Range(0, test.Length), start => test.AsSpan(start).StartsWith(example));
    }

    [Fact]
    public void What_the_readme_calls_missing_is_missing()
    {
        var readme = Read("README.md");
        var section = readme[readme.IndexOf("## Not yet", StringComparison.Ordinal)..readme.IndexOf("## More", StringComparison.Ordinal)];
        var missing = section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|')[1]);
        var names = missing.SelectMany(cell => Backticks().Matches(cell)).Select(match => match.Groups[1].Value).ToArray();
        Assert.True(names.Length > 20, "The table of what is missing has not been found.");
        AssertNone(names.Where(IsThere).Select(name => $"{name} is called missing and is there"));
    }

    private static bool IsThere(string name)
    {
        if (ConfigTable.ByName.TryGetValue(name, out var row)) return !row.Has(ConfigFlags.NoEffect);
        var client = CommandFamilies.All.Single(command => command.Name == "CLIENT");
        return name != client.Name
            && (CommandFamilies.All.Any(command => command.Name == name) || client.FindSubcommand(Encoding.ASCII.GetBytes(name)) is not null);
    }

    private static string? ProblemOf(string document, string target)
    {
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? document : Resolve(document, parts[0]);
        if (!Files.Contains(path) && !Folders.Contains(path)) return $"there is no {path}";
        if (parts.Length == 1 || !path.EndsWith(".md", StringComparison.Ordinal)) return null;
        var anchors = Heading().Matches(WithoutCode(Read(path))).Select(match => AnchorOf(match.Groups[1].Value));
        return anchors.Contains(parts[1]) ? null : $"{path} has no heading #{parts[1]}";
    }

    /// <summary>A heading as a link names it: in lower case, with hyphens for spaces, and without most signs.</summary>
    private static string AnchorOf(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')).Replace(' ', '-');

    private static bool LooksLikeAPath(string name) =>
        PathCharacters().IsMatch(name) && (name.EndsWith('/') || Extensions.Contains(Path.GetExtension(name)));

    /// <summary>A path from the root, from the document, or from a place that the reader knows from the text: the end of a longer path.</summary>
    private static bool Exists(string document, string name)
    {
        if (name.EndsWith('/')) return Folders.Any(folder => IsOrEndsWith(folder, name[..^1]));
        return Files.Contains(Resolve(document, name)) || Files.Any(file => IsOrEndsWith(file, name));
    }

    private static bool IsOrEndsWith(string path, string end) => path == end || path.EndsWith('/' + end, StringComparison.Ordinal);

    private static string Resolve(string document, string target)
    {
        var full = Path.GetFullPath(Path.Combine(SourceFile.Root, Path.GetDirectoryName(document)!, target));
        return Path.GetRelativePath(SourceFile.Root, full).Replace('\\', '/').TrimEnd('/');
    }

    private static IEnumerable<string> AncestorsOf(string path)
    {
        for (var at = path.IndexOf('/'); at >= 0; at = path.IndexOf('/', at + 1)) yield return path[..at];
    }

    private static IEnumerable<string> InlineCode(string document) =>
        Backticks().Matches(CodeBlock().Replace(Read(document), "")).Select(match => match.Groups[1].Value);

    private static string WithoutCode(string text) => Backticks().Replace(CodeBlock().Replace(text, ""), match => match.Groups[1].Value);

    private static string[] LinesOf(string text) => [.. text.Split('\n').Select(line => line.Trim())
        .SkipWhile(line => line.Length == 0).Reverse().SkipWhile(line => line.Length == 0).Reverse()];

    private static string Read(string path) => File.ReadAllText(Path.Combine(SourceFile.Root, path));

    private static void AssertNone(IEnumerable<string> problems)
    {
        var list = problems.ToList();
        if (list.Count > 0) Assert.Fail(string.Join('\n', list));
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^[ ]*```.*?^[ ]*```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharp();

    [GeneratedRegex(@"`([^`\n]+)`")]
    private static partial Regex Backticks();

    [GeneratedRegex(@"^[\w./-]+$")]
    private static partial Regex PathCharacters();
}
