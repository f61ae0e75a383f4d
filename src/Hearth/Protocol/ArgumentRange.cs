namespace Hearth.Protocol;

/// <summary>Where one argument of a command lies in the bytes it was read from.</summary>
internal readonly record struct ArgumentRange(int Offset, int Length);
