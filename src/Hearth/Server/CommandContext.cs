using System.Runtime.CompilerServices;
using Hearth.Primitives;
using Hearth.Protocol;
using Hearth.Store;
using Hearth.Types;

namespace Hearth.Server;

/// <summary>
/// What a handler works with: its arguments, the database, the reply. One object serves all commands; the dispatcher fills it anew
/// for each, so a handler keeps nothing of it.
/// </summary>
internal sealed class CommandContext(Engine engine, RespWriter reply)
{
    private Arguments _args;
    private int _firstHash;
    private int _hashCount;

    public Engine Engine { get; } = engine;

    public RespWriter Reply { get; } = reply;

    public Client Client { get; private set; } = null!;

    public Command Command { get; private set; } = null!;

    public ref readonly Arguments Args => ref _args;

    /// <summary>The keys of the batch that the command came in.</summary>
    public BatchKeys BatchKeys { get; } = new(engine.Hash, engine.Values);

    /// <summary>The database that the client has selected.</summary>
    public Keyspace Keyspace { get; private set; } = null!;

    /// <summary>Unix time in milliseconds; it stands still while a command, a transaction or a script runs.</summary>
    public long NowMs => Engine.Clock.NowMs;

    public ValueSpace Values => Engine.Values;

    public Propagation Propagation => Engine.Propagation;

    /// <summary>Sets what the next handler sees. Most of it is as before, and comparing is cheaper than storing a reference.</summary>
    public void Begin(Client client, Command command, in Arguments args)
    {
        if (Client != client) Client = client;
        if (Command != command) Command = command;
        _args.Become(args);
        var keyspace = Engine.Keyspaces[client.Database];
        if (Keyspace != keyspace) Keyspace = keyspace;
    }

    /// <summary>The batch has hashed the keys of the command that begins next.</summary>
    public void UseHashes((int First, int Count) range) => (_firstHash, _hashCount) = range;

    public void ForgetHashes() => _hashCount = 0;

    /// <summary>The argument as a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Key Key(int argument)
    {
        var bytes = Args[argument];
        if (_hashCount > 0)
        {
            var distance = argument - Command.FirstKey;
            var step = Command.KeyStep;
            var index = step == 1 ? distance : distance % step == 0 ? distance / step : -1;
            if ((uint)index < (uint)_hashCount) return new Key(bytes, BatchKeys.Hashes[_firstHash + index]);
        }

        return Types.Key.Of(bytes, Engine.Hash);
    }

    /// <summary>The entry to be read; counts as hit or miss.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Entry Read(in Key key) => Read(key, Client.IsNoTouch ? Lookup.Read | Lookup.NoTouch : Lookup.Read);

    /// <summary>The entry to be looked at without using it: a hit or a miss, but no access for LRU and LFU.</summary>
    public Entry Inspect(in Key key) => Read(key, Lookup.Read | Lookup.NoTouch);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Entry Read(in Key key, Lookup how)
    {
        var entry = Keyspace.Find(key, how);
        if (!entry.Exists) Engine.Notify(Keyspace, KeyspaceEvent.KeyMiss, key.Bytes);
        return entry;
    }

    /// <summary>The entry to be changed; counts as neither hit nor miss.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Entry Write(in Key key) => Keyspace.Find(key, Client.IsNoTouch ? Lookup.Write | Lookup.NoTouch : Lookup.Write);

    /// <summary>The entry to be read, none when absent; false when the key holds another type, and then it has been replied.</summary>
    public bool TryRead(in Key key, KeyType type, out Entry entry) => TryType(entry = Read(key), type);

    /// <summary>The entry to be changed, none when absent; false when the key holds another type, and then it has been replied.</summary>
    public bool TryWrite(in Key key, KeyType type, out Entry entry) => TryType(entry = Write(key), type);

    /// <summary>The string to be read, empty when absent; false when the key holds another type, and then it has been replied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadString(in Key key, out StringValue value) => TryString(Read(key), out value);

    /// <summary>The string to be changed, empty when absent; false when the key holds another type, and then it has been replied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWriteString(in Key key, out StringValue value) => TryString(Write(key), out value);

    /// <summary>A key has changed: counts it, spoils transactions that watch it, and notifies.</summary>
    public void Modified(in Key key, KeyspaceEvent keyspaceEvent)
    {
        Engine.Dirty++;
        Touched(key);
        Engine.Notify(Keyspace, keyspaceEvent, key.Bytes);
    }

    /// <summary>A key has changed in so many ways, under one event.</summary>
    public void Modified(in Key key, KeyspaceEvent keyspaceEvent, long changes)
    {
        Engine.Dirty += changes - 1;
        Modified(key, keyspaceEvent);
    }

