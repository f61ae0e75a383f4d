using System.Globalization;
using System.Text.Json.Nodes;

namespace Hearth.Tests.Commands;

/// <summary>Reads a RESP3 reply, given as text of one byte a character, as JSON: maps become objects, arrays and sets arrays.</summary>
internal sealed class ReplyJson
{
    private readonly string _reply;
    private int _position;

    private ReplyJson(string reply) => _reply = reply;

    public static JsonNode? Parse(string reply)
    {
        var reader = new ReplyJson(reply);
        var value = reader.Value();
        if (reader._position != reply.Length) throw new FormatException($"{reply.Length - reader._position} bytes follow the reply.");
        return value;
    }

    private JsonNode? Value()
    {
        var type = _reply[_position++];
        var line = Line();
        switch (type)
        {
            case '+' or '-':
                return JsonValue.Create(line);
            case ':':
                return JsonValue.Create(long.Parse(line, CultureInfo.InvariantCulture));
            case '_':
                return null;
            case '$':
                var text = _reply.Substring(_position, int.Parse(line, CultureInfo.InvariantCulture));
                _position += text.Length + 2;
                return JsonValue.Create(text);
            case '*' or '~':
                return new JsonArray([.. Values(int.Parse(line, CultureInfo.InvariantCulture))]);
            case '%':
                var map = new JsonObject();
                var pairs = int.Parse(line, CultureInfo.InvariantCulture);
                for (; pairs > 0; pairs--) map.Add(Value()!.GetValue<string>(), Value());
                return map;
            default:
                throw new FormatException($"Unexpected type '{type}' at {_position - 1}.");
        }
    }

    private List<JsonNode?> Values(int count)
    {
        var values = new List<JsonNode?>(count);
        for (; count > 0; count--) values.Add(Value());
        return values;
    }

    private string Line()
    {
        var end = _reply.IndexOf("\r\n", _position, StringComparison.Ordinal);
        var line = _reply[_position..end];
        _position = end + 2;
        return line;
    }
}
