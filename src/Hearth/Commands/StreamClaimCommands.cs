using Hearth.Primitives;
using Hearth.Server;
using Hearth.Types;
using static Hearth.Server.CommandFlags;
using static Hearth.Server.KeySpecFlags;

namespace Hearth.Commands;

/// <summary>Pending entries that change hands: those of a consumer that got them and does not come back are claimed by another one.</summary>
internal static class StreamClaimCommands
{
    private const int FirstId = 5;

    private const long AutoClaimCountDefault = 100;

    private const long AutoClaimCountMax = long.MaxValue / 16;

    /// <summary>XAUTOCLAIM looks at no more pending entries than this for each that it may claim.</summary>
    private const long AttemptsPerClaim = 10;

    private const long NotGiven = -1;

    public static readonly Command[] Table =
    [
        new("XAUTOCLAIM", arity: -6, Write | Fast, KeySpec.At(1, ReadWrite | Delete), XAutoClaim)
        {
            Since = "6.2.0", Group = CommandGroup.Stream, Complexity = "O(N) with N the entries looked at",
            Syntax = "key group consumer min-idle-time start [COUNT count:integer] [JUSTID]",
            Summary = "Hands pending entries that waited too long over to a consumer, some at a time.",
            Tips = ["nondeterministic_output"],
        },
        new("XCLAIM", arity: -6, Write | Fast, KeySpec.At(1, ReadWrite | Update), XClaim)
        {
            Since = "5.0.0", Group = CommandGroup.Stream, Complexity = "O(log N) for each entry, with N the entries pending",
            Syntax = "key group consumer min-idle-time id... [IDLE ms:integer] [TIME unix-time-milliseconds:unix-time] [RETRYCOUNT "
                + "count:integer] [FORCE] [JUSTID] [LASTID lastid]",
            Summary = "Hands pending entries over to a consumer.",
            Tips = ["nondeterministic_output"],
        },
    ];

    private static void XAutoClaim(CommandContext context)
    {
        var key = context.Key(1);
        var entry = context.Read(key); // Counts even if the arguments turn out to be wrong.
        if (!TryMinIdle(context, "ERR Invalid min-idle-time argument for XAUTOCLAIM"u8, out var minIdleMs)) return;
        if (!StreamArguments.TryFrom(context, 5, out var from)) return;
        if (!TryParseAutoClaim(context, out var count, out var justId)) return;
        if (!StreamArguments.TryGroup(context, key, entry, 2, out var stream, out var group)) return;

        context.Propagation.Nothing();
        var consumer = StreamArguments.SeeConsumer(context, key, group, context.Args[3], out _);
        var claims = new Claims(context, stream, group, consumer)
        {
            MinIdleMs = minIdleMs,
            JustId = justId,
            DeliveredAtMs = context.NowMs,
            RetryCount = NotGiven,
        };
        var reply = context.Reply;
        reply.Array(3);
        var start = reply.BeginDeferred();
        var deleted = new PooledList<StreamId>();
        long claimed = 0;
        var attempts = count * AttemptsPerClaim;
        var cursor = group.Pending;
        cursor.Seek(from);
        for (; attempts > 0 && count > 0 && cursor.IsValid; attempts--)
        {
            var (id, pending) = (cursor.Id, cursor.Entry);
            if (!stream.Contains(id))
            {
                claims.Drop(key, id, pending);
                deleted.Add(id);
                count--;
                cursor = group.Pending;
                cursor.Seek(id);
                continue;
            }

            cursor.MoveNext();
            if (!claims.IsIdle(pending)) continue;
            claims.Take(key, id, pending);
            claimed++;
            count--;
        }

        reply.EndDeferredArray(start, claimed);
        Span<byte> next = stackalloc byte[StreamId.TextBytesMax];
        reply.InsertBulk(start, next[..(cursor.IsValid ? cursor.Id : StreamId.Min).Format(next)]);
        reply.Array(deleted.Count);
        foreach (var id in deleted.Span) StreamReplies.Id(reply, id);
        deleted.Dispose();
    }

