using Hearth.Memory;
using Hearth.Primitives;

namespace Hearth.Protocol;

internal enum ReadResult
{
    /// <summary>The batch is full, or the rest of the input is no complete command.</summary>
    Ok,

    /// <summary>The input breaks the protocol after the batch's commands: execute them, reply the error and close.</summary>
    ProtocolError,
}

/// <summary>
/// Cuts a client's bytes into commands: RESP arrays of bulk strings, or inline commands as a person types them. It follows the
/// specification at https://redis.io/docs/latest/develop/reference/protocol-spec/ and, where that is silent, Redis: a line's end is
/// looked for as '\r' and one byte more, the two bytes behind a bulk are skipped unread, an empty command is no command.
/// Nothing is reserved for a length that a client claims; the lengths are checked against the limits and then waited for.
/// </summary>
internal sealed class RespReader
{
    /// <summary>Longest inline command, and longest line that holds a length.</summary>
    private const int LineBytesMax = 64 * 1024;

    /// <summary>No buffer has room for more than 2 GiB, so a longer bulk could never arrive, whatever the setting allows.</summary>
    private const long BulkBytesLimit = int.MaxValue - (2 << 20);

    private const int ShortWordsMax = 9;
    private const int ShortBulkBytesMax = 100_000;

    private const int UnauthenticatedWordsMax = 10;
    private const int UnauthenticatedBulkBytesMax = 16 * 1024;

    /// <summary>Commands of fewer words are read again from their start, which costs less than remembering where they stopped.</summary>
    private const int WordsWorthRemembering = 16;

    /// <summary>Bulks from this size on are worth receiving straight into the connection's own buffer.</summary>
    private const int BigBulkBytes = 32 * 1024;

    /// <summary>One that is not in use: clients that send long commands all the time leave no garbage.</summary>
    private PartialCommand? _spare;

    private enum Step
    {
        Command,
        CommandAndStop,
        Incomplete,
        Error,
    }

    public long BulkBytesMax
    {
        get;
        set => field = Math.Min(value, BulkBytesLimit);
    } = 512L * 1024 * 1024;

    /// <summary>The text of the last <see cref="ReadResult.ProtocolError"/>.</summary>
    public string Error { get; private set; } = "";

    /// <summary>How many bytes of the input the last <see cref="Read"/> took with complete commands, counted from the input's start.</summary>
    public int Consumed { get; private set; }

    /// <summary>
    /// If the command behind <see cref="Consumed"/> is incomplete for a big bulk: how many bytes from there on it needs. Else 0.
    /// </summary>
    public long WantedBytes { get; private set; }

    /// <summary>Fills the batch from input[start..].</summary>
    public ReadResult Read(CommandBatch batch, NativeSlice input, int start, bool isAuthenticated, ref PartialCommand? partial)
    {
        batch.Begin(input);
        WantedBytes = 0;
        var bytes = input.Span;
        var position = start;
        Consumed = start;

        while (!batch.IsFull && position < bytes.Length)
        {
            if (isAuthenticated && partial is null && TryReadShort(batch, bytes, ref position))
            {
                Consumed = position;
                continue;
            }

            var step = bytes[position] == (byte)'*'
                ? ReadArray(batch, bytes, ref position, isAuthenticated, ref partial)
                : ReadInline(batch, bytes, ref position);
            if (step is Step.Command or Step.CommandAndStop) Consumed = position;
            if (step == Step.Error) return ReadResult.ProtocolError;
            if (step != Step.Command) break;
        }

        return ReadResult.Ok;
    }