    /// <summary>Elements of a collection have been taken out: counts and notifies, and deletes the key when none is left.</summary>
    public void Removed(in Key key, Entry entry, KeyspaceEvent keyspaceEvent, long count, bool isEmpty)
    {
        Modified(key, keyspaceEvent, count);
        if (!isEmpty) return;
        Keyspace.Delete(key, entry);
        Engine.Notify(Keyspace, KeyspaceEvent.Del, key.Bytes);
    }

    /// <summary>
    /// Puts a finished value under a key, over whatever is there. An entry that does not exist stands for an empty result, which deletes
    /// the key; what is only deleted is not looked up for it, so that its time may be up.
    /// </summary>
    public void Store(in Key key, Entry built, KeyspaceEvent keyspaceEvent, long changes = 1)
    {
        if (built.Exists)
        {
            Keyspace.Put(key, Write(key), built);
            Modified(key, keyspaceEvent, changes);
            return;
        }

        var existing = Keyspace.Peek(key);
        if (!existing.Exists) return;
        Keyspace.Delete(key, existing, Engine.Config.LazyfreeLazyServerDel);
        Modified(key, KeyspaceEvent.Del);
    }

    /// <summary>A key has changed or gone, for those who watch it; the caller counts and notifies.</summary>
    public void Touched(in Key key) => Engine.WatchedKeys.Touch(Keyspace, key);

    /// <summary>The argument as an integer; false after it has replied that it is none.</summary>
    public bool TryInteger(int argument, out long value)
    {
        if (NumberText.TryParseInt64(Args[argument], out value)) return true;
        Reply.Error(Errors.NotInteger);
        return false;
    }

    /// <summary>The argument as an integer within bounds; outside of them it is "out of range" like no integer at all.</summary>
    public bool TryInteger(int argument, long min, long max, out long value, ReadOnlySpan<byte> error = default)
    {
        if (NumberText.TryParseInt64(Args[argument], out value) && value >= min && value <= max) return true;
        Reply.Error(error.IsEmpty ? Errors.NotInteger : error);
        return false;
    }

    /// <summary>Whether the command may wait for a key; where it may not, it replies as if its time were up.</summary>
    public bool MayBlock => !Client.IsInTransaction;

    /// <summary>
    /// Lets the client wait until one of these arguments, as a key, holds a value of this type: then the command runs again from its
    /// start. It must not reply anything now.
    /// </summary>
    /// <param name="timeoutMs">0 = for ever.</param>
    /// <param name="endsWithKey">Whether the command runs again also when a key goes or gets another value.</param>
    /// <returns>The words that will run again, some of which may have to be replaced.</returns>
    public CopiedCommand Block(KeyType type, int firstKey, int keys, long timeoutMs, bool endsWithKey = false) =>
        Engine.Blocking.Block(this, type, firstKey, keys, timeoutMs, endsWithKey).Words;

    /// <summary>The argument as how many seconds to wait, in milliseconds; false after it has replied what is wrong with it.</summary>
    public bool TryTimeout(int argument, out long timeoutMs)
    {
        timeoutMs = 0;
        if (!LongDouble.TryParse(Args[argument], out var seconds))
        {
            Reply.Error("ERR timeout is not a float or out of range"u8);
            return false;
        }

        var ms = Math.Ceiling(seconds.ToDouble() * 1000);
        return CheckTimeout(ms, ms >= long.MaxValue ? long.MaxValue : (long)ms, out timeoutMs);
    }

    /// <summary>The argument as how many milliseconds to wait; false after it has replied what is wrong with it.</summary>
    public bool TryTimeoutMs(int argument, out long timeoutMs)
    {
        timeoutMs = 0;
        return TryInteger(argument, long.MinValue, long.MaxValue, out var ms, "ERR timeout is not an integer or out of range"u8)
            && CheckTimeout(ms, ms, out timeoutMs);
    }

    /// <summary>Whether a string may become so long; false after it has replied that it may not.</summary>
    public bool CheckStringLength(long length, long added)
    {
        if (length <= Math.Min(Engine.Config.ProtoMaxBulkLength, StringValue.BytesMax) - added) return true;
        Reply.Error(Errors.StringTooLong);
        return false;
    }

    /// <summary>Whether the argument is this word, in any case.</summary>
    public bool Is(int argument, ReadOnlySpan<byte> word) => CString.EqualsIgnoreCase(Args[argument], word);

    private bool CheckTimeout(double asked, long ms, out long timeoutMs)
    {
        timeoutMs = ms;
        if (asked < 0)
        {
            Reply.Error("ERR timeout is negative"u8);
            return false;
        }

        if (ms <= long.MaxValue - NowMs) return true;
        Reply.Error("ERR timeout is out of range"u8);
        return false;
    }

    private bool TryString(Entry entry, out StringValue value)
    {
        value = new StringValue(entry);
        return TryType(entry, KeyType.String);
    }

    private bool TryType(Entry entry, KeyType type)
    {
        if (!entry.Exists || entry.Type == type) return true;
        Reply.Error(Errors.WrongType);
        return false;
    }
}
