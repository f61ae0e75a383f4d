using System.Buffers.Text;

namespace Hearth.IntegrationTests.Support;

/// <summary>Bytes that are no RESP reply.</summary>
internal sealed class MalformedReplyException(string message) : Exception(message);

/// <summary>
/// Parses one reply from the start of a buffer. It is strict: what a client library might let pass (a missing CR, a length with
/// blanks) is an error here, because these are the bytes under test.
/// </summary>
internal ref struct RespParser(ReadOnlySpan<byte> input)
{
    private readonly ReadOnlySpan<byte> _input = input;

    /// <summary>The bytes taken so far; after a successful parse, the length of the reply.</summary>
    public int Position { get; private set; }

    /// <summary>False when the buffer ends within the reply.</summary>
    public bool TryParse(out RespValue value)
    {
        value = null!;
        var start = Position;
        if (!TryReadLine(out var line)) return false;
        if (line.Length == 0) throw Malformed("an empty line", start);

        var kind = (RespKind)line[0];
        var rest = line[1..];
        switch (kind)
        {
            case RespKind.BulkString or RespKind.BulkError or RespKind.VerbatimString:
                return TryParseBulk(kind, start, rest, out value);
            case RespKind.Array or RespKind.Set or RespKind.Push:
                return TryParseItems(kind, start, ParseLength(rest, start), out value);
            case RespKind.Map or RespKind.Attribute:
                return TryParseItems(kind, start, 2 * ParseLength(rest, start), out value);
            case RespKind.Null:
                value = Make(kind, start, [], [], isNull: true);
                return true;
            case RespKind.SimpleString or RespKind.Error or RespKind.Integer or RespKind.Boolean or RespKind.Double or RespKind.BigNumber:
                if (kind == RespKind.Integer) ParseInteger(rest, start);
                value = Make(kind, start, rest.ToArray(), []);
                return true;
            default:
                throw Malformed("an unknown first byte", start);
        }
    }

    private bool TryParseBulk(RespKind kind, int start, ReadOnlySpan<byte> lengthText, out RespValue value)
    {
        value = null!;
        var length = ParseLength(lengthText, start);
        if (length < 0)
        {
            value = Make(kind, start, [], [], isNull: true);
            return true;
        }

        if (_input.Length - Position < length + 2) return false;
        var payload = _input.Slice(Position, (int)length);
        if (_input[Position + (int)length] != '\r' || _input[Position + (int)length + 1] != '\n') throw Malformed("a bulk without its line end", start);
        Position += (int)length + 2;
        value = Make(kind, start, payload.ToArray(), []);
        return true;
    }

    private bool TryParseItems(RespKind kind, int start, long count, out RespValue value)
    {
        value = null!;
        if (count < 0)
        {
            value = Make(kind, start, [], [], isNull: true);
            return true;
        }

        var items = new List<RespValue>();
        while (items.Count < count)
        {
            if (!TryParse(out var item)) return false;
            items.Add(item);
        }

        value = Make(kind, start, [], [.. items]);
        return true;
    }

    private bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        line = default;
        var end = _input[Position..].IndexOf("\r\n"u8);
        if (end < 0) return false;
        line = _input.Slice(Position, end);
        Position += end + 2;
        return true;
    }

    private readonly RespValue Make(RespKind kind, int start, byte[] payload, RespValue[] items, bool isNull = false) =>
        new(kind, _input[start..Position].ToArray(), payload, items, isNull);

    private readonly long ParseLength(ReadOnlySpan<byte> text, int start)
    {
        var length = ParseInteger(text, start);
        return length is >= -1 and <= 1 << 30 ? length : throw Malformed("an impossible length", start);
    }

    private readonly long ParseInteger(ReadOnlySpan<byte> text, int start) =>
        Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length && text[0] != '+'
            ? number
            : throw Malformed("no integer", start);

    private readonly MalformedReplyException Malformed(string what, int start) =>
        new($"Reply has {what} at byte {start}: {Printable.Quote(_input[start..Math.Min(_input.Length, start + 200)])}");
}
