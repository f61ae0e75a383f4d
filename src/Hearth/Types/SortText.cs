using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hearth.DataStructures;

namespace Hearth.Types;

/// <summary>
/// A text that SORT remembers without copying it: the bytes lie in a collection or a string that does not change while the command
/// runs. It may be absent, and it may be an integer, which has its text nowhere.
/// </summary>
internal readonly unsafe struct SortText
{
    private readonly byte* _start;

    /// <summary>The length, or the integer itself.</summary>
    private readonly long _value;
    private readonly bool _isInteger;

    public SortText(ListpackElement element)
    {
        _isInteger = element.IsInteger;
        _value = element.IsInteger ? element.Integer : element.Bytes.Length;
        Exists = true;
        if (!element.IsInteger) _start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(element.Bytes));
    }

    public bool Exists { get; }

    public ListpackElement Element => _isInteger ? new ListpackElement(_value) : ListpackElement.FromBytes(new ReadOnlySpan<byte>(_start, (int)_value));
}
