namespace Hearth.Server;

/// <summary>One word of any bytes: a name, a path, a password.</summary>
internal sealed class ConfigString(string name, string defaultValue, ConfigFlags flags = 0, Action<Config, string>? store = null)
    : ConfigParameter<string>(name, defaultValue, flags, store)
{
    /// <summary>What speaks against a value, or null.</summary>
    public Func<string, string?>? Check { get; init; }

    protected override string? Parse(IReadOnlyList<string> words, string current, out string? value)
    {
        value = words[0];
        return Check?.Invoke(value);
    }

    protected override string Format(string value) => value;

    protected override IEnumerable<string> RewriteLines(string value) =>
        value.Length == 0 && Has(ConfigFlags.EmptyIsNone) ? [] : [$"{Name} {ConfigText.Quote(value)}"];
}
