using System.Text.RegularExpressions;
using Xunit;

namespace Hearth.Tests;

/// <summary>
/// The rules that the sources hold themselves to, as far as a machine can check them. A rule that nothing checks leaks sooner or later.
/// </summary>
public partial class TidyTests
{
    private const int FileLinesMax = 1000;
    private const int FileLinesAimedAt = 500;
    private const int MemberLinesMax = 70;

    /// <summary>Each folder of the library may use what stands above it; those in one line don't use each other.</summary>
    private static readonly string[][] Layers =
    [
        ["Primitives"],
        ["Memory"],
        ["DataStructures"],
        ["Protocol", "Network"],
        ["Types"],
        ["Store"],
        ["Persistence"],
        ["Server"],
        ["PubSub", "Scripting", "Replication"],
        ["Commands"],
    ];

    /// <summary>What design.md's order of folders would allow but the part's own idea does not: bytes and sockets know no data structures.</summary>
    private static readonly Dictionary<string, string[]> Narrower = new()
    {
        ["Protocol"] = ["Primitives", "Memory"],
        ["Network"] = ["Primitives", "Memory"],
    };

    /// <summary>Tests of something that no single file is about.</summary>
    private static readonly string[] OfTheWhole = [nameof(TidyTests), nameof(DocsTests), nameof(Server.AllocationTests)];

    /// <summary>Files that compare names because finding or listing names is what they do; nothing is decided by it.</summary>
    private static readonly string[] LooksUpNames = ["CommandHelp", "DebugCommands"];

    private static readonly List<SourceFile> Library = SourceFile.Below("src/Hearth");

    private static readonly List<SourceFile> All = [.. Library, .. SourceFile.Below("src/Hearth.Cli"), .. SourceFile.Below("tests")];

    [Fact]
    public void Files_stay_short()
    {
        Assert.NotEmpty(Library);
        foreach (var file in All.Where(file => file.LineCount > FileLinesAimedAt))
        {
            TestContext.Current.SendDiagnosticMessage($"{file.Path} has {file.LineCount} lines; the aim is {FileLinesAimedAt}.");
        }

        AssertNone(All.Where(file => file.LineCount > FileLinesMax).Select(file => $"{file.Path} has {file.LineCount} lines"));
    }

    [Fact]
    public void Members_stay_short() => AssertNone(
        from file in All
        from member in file.Members()
        where member.Lines > MemberLinesMax
        select $"{file.Path}:{member.Line} has {member.Lines} lines: {member.Declaration}");

    [Fact]
    public void There_are_no_regions() => AssertNone(Matches(All, Region(), file => file.Text));

    [Fact]
    public void Types_are_partial_only_for_source_generators() => AssertNone(
        Matches(All.Where(file => !SourceGenerator().IsMatch(file.Code)), PartialType(), file => file.Code));

    [Fact]
    public void Unsafe_code_stays_where_memory_is_handled() => AssertNone(
        Matches(Library.Where(file => !MayBeUnsafe(file)), Unsafe(), file => file.Code));

    [Fact]
    public void Namespaces_are_the_folders_and_span_their_files() => AssertNone(
        from file in All
        let root = file.Path.StartsWith("src/", StringComparison.Ordinal) ? "src/" : "tests/"
        let expected = file.Folder[root.Length..].Replace('/', '.')
        where !HasTopLevelStatements(file) && !('\n' + file.Code).Contains($"\nnamespace {expected};")
        select $"{file.Path} is not in the namespace {expected}");

    [Fact]
    public void Folders_use_only_what_stands_above_them()
    {
        var folders = Layers.SelectMany(layer => layer).ToArray();
        var typeNames = folders.ToDictionary(folder => folder, folder => Library.Where(file => FolderOf(file) == folder).Select(file => file.Name).ToHashSet());
        AssertNone(
            from file in Library
            let folder = FolderOf(file)
            where folder.Length > 0
            let allowed = AllowedFor(folder)
            from used in UsedFolders(file, typeNames).Distinct()
            where used != folder && !allowed.Contains(used)
            select $"{file.Path} uses Hearth.{used}");
    }

