using Hearth.Memory;
using Hearth.Protocol;

namespace Hearth.PubSub;

/// <summary>
/// Writes a message as clients read it, once for each version of the protocol that a subscriber speaks, however many there are. The
/// buffers are reused from message to message, so that publishing allocates nothing.
/// </summary>
internal sealed class MessageEncoder : IDisposable
{
    /// <summary>Memory that a long message may leave behind.</summary>
    private const int BytesKeptMax = 64 * 1024;

    private readonly NativeBuffer[] _encodings;
    private readonly RespWriter _writer;

    public MessageEncoder(Heap heap)
    {
        _encodings = [new NativeBuffer(heap), new NativeBuffer(heap)];
        _writer = new RespWriter(_encodings[0]);
    }

    /// <summary>Forgets the last message.</summary>
    public void Begin()
    {
        foreach (var encoding in _encodings)
        {
            encoding.Clear();
            if (encoding.Capacity > BytesKeptMax) encoding.Release();
        }
    }

    /// <summary>The message for this version of the protocol; valid until the next <see cref="Begin"/>.</summary>
    public ReadOnlySpan<byte> Encode(in Message message, int version)
    {
        var encoding = _encodings[version - 2];
        if (encoding.Length == 0)
        {
            _writer.Target(encoding, version);
            Write(message);
        }

        return encoding.Written;
    }

    /// <summary>The confirmation that a client has, or is not, subscribed any more; null stands for no name.</summary>
    public static void WriteConfirmation(RespWriter writer, ReadOnlySpan<byte> word, ReadOnlySpan<byte> name, bool hasName, int count)
    {
        writer.Push(3);
        writer.Bulk(word);
        if (hasName) writer.Bulk(name);
        else writer.Null();
        writer.Integer(count);
    }

    public void Dispose()
    {
        foreach (var encoding in _encodings) encoding.Dispose();
    }

    private void Write(in Message message)
    {
        var kind = message.To.Table.Kind;
        var isByPattern = kind == SubscriptionKind.Pattern;
        _writer.Push(isByPattern ? 4 : 3);
        _writer.Bulk(kind.Message);
        if (isByPattern) _writer.Bulk(message.To.Name);
        _writer.Bulk(message.Channel);
        _writer.Bulk(message.Text);
    }
}