    /// <summary>
    /// The common case in one pass: an array of up to nine bulks, all of them there. Anything else reads nothing, and the general way
    /// finds out what it is.
    /// </summary>
    private bool TryReadShort(CommandBatch batch, ReadOnlySpan<byte> bytes, ref int position)
    {
        var rest = bytes[position..];
        if (rest.Length < 4 || rest[0] != (byte)'*' || rest[2] != (byte)'\r') return false;
        var count = rest[1] - '0';
        if (count is < 1 or > ShortWordsMax) return false;

        var ranges = batch.Reserve(ShortWordsMax);
        var at = 4;
        for (var i = 0; i < count; i++)
        {
            if (rest.Length - at < 2 || rest[at] != (byte)'$') return false;
            at++;
            var length = (uint)(rest[at] - '0');
            if (length > 9) return false;
            for (at++; ; at++)
            {
                if (at >= rest.Length) return false;
                if (rest[at] == (byte)'\r') break;
                var digit = (uint)(rest[at] - '0');
                if (digit > 9 || length is 0 or >= ShortBulkBytesMax / 10) return false;
                length = (length * 10) + digit;
            }

            at += 2;
            if (rest.Length - at < (int)length + 2 || length > BulkBytesMax) return false;
            ranges[i] = new ArgumentRange(position + at, (int)length);
            at += (int)length + 2;
        }

        batch.AddReserved(count, position, position + at);
        position += at;
        return true;
    }

    private Step ReadArray(CommandBatch batch, ReadOnlySpan<byte> bytes, ref int position, bool isAuthenticated, ref PartialCommand? partial)
    {
        var commandStart = position;
        if (partial is not null && commandStart == 0) return ResumeArray(batch, bytes, ref position, isAuthenticated, ref partial);

        _spare ??= partial;
        partial = null;
        var at = commandStart;
        var step = ReadLength(bytes, ref at, "too big mbulk count string", out var count, out var isNumber);
        if (step != Step.Command) return step;
        if (!isNumber || count > int.MaxValue) return Fail("invalid multibulk length");
        if (count > UnauthenticatedWordsMax && !isAuthenticated) return Fail("unauthenticated multibulk length");
        if (count <= 0)
        {
            position = at;
            return Step.Command;
        }

        var firstRange = batch.RangeCount;
        step = ReadBulks(batch, bytes, ref at, (int)count, commandStart, isAuthenticated);
        if (step == Step.Command)
        {
            position = at;
            batch.AddCommand(firstRange, commandStart, at, isInline: false);
            return step;
        }

        var words = batch.Ranges.AsSpan(firstRange, batch.RangeCount - firstRange);
        if (step == Step.Incomplete && words.Length >= WordsWorthRemembering)
        {
            partial = _spare ?? new PartialCommand();
            _spare = null;
            partial.Begin((int)count);
            partial.Add(words, at, commandStart);
        }

        batch.DropRanges(firstRange);
        return step;
    }

    /// <summary>Goes on with a command that stopped in the middle. Its words stay with it until the last one has come.</summary>
    private Step ResumeArray(CommandBatch batch, ReadOnlySpan<byte> bytes, ref int position, bool isAuthenticated, ref PartialCommand? partial)
    {
        var resumed = partial!;
        var at = resumed.Position;
        var step = ReadBulks(batch, bytes, ref at, resumed.WordsMissing, commandStart: 0, isAuthenticated);
        resumed.Add(batch.Ranges.AsSpan(0, batch.RangeCount), at, commandStart: 0);
        batch.DropRanges(0);
        if (step != Step.Command) return step;

        partial = null;
        position = at;
        batch.AddRanges(resumed.Ranges);
        batch.AddCommand(0, 0, at, isInline: false);
        _spare = resumed;
        return step;
    }

    private Step ReadBulks(CommandBatch batch, ReadOnlySpan<byte> bytes, ref int at, int count, int commandStart, bool isAuthenticated)
    {
        var step = Step.Command;
        for (; count > 0 && step == Step.Command; count--) step = ReadBulk(batch, bytes, ref at, commandStart, isAuthenticated);
        return step;
    }

    /// <summary>Reads "$length CR LF bytes CR LF"; leaves the position where it was when the bulk is incomplete.</summary>
    private Step ReadBulk(CommandBatch batch, ReadOnlySpan<byte> bytes, ref int at, int commandStart, bool isAuthenticated)
    {
        var start = at;
        if (start >= bytes.Length) return Step.Incomplete;
        var step = ReadLength(bytes, ref at, "too big bulk count string", out var length, out var isNumber);
        if (step != Step.Command)
        {
            at = start;
            return step;
        }

        if (bytes[start] == 0)
        {
            at = start; // The line has no end behind a NUL byte, see below.
            return bytes.Length - start > LineBytesMax ? Fail("too big bulk count string") : Step.Incomplete;
        }

        if (bytes[start] != (byte)'$') return Fail($"expected '$', got '{(char)bytes[start]}'");
        if (!isNumber || length < 0 || length > BulkBytesMax) return Fail("invalid bulk length");
        if (length > UnauthenticatedBulkBytesMax && !isAuthenticated) return Fail("unauthenticated bulk length");

        if (bytes.Length - at < length + 2)
        {
            if (length >= BigBulkBytes) WantedBytes = at - commandStart + length + 2;
            at = start;
            return Step.Incomplete;
        }

        batch.AddRange(at, (int)length);
        at += (int)length + 2;
        return Step.Command;
    }