    [Fact]
    public void Every_folder_of_the_library_has_its_place_in_the_order() => Assert.Subset(
        Layers.SelectMany(layer => layer).ToHashSet(), Library.Select(FolderOf).Where(folder => folder.Length > 0).ToHashSet());

    [Fact]
    public void The_library_leaves_the_console_the_process_and_the_thread_pool_alone() => AssertNone(Matches(Library, HandsOff(), file => file.Code));

    [Fact]
    public void The_library_has_no_mutable_statics()
    {
        AssertNone(Matches(Library, MutableStatic(), file => file.Code));
        AssertNone(Matches(Library, StaticCollection(), file => file.Code));
    }

    [Fact]
    public void Commands_are_told_apart_by_flags_never_by_name_or_handler() => AssertNone(
        Matches(Library.Where(file => FolderOf(file) is "Server" or "Commands" && !LooksUpNames.Contains(file.Name)), ComparesCommand(), file => file.Code));

    [Fact]
    public void Tests_mirror_the_sources()
    {
        var sources = SourceFile.Below("src").Select(file => file.Path).ToHashSet();
        AssertNone(
            from file in SourceFile.Below("tests/Hearth.Tests")
            where file.Name.EndsWith("Tests", StringComparison.Ordinal) && !OfTheWhole.Contains(file.Name)
            let folder = "src/Hearth" + file.Folder["tests/Hearth.Tests".Length..]
            let name = file.Name[..^"Tests".Length]
            // The tests of an interface run for each of its implementations.
            where !sources.Contains($"{folder}/{name}.cs") && !sources.Contains($"{folder}/I{name}.cs")
            select $"{file.Path} has no {folder}/{name}.cs");
    }

    [Fact]
    public void Nothing_names_a_place_on_the_machine_that_built_it() => AssertNone(
        from path in SourceFile.FilesBelow("")
        where Path.GetExtension(path) is ".cs" or ".csproj" or ".props" or ".slnx" or ".md" or ".json" or ".py" or ".txt" or ".mjs" or ".js" or ".yml" or ""
        from Match match in MachinePath().Matches(File.ReadAllText(Path.Combine(SourceFile.Root, path)))
        select $"{path}: {match.Value}");

    [Fact]
    public void The_measure_of_members_tells_types_from_bodies()
    {
        const string Code = """
            namespace A;
            class B
            {
                private static readonly E[] Table = [
                    new() { A = 1 },
                ];
                string Text => $"{{ {Path("x")} }} \" {'"'}"; // {
                int C()
                {
                    if (x) { return 1; }
                    return new D { E = '}' };
                }
                struct F
                {
                    int G { get; set; }
                }
            }
            """;
        var members = SourceFile.Parse("a/B.cs", Code).Members().Select(member => (member.Declaration, member.Lines));
        Assert.Equal([("int C()", 5), ("int G", 1)], members);
    }

    [Theory]
    [InlineData("    private static int _count;", true)]
    [InlineData("    internal static (int, int)[] Table = [];", true)]
    [InlineData("    public static Dictionary<string, (int, int)>? Known { get; set; }", true)]
    [InlineData("    private static readonly int[] Table = [];", false)]
    [InlineData("    public static string Name { get; } = \"\";", false)]
    [InlineData("    public static int Sum(int a = 1) => a;", false)]
    [InlineData("    private static (int, int) Both(int a, int b)", false)]
    [InlineData("    private static long Now => 1;", false)]
    [InlineData("    public static bool operator ==(A left, A right) => true;", false)]
    public void What_counts_as_a_mutable_static(string line, bool isMutable) => Assert.Equal(isMutable, MutableStatic().IsMatch(line));

    private static bool HasTopLevelStatements(SourceFile file) => file.Name == "Program";

    private static string FolderOf(SourceFile file) => file.Folder.Split('/').ElementAtOrDefault(2) ?? "";

    private static HashSet<string> AllowedFor(string folder) => Narrower.TryGetValue(folder, out var narrower)
        ? [.. narrower]
        : [.. Layers.TakeWhile(layer => !layer.Contains(folder)).SelectMany(layer => layer)];

