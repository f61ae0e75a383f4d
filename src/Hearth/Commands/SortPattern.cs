using System.Buffers;
using Hearth.DataStructures;
using Hearth.Primitives;
using Hearth.Server;
using Hearth.Types;

namespace Hearth.Commands;

/// <summary>
/// A pattern of SORT's BY and GET, which stands for a string at a key, or for a field of a hash: the element takes the place of the
/// first '*', and a field may follow behind "-&gt;". A pattern "#" stands for the element itself; one without a '*' for nothing.
/// </summary>
internal readonly ref struct SortPattern
{
    private readonly ReadOnlySpan<byte> _prefix;
    private readonly ReadOnlySpan<byte> _suffix;
    private readonly ReadOnlySpan<byte> _field;
    private readonly bool _isElement;
    private readonly bool _isConstant;

    public SortPattern(ReadOnlySpan<byte> text)
    {
        // Redis looks for the parts as C does, up to a NUL byte, and then takes all that stands around them.
        var clipped = CString.Clip(text);
        var star = clipped.IndexOf((byte)'*');
        _isElement = clipped is [(byte)'#'];
        _isConstant = star < 0;
        if (_isConstant) return;

        _prefix = text[..star];
        _suffix = text[(star + 1)..];
        var arrow = clipped[(star + 1)..].IndexOf("->"u8);
        if (arrow < 0 || arrow + 2 == clipped.Length - star - 1) return;
        _field = _suffix[(arrow + 2)..];
        _suffix = _suffix[..arrow];
    }

    /// <summary>Whether it names the same key for all elements, so that there is nothing to sort by.</summary>
    public static bool IsConstant(ReadOnlySpan<byte> text) => CString.Clip(text).IndexOf((byte)'*') < 0;

    /// <summary>What it stands for with this element; false if that is nothing. It stays valid until something is changed.</summary>
    public bool TryResolve(CommandContext context, ListpackElement element, Span<byte> scratch, out ListpackElement value)
    {
        value = element;
        if (_isElement) return true;
        if (_isConstant) return false;

        var text = element.ToBytes(scratch);
        var key = ArrayPool<byte>.Shared.Rent(_prefix.Length + text.Length + _suffix.Length);
        _prefix.CopyTo(key);
        text.CopyTo(key.AsSpan(_prefix.Length));
        _suffix.CopyTo(key.AsSpan(_prefix.Length + text.Length));
        var length = _prefix.Length + text.Length + _suffix.Length;
        var entry = context.Read(Key.Of(key.AsSpan(0, length), context.Engine.Hash));
        ArrayPool<byte>.Shared.Return(key);
        return entry.Exists && TryValue(context, entry, out value);
    }

    private bool TryValue(CommandContext context, Entry entry, out ListpackElement value)
    {
        value = default;
        if (!_field.IsEmpty) return entry.Type == KeyType.Hash && new HashValue(context.Values, entry).TryGet(_field, out value);
        if (entry.Type != KeyType.String) return false;
        var text = new StringValue(entry);
        value = text.IsInteger && text.TryGetInteger(out var integer) ? integer : ListpackElement.FromBytes(text.Bytes(default));
        return true;
    }
}