    private static void XClaim(CommandContext context)
    {
        var key = context.Key(1);
        if (!StreamArguments.TryReadGroup(context, key, 2, out var stream, out var group)) return;
        if (!TryMinIdle(context, "ERR Invalid min-idle-time argument for XCLAIM"u8, out var minIdleMs)) return;
        if (!ClaimOptions.TryParse(context, out var options)) return;

        context.Propagation.Nothing();
        var movesOn = options.LastId > group.LastId;
        if (movesOn) group.LastId = options.LastId;
        var consumer = StreamArguments.SeeConsumer(context, key, group, context.Args[3], out _);
        var claims = new Claims(context, stream, group, consumer)
        {
            MinIdleMs = minIdleMs,
            JustId = options.JustId,
            DeliveredAtMs = options.DeliveredAtMs,
            RetryCount = options.RetryCount,
        };
        var start = context.Reply.BeginDeferred();
        long claimed = 0;
        for (var i = FirstId; i < options.FirstOption; i++)
        {
            StreamId.TryParseExact(context.Args[i], 0, out var id);
            var pending = group.FindPending(id);
            if (!pending.Exists && !options.Force) continue; // Looking for the entry costs more.
            if (!stream.Contains(id))
            {
                if (!pending.Exists) continue;
                claims.Drop(key, id, pending, context.Args[i]);
            }
            else
            {
                if (!pending.Exists) pending = group.Force(id, context.NowMs);
                else if (!claims.IsIdle(pending)) continue;
                claims.Take(key, id, pending, context.Args[i]);
                claimed++;
            }

            movesOn = false; // The claim says it too.
        }

        if (movesOn)
        {
            StreamPropagation.SetGroupId(context, key, group);
            context.Engine.Dirty++;
        }

        context.Reply.EndDeferredArray(start, claimed);
    }

    private static bool TryMinIdle(CommandContext context, ReadOnlySpan<byte> error, out long minIdleMs)
    {
        if (!context.TryInteger(4, long.MinValue, long.MaxValue, out minIdleMs, error)) return false;
        minIdleMs = Math.Max(minIdleMs, 0);
        return true;
    }

    private static bool TryParseAutoClaim(CommandContext context, out long count, out bool justId)
    {
        (count, justId) = (AutoClaimCountDefault, false);
        for (var i = 6; i < context.Args.Count; i++)
        {
            if (i + 1 < context.Args.Count && context.Is(i, "COUNT"u8))
            {
                if (!context.TryInteger(++i, 1, AutoClaimCountMax, out count, "ERR COUNT must be > 0"u8)) return false;
            }
            else if (context.Is(i, "JUSTID"u8))
            {
                justId = true;
            }
            else
            {
                context.Reply.Error(Errors.Syntax);
                return false;
            }
        }

        return true;
    }

    /// <summary>What claiming one entry after the other has in common.</summary>
    private readonly ref struct Claims(CommandContext context, StreamValue stream, StreamGroup group, StreamConsumer consumer)
    {
        public long MinIdleMs { get; init; }

        public bool JustId { get; init; }

        public long DeliveredAtMs { get; init; }

        public long RetryCount { get; init; }

        /// <summary>Whether the entry has waited long enough to be claimed.</summary>
        public bool IsIdle(StreamPending pending) => MinIdleMs == 0 || context.NowMs - pending.DeliveredAtMs >= MinIdleMs;

        /// <summary>Makes a pending entry the consumer's, and replies it.</summary>
        public void Take(in Key key, StreamId id, StreamPending pending, ReadOnlySpan<byte> idText = default)
        {
            pending.DeliveredAtMs = DeliveredAtMs;
            if (RetryCount >= 0) pending.DeliveryCount = RetryCount;
            else if (!JustId) pending.DeliveryCount++;
            group.Assign(id, pending, consumer);
            if (JustId) StreamReplies.Id(context.Reply, id);
            else StreamReplies.EntryOf(context.Reply, stream, id);
            var claimant = consumer;
            claimant.ActiveAtMs = context.NowMs;
            Propagate(key, id, pending, idText);
        }

        /// <summary>The entry has been deleted from the stream: it is pending no more.</summary>
        public void Drop(in Key key, StreamId id, StreamPending pending, ReadOnlySpan<byte> idText = default)
        {
            Propagate(key, id, pending, idText);
            group.Acknowledge(id);
        }

        /// <summary>Repeats the ID as the client has written it, if it has.</summary>
        private void Propagate(in Key key, StreamId id, StreamPending pending, ReadOnlySpan<byte> idText)
        {
            context.Engine.Dirty++;
            if (idText.IsEmpty) StreamPropagation.Claim(context, key, group, id, pending);
            else StreamPropagation.Claim(context, key, group, idText, pending);
        }
    }

