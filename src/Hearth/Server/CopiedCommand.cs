using Hearth.Memory;
using Hearth.Protocol;

namespace Hearth.Server;

/// <summary>A command's words in memory of its own, since the input that they came in is reused before they are needed again.</summary>
internal sealed class CopiedCommand(Heap heap) : IDisposable
{
    /// <summary>More than this is not kept for the next command.</summary>
    private const int BytesKeptMax = 4 * 1024;

    private const int RangesKeptMax = 64;

    private readonly NativeBuffer _bytes = new(heap);
    private ArgumentRange[] _ranges = new ArgumentRange[8];
    private int _count;

    public Arguments Args => new(_bytes.WrittenSlice, _ranges, 0, _count);

    /// <summary>Bytes of the words.</summary>
    public int Bytes => _bytes.Length;

    public void Take(in Arguments args)
    {
        Clear();
        if (_ranges.Length < args.Count) _ranges = new ArgumentRange[args.Count];
        _count = args.Count;
        for (var i = 0; i < args.Count; i++) Replace(i, args[i]);
    }

    /// <summary>Puts another word into the place of one of them.</summary>
    public void Replace(int index, ReadOnlySpan<byte> word)
    {
        _ranges[index] = new ArgumentRange(_bytes.Length, word.Length);
        _bytes.Append(word);
    }

    public void Clear()
    {
        _count = 0;
        if (_bytes.Capacity > BytesKeptMax) _bytes.Release();
        else _bytes.Clear();
        if (_ranges.Length > RangesKeptMax) _ranges = new ArgumentRange[8];
    }

    public void Dispose() => _bytes.Dispose();
}
