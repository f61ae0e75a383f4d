using Hearth.Primitives;
using Hearth.Protocol;
using Hearth.Store;
using Hearth.Types;

namespace Hearth.Server;

/// <summary>
/// The keys of a batch of commands. Each is hashed once. While the batch is looked up, the processor is asked for the buckets of all keys;
/// while it runs, for the entries of the next few, and for the elements that their commands look for. So the misses of a pipeline overlap with each other and with the work on the
/// commands before, and there are never more of them under way than the processor can have.
/// </summary>
internal sealed class BatchKeys(KeyedHash hash, ValueSpace values)
{
    /// <summary>Keys hashed ahead in one batch; those of a command that does not fit are hashed as it runs.</summary>
    private const int HashesMax = 1024;

    /// <summary>How many keys the prefetched entries are ahead: about the time of one memory access.</summary>
    private const int EntriesAhead = 8;

    /// <summary>How many commands' elements are asked for together.</summary>
    private const int ElementsTogether = 8;

    /// <summary>A longer name of an element is not worth hashing twice.</summary>
    private const int ElementBytesMax = 256;

    private readonly (int First, int Count)[] _ranges = new (int, int)[CommandBatch.CommandsMax];
    private readonly ulong[] _elementHashes = new ulong[CommandBatch.CommandsMax];
    private readonly Entry[] _collections = new Entry[ElementsTogether];
    private Keyspace? _keyspace;
    private int _count;
    private int _prefetched;
    private int _commands;
    private int _elements;
    private int _nextGroup;

    public ulong[] Hashes { get; } = new ulong[HashesMax];

    /// <summary>The keys are looked for in this database; a transaction in the batch may replace its tables.</summary>
    public void Begin(Keyspace keyspace)
    {
        if (_keyspace != keyspace) _keyspace = keyspace;
        _count = 0;
        _prefetched = 0;
        _commands = 0;
        _elements = 0;
        _nextGroup = 0;
    }

    /// <summary>Where the hashes of a command's keys are.</summary>
    public (int First, int Count) RangeOf(int command) => _ranges[command];

    /// <summary>Hashes the keys of a command; a lone key is needed too soon for a prefetch to be of use.</summary>
    public void Add(int index, Command? command, in Arguments args, bool isAlone)
    {
        _commands = index + 1;
        _ranges[index] = default;
        _elementHashes[index] = 0;
        if (command is null || command.FirstKey == 0) return;
        var (first, step) = (command.FirstKey, command.KeyStep);
        var last = command.LastKey >= 0 ? command.LastKey : args.Count + command.LastKey;
        if (last >= args.Count) last = args.Count - 1;
        if (first > last) return;
        var count = step == 1 ? last - first + 1 : ((last - first) / step) + 1;
        if (count > HashesMax - _count) return;

        _ranges[index] = (_count, count);
        var isPrefetching = !isAlone || count > 1;
        for (var argument = first; argument <= last; argument += step)
        {
            var keyHash = hash.Hash(args[argument]);
            Hashes[_count++] = keyHash;
            if (isPrefetching) _keyspace!.Keys.PrefetchBucket(keyHash);
        }

        var element = command.ElementArgument;
        if (isAlone || element == 0 || element >= args.Count || args[element].Length > ElementBytesMax) return;
        _elementHashes[index] = hash.Hash(args[element]);
        _elements++;
    }

    /// <summary>Asks for the entries of this command and of those after it.</summary>
    public void PrefetchFrom(int command)
    {
        if (_count <= 1) return;
        var (first, count) = _ranges[command];
        var end = Math.Min(first + count + EntriesAhead, _count);
        while (_prefetched < end) _keyspace!.Keys.PrefetchEntries(Hashes[_prefetched++]);
        if (_elements > 1 && command == _nextGroup) PrefetchElements();
    }

    /// <summary>
    /// Asks for the elements that the next commands look for in their collections, in three steps over all of them. Nothing runs in
    /// between, so the entries stay where they are.
    /// </summary>
    private void PrefetchElements()
    {
        var first = _nextGroup;
        var count = Math.Min(ElementsTogether, _commands - first);
        for (var i = 0; i < count; i++)
        {
            _collections[i] = default;
            if (_elementHashes[first + i] == 0) continue;
            var entry = _keyspace!.Keys.Guess(Hashes[_ranges[first + i].First]);
            if (!entry.Exists) continue;
            ValuePrefetch.Block(entry);
            _collections[i] = entry;
        }

        for (var i = 0; i < count; i++)
        {
            if (_collections[i].Exists) ValuePrefetch.Bucket(values, _collections[i], _elementHashes[first + i]);
        }

        for (var i = 0; i < count; i++)
        {
            if (_collections[i].Exists) ValuePrefetch.Element(values, _collections[i], _elementHashes[first + i]);
        }

        _nextGroup = first + count;
    }
}
