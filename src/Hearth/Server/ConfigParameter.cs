namespace Hearth.Server;

/// <summary>
/// One row of the parameter table: a name and everything that may be asked of it. A row holds no value, since several servers
/// live in one process: values stand in <see cref="Config"/>.
/// </summary>
internal abstract class ConfigParameter(string name, ConfigFlags flags)
{
    public string Name { get; } = name;

    public ConfigFlags Flags { get; } = flags;

    /// <summary>An older name that means the same.</summary>
    public string? Alias { get; init; }

    public abstract object Default { get; }

    /// <summary>The name or the alias, whichever was meant.</summary>
    public string NameFor(string given) => given.Equals(Alias, StringComparison.OrdinalIgnoreCase) ? Alias : Name;

    public bool Has(ConfigFlags flag) => (Flags & flag) != 0;

    /// <summary>Reads a new value from the words that were given for it.</summary>
    /// <param name="words">Byte texts, see <see cref="ConfigText"/>.</param>
    /// <param name="current">The value so far, for parameters of which one can set a part.</param>
    /// <param name="value">The new value.</param>
    /// <returns>Null, or what is wrong, in Redis's words.</returns>
    public abstract string? Parse(IReadOnlyList<string> words, object current, out object value);

    /// <summary>The value as CONFIG GET shows it; CONFIG SET takes the same text back.</summary>
    public abstract string Format(object value);

    /// <summary>The lines that CONFIG REWRITE writes for this value; none where it says nothing.</summary>
    public abstract IEnumerable<string> RewriteLines(object value);

    public abstract bool AreEqual(object left, object right);

    /// <summary>What the value becomes when a file or the command line gives the parameter again.</summary>
    public virtual object Combine(object earlier, object value) => value;

    /// <summary>Hands the value to the property of <see cref="Config"/> that the server reads.</summary>
    public abstract void Store(Config config, object value);
}

/// <summary>A row whose values have one type.</summary>
/// <param name="name">The name in a file and in CONFIG SET.</param>
/// <param name="defaultValue">The value when nothing is given.</param>
/// <param name="flags">What is special about it.</param>
/// <param name="store">Sets the property that the server reads; null where it reads none.</param>
internal abstract class ConfigParameter<T>(string name, T defaultValue, ConfigFlags flags, Action<Config, T>? store)
    : ConfigParameter(name, flags)
    where T : notnull
{
    public override object Default { get; } = defaultValue;

    public sealed override string? Parse(IReadOnlyList<string> words, object current, out object value)
    {
        var error = Parse(words, (T)current, out var parsed);
        value = error is null ? parsed! : current;
        return error;
    }

    public sealed override string Format(object value) => Format((T)value);

    public override IEnumerable<string> RewriteLines(object value) => RewriteLines((T)value);

    public override bool AreEqual(object left, object right) => EqualityComparer<T>.Default.Equals((T)left, (T)right);

    public sealed override void Store(Config config, object value) => store?.Invoke(config, (T)value);

    protected abstract string? Parse(IReadOnlyList<string> words, T current, out T? value);

    protected abstract string Format(T value);

    protected virtual IEnumerable<string> RewriteLines(T value) => [$"{Name} {Format(value)}"];
}
