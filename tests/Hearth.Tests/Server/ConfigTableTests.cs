using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

/// <summary>The table against what a running 7.2.6 answered to CONFIG GET *.</summary>
public class ConfigTableTests
{
    /// <summary>What that run had set itself, each with the default it really has.</summary>
    private static readonly Dictionary<string, string> _setOnThatRun = new()
    {
        ["port"] = "6379",
        ["daemonize"] = "no",
        ["enable-debug-command"] = "no",
        ["save"] = "3600 1 300 100 60 10000",
    };

    /// <summary>What depends on where a server runs, and was taken out of the list.</summary>
    private static readonly string[] _placeOfThatRun = ["dir", "logfile", "pidfile"];

    [Fact]
    public void Every_parameter_of_7_2_is_there_with_its_default()
    {
        var config = new Config();
        foreach (var (name, recorded) in Recorded())
        {
            Assert.True(ConfigTable.ByName.TryGetValue(name, out var row), $"{name} is missing");
            Assert.Equal($"{name} {_setOnThatRun.GetValueOrDefault(name, recorded)}", $"{name} {config.Show(row)}");
        }
    }

    [Fact]
    public void Nothing_is_visible_that_7_2_does_not_have()
    {
        var visible = ConfigTable.ByName.Where(entry => !entry.Value.Has(ConfigFlags.Hidden)).Select(entry => entry.Key);
        Assert.Equal(
            Recorded().Keys.Concat(_placeOfThatRun).Order(StringComparer.Ordinal),
            visible.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_and_aliases_are_found_in_any_case() =>
        Assert.Same(ConfigTable.ByName["replica-priority"], ConfigTable.ByName["SLAVE-Priority"]);

    [Fact]
    public void The_properties_start_with_the_defaults_of_the_rows()
    {
        var config = new Config();
        Assert.Equal(16, config.Databases);
        Assert.Equal(6379, config.Port);
        Assert.Equal(["*", "-::*"], config.Bind);
        Assert.Equal(10000, config.MaxClients);
        Assert.Equal(512 * 1024 * 1024, config.ProtoMaxBulkLength);
        Assert.Equal(LogLevel.Notice, config.LogLevel);
        Assert.Equal(LocalAccess.No, config.EnableDebugCommand);
        Assert.Equal(SupervisedMode.No, config.Supervised);
        Assert.Equal(MaxMemoryPolicy.NoEviction, config.MaxMemoryPolicy);
        Assert.Equal(new OutputBufferLimit(256 << 20, 64 << 20, 60), config.OutputBufferLimits[1]);
        Assert.Equal(new SavePoint(60, 10000), config.SavePoints[2]);
        Assert.Equal(Environment.CurrentDirectory, config.DataDirectory);
    }

    /// <summary>Only the sources tell: a row fills a property, and something has to read that property.</summary>
    [Fact]
    public void A_parameter_that_claims_effect_is_read_by_something()
    {
        var sources = SourceFile.Below("src").ToDictionary(file => file.Name);
        var readers = sources.Values.Where(file => file.Name != "ConfigTable").Select(file => (file.Name, file.Code)).ToList();
        var rows = sources["ConfigTable"].Text.Split("        new Config")[1..];
        var claims = 0;
        foreach (var row in rows.Where(row => !row.Contains("NoEffect", StringComparison.Ordinal)))
        {
            var property = Regex.Match(row, @"\bc\.(?:Encodings\.)?(\w+) = ").Groups[1].Value;
            Assert.True(property.Length > 0, $"Nothing is filled, yet effect is claimed: {row}");
            var read = new Regex($@"\b(config|limits)\.{property}\b(?! = )", RegexOptions.IgnoreCase);
            var readHere = new Regex($@"\b{property}\b(?! {{ get)");
            Assert.True(
                readers.Any(reader => (reader.Name == "Config" ? readHere : read).IsMatch(reader.Code)), $"Nothing reads {property}, yet effect is claimed: {row}");
            claims++;
        }

        Assert.InRange(claims, 30, rows.Length);
    }

    private static Dictionary<string, string> Recorded([CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "oracle", "config-7.2.json");
        return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))!;
    }
}
