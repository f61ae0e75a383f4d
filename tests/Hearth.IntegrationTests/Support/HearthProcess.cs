namespace Hearth.IntegrationTests.Support;

/// <summary>Hearth as its users start it: the command-line front that was built with these tests, in a process of its own.</summary>
internal sealed class HearthProcess : TestServer
{
    public HearthProcess(params string[] options) : base("dotnet", [FindFront(), .. options]) { }

    /// <summary>
    /// The tests lie in ROOT/tests/Hearth.IntegrationTests/bin/CONFIGURATION/FRAMEWORK, and the front in the same place of its own project.
    /// </summary>
    public static string FindFront()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var (framework, configuration) = (output.Name, output.Parent!.Name);
        var front = Path.Combine(RepositoryRoot(), "src", "Hearth.Cli", "bin", configuration, framework, "Hearth.Cli.dll");
        return File.Exists(front) ? front : throw new FileNotFoundException("The command-line front was not built with the tests.", front);
    }

    public static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Hearth.slnx"))) directory = directory.Parent;
        return directory?.FullName ?? throw new DirectoryNotFoundException("No Hearth.slnx stands above the tests.");
    }
}
