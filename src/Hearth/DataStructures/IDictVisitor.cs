namespace Hearth.DataStructures;

/// <summary>Receives elements of a <see cref="Dict{TLayout}"/>. A visit may change neither the dict nor the key.</summary>
internal interface IDictVisitor
{
    public void Visit(nint element);
}