    /// <summary>Reads the number behind the type byte at the position, and moves behind its line.</summary>
    private Step ReadLength(ReadOnlySpan<byte> bytes, ref int at, string tooLong, out long value, out bool isNumber)
    {
        // The common case, one to nine digits without a leading zero, needs no search for the line's end.
        var digits = at + 1;
        long number = 0;
        while (digits < bytes.Length && digits - at <= 9 && (uint)(bytes[digits] - '0') <= 9) number = (number * 10) + (bytes[digits++] - '0');
        if (digits + 1 < bytes.Length && bytes[digits] == (byte)'\r' && digits > at + 1 && (bytes[at + 1] != (byte)'0' || digits == at + 2))
        {
            at = digits + 2;
            (value, isNumber) = (number, true);
            return Step.Command;
        }

        return ReadUncommonLength(bytes, ref at, tooLong, out value, out isNumber);
    }

    private Step ReadUncommonLength(ReadOnlySpan<byte> bytes, ref int at, string tooLong, out long value, out bool isNumber)
    {
        (value, isNumber) = (0, false);
        var rest = bytes[at..];
        var end = rest.IndexOfAny((byte)'\r', (byte)0); // As for inline commands: a NUL byte hides what is behind it.
        if (end > LineBytesMax) return Fail(tooLong);
        if (end < 0 || rest[end] == 0) return rest.Length > LineBytesMax ? Fail(tooLong) : Step.Incomplete;
        if (end + 1 >= rest.Length) return Step.Incomplete;
        isNumber = end > 0 && NumberText.TryParseInt64(rest[1..end], out value); // The '\r' may stand where the type should.
        at += end + 2;
        return Step.Command;
    }

    private Step ReadInline(CommandBatch batch, ReadOnlySpan<byte> bytes, ref int position)
    {
        var line = bytes[position..];
        // Redis looks for the end as in a C string, so behind a NUL byte there is none.
        var end = line.IndexOfAny((byte)'\n', (byte)0);
        if (end > LineBytesMax) return Fail("too big inline request");
        if (end < 0 || line[end] == 0) return line.Length > LineBytesMax ? Fail("too big inline request") : Step.Incomplete;
        var next = position + end + 1;
        line = line[..(end > 0 && line[end - 1] == (byte)'\r' ? end - 1 : end)];

        if (line.IndexOfAny((byte)'"', (byte)'\'', (byte)0) < 0)
        {
            var firstRange = batch.RangeCount;
            SplitPlainLine(batch, line, position);
            if (batch.RangeCount > firstRange) batch.AddCommand(firstRange, position, next, isInline: true);
            position = next;
            return Step.Command;
        }

        // The unquoted words need memory of their own, so such a command makes a batch of its own.
        if (batch.Count > 0) return Step.Incomplete;
        batch.Scratch.Clear();
        if (!InlineSplitter.TrySplit(line, batch)) return Fail("unbalanced quotes in request");
        if (batch.RangeCount > 0)
        {
            batch.Bytes = batch.Scratch.WrittenSlice;
            batch.AddCommand(0, position, next, isInline: true);
        }

        position = next;
        return Step.CommandAndStop;
    }

    private static void SplitPlainLine(CommandBatch batch, ReadOnlySpan<byte> line, int lineStart)
    {
        var at = 0;
        while (true)
        {
            while (at < line.Length && InlineSplitter.IsSpace(line[at])) at++;
            if (at == line.Length) return;
            var start = at;
            while (at < line.Length && !InlineSplitter.EndsWord(line[at])) at++;
            batch.AddRange(lineStart + start, at - start);
        }
    }

    private Step Fail(string text)
    {
        Error = "Protocol error: " + text;
        return Step.Error;
    }
}
