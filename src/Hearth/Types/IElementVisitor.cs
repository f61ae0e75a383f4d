using Hearth.DataStructures;

namespace Hearth.Types;

/// <summary>Sees the elements of a collection one by one; a struct, so that the calls are inlined. It may not change the collection.</summary>
internal interface IElementVisitor
{
    void Visit(ListpackElement element);
}

/// <summary>The same for the fields of a hash with their values.</summary>
internal interface IFieldVisitor
{
    void Visit(ListpackElement field, ListpackElement value);
}