    /// <summary>XCLAIM's options; they begin where the IDs end.</summary>
    private readonly record struct ClaimOptions
    {
        public int FirstOption { get; private init; }

        public bool Force { get; private init; }

        public bool JustId { get; private init; }

        public long DeliveredAtMs { get; private init; }

        public long RetryCount { get; private init; }

        public StreamId LastId { get; private init; }

        /// <summary>False after it has replied what is wrong.</summary>
        public static bool TryParse(CommandContext context, out ClaimOptions options)
        {
            var first = FirstId;
            while (first < context.Args.Count && StreamId.TryParseExact(context.Args[first], 0, out _)) first++;
            options = new ClaimOptions { FirstOption = first, DeliveredAtMs = NotGiven, RetryCount = NotGiven };
            for (var i = first; i < context.Args.Count; i++)
            {
                if (!TryParseOption(context, ref i, ref options)) return false;
            }

            // A client may reckon with a clock of its own: what lies in the future, or before all time, means now.
            var isTime = options.DeliveredAtMs >= 0 && options.DeliveredAtMs <= context.NowMs;
            if (!isTime) options = options with { DeliveredAtMs = context.NowMs };
            return true;
        }

        private static bool TryParseOption(CommandContext context, ref int argument, ref ClaimOptions options)
        {
            var hasValue = argument + 1 < context.Args.Count;
            if (context.Is(argument, "FORCE"u8))
            {
                options = options with { Force = true };
                return true;
            }

            if (context.Is(argument, "JUSTID"u8))
            {
                options = options with { JustId = true };
                return true;
            }

            if (hasValue && context.Is(argument, "IDLE"u8))
            {
                if (!TryNumber(context, ++argument, "ERR Invalid IDLE option argument for XCLAIM"u8, out var idleMs)) return false;
                options = options with { DeliveredAtMs = context.NowMs - idleMs };
                return true;
            }

            if (hasValue && context.Is(argument, "TIME"u8))
            {
                if (!TryNumber(context, ++argument, "ERR Invalid TIME option argument for XCLAIM"u8, out var timeMs)) return false;
                options = options with { DeliveredAtMs = timeMs };
                return true;
            }

            if (hasValue && context.Is(argument, "RETRYCOUNT"u8))
            {
                if (!TryNumber(context, ++argument, "ERR Invalid RETRYCOUNT option argument for XCLAIM"u8, out var count)) return false;
                options = options with { RetryCount = count };
                return true;
            }

            if (hasValue && context.Is(argument, "LASTID"u8))
            {
                if (!StreamArguments.TryId(context, ++argument, out var lastId)) return false;
                options = options with { LastId = lastId };
                return true;
            }

            context.Reply.Error($"ERR Unrecognized XCLAIM option '{Errors.Quote(context.Args[argument])}'");
            return false;
        }

        private static bool TryNumber(CommandContext context, int argument, ReadOnlySpan<byte> error, out long value) =>
            context.TryInteger(argument, long.MinValue, long.MaxValue, out value, error);
    }
}
