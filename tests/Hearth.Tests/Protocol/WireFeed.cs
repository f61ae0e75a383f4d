using Hearth.Memory;
using Hearth.Primitives;
using Hearth.Protocol;

namespace Hearth.Tests.Protocol;

/// <summary>
/// Hands a byte stream to a <see cref="RespReader"/> in pieces, as a connection does: what is left of a piece stays and comes again with the
/// next one, and nothing is read before as many bytes have come as the reader wants.
/// </summary>
internal sealed class WireFeed : IDisposable
{
    private readonly CommandBatch _batch;
    private readonly NativeBuffer _kept;
    private PartialCommand? _partial;
    private long _wantedBytes;

    public WireFeed()
    {
        _batch = new CommandBatch(Heap);
        _kept = new NativeBuffer(Heap);
    }

    public Heap Heap { get; } = new("wire");

    public RespReader Reader { get; } = new();

    public bool IsAuthenticated { get; set; } = true;

    /// <summary>Each command as its words, printable.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>The bytes of each command that was no inline one.</summary>
    public List<string> RawCommands { get; } = [];

    public string? Error { get; private set; }

    public int KeptBytes => _kept.Length;

    public long WantedBytes => _wantedBytes;

    /// <summary>How often the reader was asked.</summary>
    public int Reads { get; private set; }

    public static string Show(IEnumerable<byte[]> words) => string.Join(' ', words.Select(word => '<' + Latin1.Text(word) + '>'));

    public void Feed(ReadOnlySpan<byte> piece)
    {
        if (Error is not null) return;
        _kept.Append(piece);
        if (_kept.Length < _wantedBytes) return;

        var input = _kept.WrittenSlice;
        var position = 0;
        while (true)
        {
            Reads++;
            var result = Reader.Read(_batch, input, position, IsAuthenticated, ref _partial);
            Collect(input);
            var hasMoved = Reader.Consumed > position;
            position = Reader.Consumed;
            _wantedBytes = Reader.WantedBytes;
            if (result == ReadResult.ProtocolError)
            {
                Error = Reader.Error;
                break;
            }

            if (!hasMoved || position == input.Length || _wantedBytes > 0) break;
        }

        _kept.Consume(position);
    }

    /// <summary>The whole stream in pieces of random lengths.</summary>
    public void FeedInPieces(ReadOnlySpan<byte> stream, Random random, int pieceBytesMax)
    {
        while (!stream.IsEmpty)
        {
            var length = Math.Min(stream.Length, random.Next(1, pieceBytesMax + 1));
            Feed(stream[..length]);
            stream = stream[length..];
        }
    }

    /// <summary>Everything that came out, and where reading stopped.</summary>
    public string Outcome() => string.Join('\n', Commands) + $"\n{Error ?? "no error"}" + (Error is null ? $", {KeptBytes} bytes kept" : "");

    public void Dispose()
    {
        _batch.Dispose();
        _kept.Dispose();
        Heap.Dispose();
    }

    private void Collect(NativeSlice input)
    {
        for (var i = 0; i < _batch.Count; i++)
        {
            var args = _batch[i];
            var words = new List<byte[]>();
            for (var word = 0; word < args.Count; word++) words.Add(args[word].ToArray());
            Commands.Add(Show(words));
            var command = _batch.Commands[i];
            if (!command.IsInline) RawCommands.Add(Latin1.Text(input.Span[command.RawStart..command.RawEnd]));
        }
    }
}
