using Hearth.Server;
using Hearth.Store;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Keys of any type: whether they exist, where they are, what they are called.</summary>
internal static class KeyCommands
{
    public static readonly Command[] Table =
    [
        new("COPY", arity: -3, Write | DenyOom, [KeySpec.At(1, Read | Access), KeySpec.At(2, Overwrite | Update)], Copy)
        {
            Since = "6.2.0", Group = CommandGroup.Generic, Complexity = "O(N) with N the number of elements, O(1) for a string",
            Syntax = "source:key destination:key [DB destination-db:integer] [REPLACE]",
            Summary = "Copies the value of a key to another key.",
        },
        new("DEL", arity: -2, Write, KeySpec.Range(1, last: -1, Remove | Delete), Del)
        {
            Since = "1.0.0", Group = CommandGroup.Generic,
            Complexity = "O(N) with N the number of keys, plus O(M) for each collection of M elements",
            Syntax = "key...",
            Summary = "Deletes keys.",
            Tips = ["request_policy:multi_shard", "response_policy:agg_sum"],
        },
        new("EXISTS", arity: -2, ReadOnly | Fast, KeySpec.Range(1, last: -1, Read), Exists)
        {
            Since = "1.0.0", Group = CommandGroup.Generic, Complexity = "O(N) with N the number of keys",
            Syntax = "key...",
            Summary = "Counts how many of the given keys exist.",
            Tips = ["request_policy:multi_shard", "response_policy:agg_sum"],
        },
        new("MOVE", arity: 3, Write | Fast, KeySpec.At(1, ReadWrite | Access | Update), Move)
        {
            Since = "1.0.0", Group = CommandGroup.Generic, Complexity = "O(1)",
            Syntax = "key db:integer",
            Summary = "Moves a key to another database.",
        },
        new("RENAME", arity: 3, Write, [KeySpec.At(1, ReadWrite | Access | Delete), KeySpec.At(2, Overwrite | Update)], Rename)
        {
            Since = "1.0.0", Group = CommandGroup.Generic,
            Complexity = "O(1), plus the deletion of the value that the new name held",
            Syntax = "key newkey:key",
            Summary = "Renames a key and overwrites whatever has the new name.",
        },
        new("RENAMENX", arity: 3, Write | Fast, [KeySpec.At(1, ReadWrite | Access | Delete), KeySpec.At(2, Overwrite | Insert)], RenameNx)
        {
            Since = "1.0.0", Group = CommandGroup.Generic, Complexity = "O(1)",
            Syntax = "key newkey:key",
            Summary = "Renames a key, but only if no key has the new name.",
        },
        new("TOUCH", arity: -2, ReadOnly | Fast, KeySpec.Range(1, last: -1, Read), Touch)
        {
            Since = "3.2.1", Group = CommandGroup.Generic, Complexity = "O(N) with N the number of keys",
            Syntax = "key...",
            Summary = "Counts how many of the given keys exist and marks them as just used.",
            Tips = ["request_policy:multi_shard", "response_policy:agg_sum"],
        },
        new("TYPE", arity: 2, ReadOnly | Fast, KeySpec.At(1, Read), Type)
        {
            Since = "1.0.0", Group = CommandGroup.Generic, Complexity = "O(1)",
            Syntax = "key",
            Summary = "Returns the type of the value at a key.",
        },
        new("UNLINK", arity: -2, Write | Fast, KeySpec.Range(1, last: -1, Remove | Delete), Unlink)
        {
            Since = "4.0.0", Group = CommandGroup.Generic,
            Complexity = "O(N) with N the number of keys; the memory is freed later",
            Syntax = "key...",
            Summary = "Deletes keys and frees their memory in the background.",
            Tips = ["request_policy:multi_shard", "response_policy:agg_sum"],
        },
    ];

    private static void Copy(CommandContext context)
    {
        if (!TryCopyOptions(context, out var target, out var replaces)) return;
        var key = context.Key(1);
        var newKey = context.Key(2);
        if (target == context.Keyspace && key.Bytes.SequenceEqual(newKey.Bytes))
        {
            context.Reply.Error(Errors.SameObject);
            return;
        }

        var entry = context.Read(key);
        if (!entry.Exists)
        {
            context.Reply.Integer(0);
            return;
        }

        var overwritten = target.Find(newKey, Lookup.Write);
        if (overwritten.Exists && !replaces)
        {
            context.Reply.Integer(0);
            return;
        }

        target.CopyHere(newKey, overwritten, entry);
        context.Engine.WatchedKeys.Touch(target, newKey);
        context.Engine.Notify(target, KeyspaceEvent.CopyTo, newKey.Bytes);
        context.Engine.Dirty++;
        context.Reply.Integer(1);
    }

    private static void Del(CommandContext context) => DeleteKeys(context, context.Engine.Config.LazyfreeLazyUserDel);

