namespace Hearth.DataStructures;

/// <summary>An end of a list.</summary>
internal enum ListEnd : byte
{
    Head,
    Tail,
}
