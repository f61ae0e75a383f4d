using System.Diagnostics;

namespace Hearth.Types;

/// <summary>What can be done to a value of any type. Each type adds its line to every switch.</summary>
internal static class EntryValues
{
    /// <summary>Gives back everything that the value has besides its entry.</summary>
    public static void Free(ValueSpace space, Entry entry)
    {
        switch (entry.Type)
        {
            case KeyType.String: StringValue.FreeValue(space.Heap, entry); break;
            case KeyType.Hash: HashValue.Free(space, entry); break;
            case KeyType.Set: SetValue.Free(space, entry); break;
            case KeyType.List: ListValue.Free(space, entry); break;
            case KeyType.SortedSet: ZSetValue.Free(space, entry); break;
            case KeyType.Stream: StreamValue.Free(space, entry); break;
            default: throw Unknown(entry);
        }
    }

    /// <summary>Gives back a part of a big value, some so many elements; true when nothing but the entry is left.</summary>
    public static bool FreeStep(ValueSpace space, Entry entry, int elements)
    {
        switch (entry.Type)
        {
            case KeyType.Hash: return HashValue.FreeStep(space, entry, elements);
            case KeyType.Set: return SetValue.FreeStep(space, entry, elements);
            case KeyType.List: return ListValue.FreeStep(space, entry, elements);
            case KeyType.SortedSet: return ZSetValue.FreeStep(space, entry, elements);
            case KeyType.Stream: return StreamValue.FreeStep(space, entry, elements);
            default:
                Free(space, entry);
                return true;
        }
    }

    /// <summary>A new entry under this key with the same value in the same encoding, and the same expiry.</summary>
    public static Entry Duplicate(ValueSpace space, ReadOnlySpan<byte> key, Entry source)
    {
        if (source.Type == KeyType.String) return StringValue.Duplicate(space.Heap, key, source);
        var copy = source.CopyBlock(space.Heap, key, source.ExpireAtMs);
        copy.Word = source.Type switch
        {
            KeyType.Hash => HashValue.Duplicate(space, source),
            KeyType.Set => SetValue.Duplicate(space, source),
            KeyType.List => ListValue.Duplicate(space, source),
            KeyType.SortedSet => ZSetValue.Duplicate(space, source),
            KeyType.Stream => StreamValue.Duplicate(space, source),
            _ => throw Unknown(source),
        };
        return copy;
    }

    /// <summary>Bytes of heap that the value takes besides its entry.</summary>
    public static long ValueBytes(ValueSpace space, Entry entry) => entry.Type switch
    {
        KeyType.String => StringValue.ValueBytes(entry),
        KeyType.Hash => HashValue.ValueBytes(space, entry),
        KeyType.Set => SetValue.ValueBytes(space, entry),
        KeyType.List => ListValue.ValueBytes(space, entry),
        KeyType.SortedSet => ZSetValue.ValueBytes(space, entry),
        KeyType.Stream => StreamValue.ValueBytes(space, entry),
        _ => throw Unknown(entry),
    };

    /// <summary>How many elements the value has; a string is one.</summary>
    public static long ElementCount(ValueSpace space, Entry entry) => entry.Type switch
    {
        KeyType.String => 1,
        KeyType.Hash => HashValue.ElementCount(space, entry),
        KeyType.Set => SetValue.ElementCount(space, entry),
        KeyType.List => ListValue.ElementCount(space, entry),
        KeyType.SortedSet => ZSetValue.ElementCount(space, entry),
        KeyType.Stream => StreamValue.ElementCount(space, entry),
        _ => throw Unknown(entry),
    };

    /// <summary>Checks every invariant of the value and throws if one does not hold.</summary>
    public static void Verify(ValueSpace space, Entry entry)
    {
        switch (entry.Type)
        {
            case KeyType.String: break;
            case KeyType.Hash: HashValue.Verify(space, entry); break;
            case KeyType.Set: SetValue.Verify(space, entry); break;
            case KeyType.List: ListValue.Verify(space, entry); break;
            case KeyType.SortedSet: ZSetValue.Verify(space, entry); break;
            case KeyType.Stream: StreamValue.Verify(space, entry); break;
            default: throw Unknown(entry);
        }
    }

    private static UnreachableException Unknown(Entry entry) => new($"A value of type {entry.Type}.");
}