    private static void DeleteKeys(CommandContext context, bool isLazy)
    {
        var deleted = 0;
        for (var i = 1; i < context.Args.Count; i++)
        {
            var key = context.Key(i);
            if (!context.Keyspace.Delete(key, isLazy)) continue;
            context.Modified(key, KeyspaceEvent.Del);
            deleted++;
        }

        context.Reply.Integer(deleted);
    }

    private static void Exists(CommandContext context)
    {
        var count = 0;
        for (var i = 1; i < context.Args.Count; i++)
        {
            if (context.Inspect(context.Key(i)).Exists) count++;
        }

        context.Reply.Integer(count);
    }

    private static void Move(CommandContext context)
    {
        if (!TryKeyspace(context, 2, out var target)) return;
        var source = context.Keyspace;
        if (source == target)
        {
            context.Reply.Error(Errors.SameObject);
            return;
        }

        var key = context.Key(1);
        var entry = context.Write(key);
        if (!entry.Exists || target.Find(key, Lookup.Write).Exists)
        {
            context.Reply.Integer(0);
            return;
        }

        target.MoveHere(key, overwritten: default, source, key, entry);
        context.Engine.WatchedKeys.Touch(source, key);
        context.Engine.WatchedKeys.Touch(target, key);
        context.Engine.Notify(source, KeyspaceEvent.MoveFrom, key.Bytes);
        context.Engine.Notify(target, KeyspaceEvent.MoveTo, key.Bytes);
        context.Engine.Dirty++;
        context.Reply.Integer(1);
    }

    private static void Rename(CommandContext context)
    {
        if (TryRename(context, overwrites: true, out _)) context.Reply.Ok();
    }

    private static void RenameNx(CommandContext context)
    {
        if (TryRename(context, overwrites: false, out var isRenamed)) context.Reply.Integer(isRenamed ? 1 : 0);
    }

    private static void Touch(CommandContext context)
    {
        var count = 0;
        for (var i = 1; i < context.Args.Count; i++)
        {
            // To count as an access is what the command is for, so CLIENT NO-TOUCH doesn't apply.
            if (context.Read(context.Key(i), Lookup.Read).Exists) count++;
        }

        context.Reply.Integer(count);
    }

    private static void Type(CommandContext context)
    {
        var entry = context.Inspect(context.Key(1));
        context.Reply.SimpleString(entry.Exists ? entry.Type.Name() : "none"u8);
    }

    /// <summary>UNLINK and DEL differ in who frees the memory, and in what is repeated: each as itself.</summary>
    private static void Unlink(CommandContext context) => DeleteKeys(context, isLazy: true);

    /// <summary>False after it has replied that there is no such key.</summary>
    private static bool TryRename(CommandContext context, bool overwrites, out bool isRenamed)
    {
        isRenamed = false;
        var key = context.Key(1);
        var newKey = context.Key(2);
        var entry = context.Write(key);
        if (!entry.Exists)
        {
            context.Reply.Error(Errors.NoSuchKey);
            return false;
        }

        if (key.Bytes.SequenceEqual(newKey.Bytes)) return true;
        var overwritten = context.Write(newKey);
        if (overwritten.Exists && !overwrites) return true;

        context.Keyspace.MoveHere(newKey, overwritten, context.Keyspace, key, entry);
        context.Touched(key);
        context.Touched(newKey);
        context.Engine.Notify(context.Keyspace, KeyspaceEvent.RenameFrom, key.Bytes);
        context.Engine.Notify(context.Keyspace, KeyspaceEvent.RenameTo, newKey.Bytes);
        context.Engine.Dirty++;
        isRenamed = true;
        return true;
    }

    private static bool TryCopyOptions(CommandContext context, out Keyspace target, out bool replaces)
    {
        (target, replaces) = (context.Keyspace, false);
        for (var i = 3; i < context.Args.Count; i++)
        {
            if (context.Is(i, "REPLACE"u8))
            {
                replaces = true;
            }
            else if (context.Is(i, "DB"u8) && i + 1 < context.Args.Count)
            {
                if (!TryKeyspace(context, ++i, out target)) return false;
            }
            else
            {
                context.Reply.Error(Errors.Syntax);
                return false;
            }
        }

        return true;
    }

    /// <summary>The database of this number; false after it has replied that there is none.</summary>
    private static bool TryKeyspace(CommandContext context, int argument, out Keyspace keyspace)
    {
        keyspace = context.Keyspace;
        if (!context.TryInteger(argument, out var number)) return false;
        if (number is < int.MinValue or > int.MaxValue)
        {
            context.Reply.Error("ERR value is out of range, value must between -2147483648 and 2147483647"u8);
            return false;
        }

        if (number < 0 || number >= context.Engine.Keyspaces.Length)
        {
            context.Reply.Error(Errors.InvalidDatabase);
            return false;
        }

        keyspace = context.Engine.Keyspaces[number];
        return true;
    }
}
