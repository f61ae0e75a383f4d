namespace Hearth.Server;

/// <summary>One of several words, upper or lower case. The value is the place of the word in the list.</summary>
internal sealed class ConfigEnum(
    string name, string defaultValue, string[] choices, ConfigFlags flags = 0, Action<Config, int>? store = null)
    : ConfigParameter<int>(name, Array.IndexOf(choices, defaultValue), flags, store)
{
    protected override string? Parse(IReadOnlyList<string> words, int current, out int value)
    {
        value = IndexOf(choices, words[0]);
        return value < 0 ? OneOf(choices) : null;
    }

    protected override string Format(int value) => choices[value];

    public static int IndexOf(string[] choices, string word) =>
        Array.FindIndex(choices, choice => choice.Equals(word, StringComparison.OrdinalIgnoreCase));

    public static string OneOf(string[] choices) => "argument(s) must be one of the following: " + string.Join(", ", choices);
}
