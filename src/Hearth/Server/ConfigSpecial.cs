namespace Hearth.Server;

/// <summary>
/// A parameter with rules of its own, given as functions: how words become a value, how a value is shown, and which lines
/// CONFIG REWRITE writes for it. <see cref="ConfigSpecialValues"/> holds the functions.
/// </summary>
internal sealed class ConfigSpecial<T>(string name, T defaultValue, ConfigFlags flags = 0, Action<Config, T>? store = null)
    : ConfigParameter<T>(name, defaultValue, flags, store)
    where T : notnull
{
    public delegate string? Parser(IReadOnlyList<string> words, T current, out T? value);

    public required Parser Read { get; init; }

    public required Func<T, string> Show { get; init; }

    /// <summary>Where one line with the name and the shown value would not do.</summary>
    public Func<T, IEnumerable<string>>? Lines { get; init; }

    /// <summary>How a second line of a file adds to the first; it replaces it where this is null.</summary>
    public Func<T, T, T>? Add { get; init; }

    public override bool AreEqual(object left, object right) => Format(left) == Format(right);

    public override object Combine(object earlier, object value) => Add is null ? value : Add((T)earlier, (T)value);

    protected override string? Parse(IReadOnlyList<string> words, T current, out T? value) => Read(words, current, out value);

    protected override string Format(T value) => Show(value);

    protected override IEnumerable<string> RewriteLines(T value) => Lines?.Invoke(value) ?? base.RewriteLines(value);
}
