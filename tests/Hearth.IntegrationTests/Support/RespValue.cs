using System.Globalization;
using System.Text;

namespace Hearth.IntegrationTests.Support;

/// <summary>
/// One parsed reply with the very bytes it came in. A map's items are its keys and values in turn.
/// A null of RESP2 keeps its kind (BulkString or Array) and says so in <see cref="IsNull"/>.
/// </summary>
internal sealed class RespValue(RespKind kind, byte[] raw, byte[] payload, RespValue[] items, bool isNull)
{
    public RespKind Kind { get; } = kind;

    /// <summary>Every byte of the reply, headers and line ends included.</summary>
    public byte[] Raw { get; } = raw;

    /// <summary>The bytes of a string, error or number; empty for aggregates.</summary>
    public byte[] Payload { get; } = payload;

    public IReadOnlyList<RespValue> Items { get; } = items;

    public bool IsNull { get; } = isNull;

    public bool IsError => Kind is RespKind.Error or RespKind.BulkError;

    public bool IsAggregate => !IsNull && Kind is RespKind.Array or RespKind.Map or RespKind.Set or RespKind.Push or RespKind.Attribute;

    /// <summary>The payload with one char per byte, so that binary text survives and comparisons are ordinal.</summary>
    public string Text => Encoding.Latin1.GetString(Payload);

    public long Integer => long.Parse(Payload, CultureInfo.InvariantCulture);

    /// <summary>As redis-cli would show it on one line; for messages of tests.</summary>
    public override string ToString() => Kind switch
    {
        _ when IsNull => "(nil)",
        RespKind.SimpleString => "+" + Printable.Quote(Payload),
        RespKind.Error or RespKind.BulkError => "(error) " + Printable.Escape(Payload),
        RespKind.Integer => ":" + Text,
        RespKind.BulkString => Printable.Quote(Payload),
        RespKind.Array => "[" + string.Join(", ", Items) + "]",
        _ when IsAggregate => (char)Kind + "[" + string.Join(", ", Items) + "]",
        _ => (char)Kind + Printable.Quote(Payload),
    };
}