    private static IEnumerable<string> UsedFolders(SourceFile file, Dictionary<string, HashSet<string>> typeNames)
    {
        foreach (Match match in HearthNamespace().Matches(file.Code))
        {
            var folder = match.Groups[1].Value;
            if (typeNames.ContainsKey(folder)) yield return folder;
        }

        // Inside the namespace Hearth.X, a type of Hearth.Y can be named Y.Type without a using.
        foreach (Match match in QualifiedName().Matches(file.Code))
        {
            var (folder, type) = (match.Groups[1].Value, match.Groups[2].Value);
            if (typeNames.TryGetValue(folder, out var types) && types.Contains(type)) yield return folder;
        }
    }

    private static bool MayBeUnsafe(SourceFile file) => FolderOf(file) switch
    {
        "Memory" or "DataStructures" or "Types" => true,
        "Network" or "Persistence" => NativeCall().IsMatch(file.Code) || file.Name == "ReceiveBuffers", // Memory that the kernel writes to.
        _ => false,
    };

    private static IEnumerable<string> Matches(IEnumerable<SourceFile> files, Regex pattern, Func<SourceFile, string> content) =>
        from file in files
        from Match match in pattern.Matches(content(file))
        select $"{file.Path}:{file.LineOf(match.Index + match.Value.Length - match.Value.TrimStart().Length)} {match.Value.Trim()}";

    private static void AssertNone(IEnumerable<string> violations)
    {
        var list = violations.ToList();
        if (list.Count > 0) Assert.Fail(string.Join('\n', list));
    }

    [GeneratedRegex(@"^\s*#\s*region", RegexOptions.Multiline)]
    private static partial Regex Region();

    [GeneratedRegex(@"\bpartial\s+(class|struct|interface|record|void|\w+\s+\w+\()")]
    private static partial Regex PartialType();

    [GeneratedRegex(@"\[(LibraryImport|GeneratedRegex|JsonSerializable)\b")]
    private static partial Regex SourceGenerator();

    [GeneratedRegex(@"\bunsafe\b|\bstackalloc\s+\w+\*|\bfixed\s*\(")]
    private static partial Regex Unsafe();

    /// <summary>Declares functions of the system, or calls those that its neighbours declare.</summary>
    [GeneratedRegex(@"\[(LibraryImport|DllImport)\b|\b(Unix|Windows)\w+\.\w+\(")]
    private static partial Regex NativeCall();

    [GeneratedRegex(@"\bHearth\.([A-Z]\w*)")]
    private static partial Regex HearthNamespace();

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w*)\.([A-Z]\w*)")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"\bConsole\.|\bEnvironment\.(Exit|FailFast)\b|\bTask\.(Run|Factory|Delay)\b|\bThreadPool\.|\bParallel\.|\bTimer\(|\bPosixSignalRegistration\b")]
    private static partial Regex HandsOff();

    [GeneratedRegex(@"^[ \t]*(?:(?:public|private|internal|protected|unsafe|volatile|new)[ \t]+)*static[ \t]+(?!readonly\b|.*\breadonly\b|.*\boperator\b)(?:[\w<>\[\]?,.* ]|\([^()=]*\))+?[ \t]+\w+[ \t]*(?:;|=[^>]|\{[ \t]*get;[^}]*\bset;)|\[ThreadStatic\]", RegexOptions.Multiline)]
    private static partial Regex MutableStatic();

    /// <summary>A read-only field can still hold something that changes; tables that never do are arrays or frozen.</summary>
    [GeneratedRegex(@"\bstatic\s+readonly\s+(List|Dictionary|HashSet|Queue|Stack|SortedDictionary|SortedSet|StringBuilder|ConcurrentDictionary|Random)\b")]
    private static partial Regex StaticCollection();

    [GeneratedRegex(@"\.Handler\s*[!=]=\s*(?!null)|\bHandler:\s*\w|\.(Full|Wire)?Name\s*[!=]=|\.(Full|Wire)?Name\s+is\s+(?!null)|\.WireName\.(AsSpan\(\)\.)?SequenceEqual|\.(Full)?Name\.Equals\(")]
    private static partial Regex ComparesCommand();

    [GeneratedRegex(@"(?<![\w./])/(work|home|root|Users|mnt|build)/\w[\w./-]*|\b[A-Z]:\\Users\\\w+")]
    private static partial Regex MachinePath();
}
