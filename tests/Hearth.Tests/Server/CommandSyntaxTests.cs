using Hearth.Server;
using Xunit;

namespace Hearth.Tests.Server;

public sealed class CommandSyntaxTests
{
    [Fact]
    public void A_bare_word_is_a_string_and_a_key_belongs_to_the_spec_of_its_place()
    {
        var arguments = CommandSyntax.Parse("source:key destination:key member key#0");
        Assert.Equal(["source", "destination", "member", "key"], arguments.Select(a => a.Name));
        Assert.Equal([0, 1, -1, 0], arguments.Select(a => a.KeySpecIndex));
        Assert.Equal(CommandArgumentType.String, arguments[2].Type);
        Assert.Equal(CommandArgumentType.Key, arguments[3].Type);
        Assert.Equal("destination", arguments[1].DisplayText);
    }

    [Fact]
    public void Brackets_are_optional_and_dots_repeat_with_the_token_only_outside_of_them()
    {
        var once = CommandSyntax.Parse("[ID client-id:integer...]").Single();
        var repeated = CommandSyntax.Parse("[PREFIX prefix]...").Single();
        var needed = CommandSyntax.Parse("element...").Single();
        Assert.Equal(("ID", true, true, false), (once.Token, once.IsOptional, once.IsMultiple, once.IsTokenRepeated));
        Assert.Equal(("PREFIX", true, true, true), (repeated.Token, repeated.IsOptional, repeated.IsMultiple, repeated.IsTokenRepeated));
        Assert.Equal((null, false, true, false), (needed.Token, needed.IsOptional, needed.IsMultiple, needed.IsTokenRepeated));
    }

    [Fact]
    public void Alternatives_and_blocks_nest()
    {
        var expiration = CommandSyntax.Parse("[expiration:<EX seconds@2.6.12:integer | limit:(offset count) | KEEPTTL@6.0.0>]").Single();
        Assert.Equal(CommandArgumentType.OneOf, expiration.Type);
        Assert.Null(expiration.DisplayText);
        Assert.Equal(["seconds", "limit", "keepttl"], expiration.Arguments.Select(a => a.Name));
        var seconds = expiration.Arguments[0];
        Assert.Equal(("EX", "2.6.12", CommandArgumentType.Integer), (seconds.Token, seconds.Since, seconds.Type));
        Assert.Equal(["offset", "count"], expiration.Arguments[1].Arguments.Select(a => a.Name));
        Assert.Equal((CommandArgumentType.PureToken, "6.0.0"), (expiration.Arguments[2].Type, expiration.Arguments[2].Since));
    }

    [Fact]
    public void A_token_takes_the_argument_after_it_unless_it_has_a_name_of_its_own()
    {
        var block = CommandSyntax.Parse("full:(FULL [COUNT count]) auto-id='*' id CH@3.0.2 [change=CH] addr\"ip:port\"~2.8.12");
        Assert.Equal(["full", "auto-id", "id", "ch", "change", "addr"], block.Select(a => a.Name));
        Assert.Equal("COUNT", block[0].Arguments[1].Token);
        Assert.Equal(CommandArgumentType.PureToken, block[0].Arguments[0].Type);
        Assert.Equal("*", block[1].Token);
        Assert.Null(block[2].Token);
        Assert.Equal(("ip:port", "2.8.12"), (block[5].DisplayText, block[5].DeprecatedSince));
    }

    [Theory]
    [InlineData("[key")]
    [InlineData("key]")]
    [InlineData("x:<A | B")]
    [InlineData("x:(a b")]
    [InlineData("x:nosuch")]
    [InlineData("x=")]
    [InlineData("x\"open")]
    [InlineData("a | b")]
    [InlineData("[a b]")]
    public void What_breaks_the_notation_is_refused(string text) => Assert.Throws<FormatException>(() => CommandSyntax.Parse(text));
}
