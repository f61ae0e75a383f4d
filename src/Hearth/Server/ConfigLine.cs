namespace Hearth.Server;

/// <summary>A line of the configuration and where it stands, for error messages.</summary>
/// <param name="Origin">The file, or what else it was read from.</param>
/// <param name="Number">Counted from 1.</param>
/// <param name="Text">The line without the blanks around it, a byte text.</param>
internal readonly record struct ConfigLine(string Origin, int Number, string Text);
