namespace Hearth.Server;

/// <summary>yes or no.</summary>
internal sealed class ConfigBool(string name, bool defaultValue, ConfigFlags flags = 0, Action<Config, bool>? store = null)
    : ConfigParameter<bool>(name, defaultValue, flags, store)
{
    /// <summary>What speaks against a value that is well formed, or null.</summary>
    public Func<bool, string?>? Check { get; init; }

    protected override string? Parse(IReadOnlyList<string> words, bool current, out bool value)
    {
        value = words[0].Equals("yes", StringComparison.OrdinalIgnoreCase);
        if (!value && !words[0].Equals("no", StringComparison.OrdinalIgnoreCase)) return "argument must be 'yes' or 'no'";
        return Check?.Invoke(value);
    }

    protected override string Format(bool value) => value ? "yes" : "no";
}
