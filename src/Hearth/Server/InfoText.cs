using System.Globalization;
using System.Text;

namespace Hearth.Server;

/// <summary>INFO's form: sections with a title, "name:value" lines, an empty line between sections.</summary>
internal sealed class InfoText
{
    private readonly StringBuilder _text = new();

    public void Section(string title)
    {
        if (_text.Length > 0) _text.Append("\r\n");
        _text.Append("# ").Append(title).Append("\r\n");
    }

    public void Field(string name, string value) => _text.Append(name).Append(':').Append(value).Append("\r\n");

    public void Field(string name, long value) => Field(name, value.ToString(CultureInfo.InvariantCulture));

    public void Field(string name, double value, string format) => Field(name, value.ToString(format, CultureInfo.InvariantCulture));

    /// <summary>A number of bytes, and the same for people in a second field.</summary>
    public void Bytes(string name, long bytes)
    {
        Field(name, bytes);
        Field(name + "_human", Human(bytes));
    }

    /// <summary>Bytes with two decimals and a unit: 1.05M.</summary>
    public static string Human(long bytes)
    {
        if (bytes < 1024) return bytes.ToString(CultureInfo.InvariantCulture) + "B";
        var value = (double)bytes;
        var unit = -1;
        while (value >= 1024 && unit < 4)
        {
            value /= 1024;
            unit++;
        }

        return value.ToString("F2", CultureInfo.InvariantCulture) + "KMGTP"[unit];
    }

    public override string ToString() => _text.ToString();
}
