using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public class ConfigArgumentsTests
{
    [Theory]
    [InlineData(new string[0], null, false, "")]
    [InlineData(new[] { "a.conf" }, "a.conf", false, "")]
    [InlineData(new[] { "a.conf", "--port", "1", "--hz", "20" }, "a.conf", false, "port \"1\" \nhz \"20\" ")]
    [InlineData(new[] { "--maxmemory 1gb", "--hz", "20" }, null, false, "maxmemory 1gb \nhz \"20\" ")]
    [InlineData(new[] { "--requirepass", "--hz 30" }, null, false, "requirepass \"--hz 30\" ")]
    [InlineData(new[] { "--save", "--hz", "20" }, null, false, "save \"\"\nhz \"20\" ")]
    [InlineData(new[] { "--hz", "20", "--save" }, null, false, "hz \"20\" \nsave \"\"")]
    [InlineData(new[] { "--SAVE", "60 1" }, null, false, "SAVE \"60 1\" ")]
    [InlineData(new[] { "--save", "" }, null, false, "save \"\" ")]
    [InlineData(new[] { "--hz", "--hz", "30" }, null, false, "hz \"--hz\" \"30\" ")]
    [InlineData(new[] { "-" }, null, true, "")]
    [InlineData(new[] { "-", "--port", "1" }, null, true, "port \"1\" ")]
    [InlineData(new[] { "a.conf", "--port", "1", "-" }, "a.conf", true, "port \"1\" ")]
    [InlineData(new[] { "a.conf", "-", "--port", "1" }, "a.conf", false, "\"-\" \nport \"1\" ")]
    [InlineData(new[] { "--bind", "127.0.0.1", "::1" }, null, false, "bind \"127.0.0.1\" \"::1\" ")]
    [InlineData(new[] { "--requirepass", "é\n" }, null, false, "requirepass \"\\xc3\\xa9\\n\" ")]
    public void A_command_line_becomes_configuration_text(string[] arguments, string? file, bool readsStandardInput, string text)
    {
        var parsed = new ConfigArguments(arguments);
        Assert.Equal((file, readsStandardInput, text), (parsed.File, parsed.ReadsStandardInput, parsed.Text));
    }
}
