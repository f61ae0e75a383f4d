using Hearth.IntegrationTests.Support;

namespace Hearth.IntegrationTests.Differential;

/// <summary>
/// Runs an episode on both servers and finds the first difference.
///
/// Consecutive commands on one connection travel as one pipeline, and each is answered by one reply. Two things break that simple
/// picture. A subscription's commands answer once per channel and its messages arrive whenever another client publishes: on such a
/// connection every command is followed by a PING with a nonce, and everything up to its answer belongs to the command. And in MULTI
/// that PING would be queued, but there every command has exactly one reply again.
/// </summary>
internal sealed class EpisodeRunner(ServerLink oracle, ServerLink hearth, ReplyComparer comparer, StateComparer state)
{
    private const int PipelineMax = 40;
    private const int StepsPerSettling = 25;

    private readonly Session[] _sessions = [.. Enumerable.Range(0, CommandGenerator.Connections).Select(static _ => new Session())];
    private long _nonces;

    /// <summary>Steps that were run and compared, over all episodes.</summary>
    public long StepsRun { get; private set; }

    public Divergence? Run(IReadOnlyList<Step> episode)
    {
        // Not the generator's affair, so that no episode that is made shorter goes without.
        List<Step> steps = [.. episode.SelectMany(static step => (IEnumerable<Step>)[.. StreamConsumers.Before(step), step])];
        oracle.StartEpisode();
        hearth.StartEpisode();
        foreach (var session in _sessions) session.Clear();

        var next = 0;
        var settled = 0;
        while (next < steps.Count)
        {
            var count = PipelineLength(steps, next);
            var divergence = steps[next].Name == "MULTI" ? Settle(next, steps[next].Connection) : null;
            divergence ??= count == 0 ? RunWithNonce(steps[next], next) : RunPipeline(steps, next, count);
            next += Math.Max(count, 1);
            if (divergence is null && next - settled >= StepsPerSettling)
            {
                settled = next;
                divergence = Settle(next);
            }

            if (divergence is not null) return divergence;
        }

        StepsRun += steps.Count;
        return Settle(steps.Count) ?? state.Compare(oracle.Admin, hearth.Admin, steps.Count);
    }

    /// <summary>How many commands from here on can be sent in one go; 0 when the first needs the nonce.</summary>
    private int PipelineLength(IReadOnlyList<Step> steps, int first)
    {
        var connection = steps[first].Connection;
        var session = _sessions[connection];
        var count = 0;
        while (count < PipelineMax && first + count < steps.Count && steps[first + count].Connection == connection)
        {
            var step = steps[first + count];
            if (step.Name == "EXEC" && count > 0) return count; // Only then is known what was queued.
            if (session.NeedsNonce(step))
            {
                // A PING behind MULTI would be queued, and MULTI has one reply in any case.
                return count == 0 && step.Name == "MULTI" ? 1 : count;
            }

            count++;
            if (Session.ChangesSession(step)) break;
        }

        return count;
    }

    private Divergence? RunPipeline(IReadOnlyList<Step> steps, int first, int count)
    {
        var connection = steps[first].Connection;
        var request = new MemoryStream();
        for (var index = first; index < first + count; index++) RespRequest.Append(request, steps[index].Words);
        oracle[connection].Send(request.ToArray());
        hearth[connection].Send(request.ToArray());
        Divergence? divergence = null;
        for (var index = first; index < first + count && divergence is null; index++)
        {
            divergence = Compare(index, steps[index], oracle.ReceiveOne(steps[index]), hearth.ReceiveOne(steps[index]));
            if (!oracle.IsOpen(connection) && !hearth.IsOpen(connection)) break; // The server has closed it and heard no more.
        }

        return divergence;
    }

    private Divergence? RunWithNonce(Step step, int index)
    {
        var nonce = ServerLink.Nonce(++_nonces);
        byte[] request = [.. RespRequest.Encode(step.Words), .. ServerLink.Ping(nonce)];
        oracle[step.Connection].Send(request);
        hearth[step.Connection].Send(request);
        return Compare(index, step, oracle.ReceiveUntil(step.Connection, nonce, step), hearth.ReceiveUntil(step.Connection, nonce, step));
    }

    /// <summary>Compares what has arrived on all subscribers meanwhile.</summary>
    private Divergence? Settle(int index)
    {
        Divergence? found = null;
        for (var connection = 0; connection < _sessions.Length && found is null; connection++) found = Settle(index, connection);
        return found;
    }

    private Divergence? Settle(int index, int connection)
    {
        if (!_sessions[connection].MaySubscribe || _sessions[connection].InMulti) return null;
        var nonce = ServerLink.Nonce(++_nonces);
        var ping = ServerLink.Ping(nonce);
        oracle[connection].Send(ping);
        hearth[connection].Send(ping);
        var step = new Step(connection, RespRequest.Words("PING", nonce));
        var expected = oracle.ReceiveUntil(connection, nonce, null);
        var actual = hearth.ReceiveUntil(connection, nonce, null);
        return AreEqual(step, expected, actual) ? null : Divergence.OfReplies(index, step, " (messages until here)", expected, actual);
    }

    private Divergence? Compare(int index, Step step, List<RespValue> expected, List<RespValue> actual)
    {
        var session = _sessions[step.Connection];
        if (!AreEqual(step, expected, actual)) return Divergence.OfReplies(index, step, "", expected, actual);
        if (oracle.IsSilent) throw new TimeoutException($"The harness waits for a reply that neither server gives: {Printable.Command(step.Words)}");
        if (oracle.IsOpen(step.Connection) != hearth.IsOpen(step.Connection))
        {
            static string Word(bool isOpen) => isOpen ? "(left the connection open)" : "(closed the connection)";
            return new Divergence(index, Printable.Command(step.Words), step.Name, Word(oracle.IsOpen(step.Connection)), Word(hearth.IsOpen(step.Connection)));
        }

        if (!oracle.IsOpen(step.Connection)) session.Clear();
        else session.Follow(step, expected);
        return null;
    }

    private bool AreEqual(Step step, List<RespValue> expected, List<RespValue> actual)
    {
        if (expected.Count != actual.Count) return false;
        if (ReplyStream.NamesAllChannels(step)) return ReplyStream.HaveSameLeaves(expected, actual);
        (expected, actual) = (ReplyStream.MessagesLast(ReplyStream.Ordered(expected)), ReplyStream.MessagesLast(ReplyStream.Ordered(actual)));
        var pairs = expected.Zip(actual);
        if (pairs.All(pair => comparer.AreEqual(step, pair.First, pair.Second))) return true;
        return step.Name == "EXEC" && comparer.AreEqualExec(_sessions[step.Connection].Queued, expected, actual);
    }

    /// <summary>What the harness must know of a connection to read its replies, learnt from the replies.</summary>
    private sealed class Session
    {
        public bool InMulti { get; private set; }

        public bool MaySubscribe { get; private set; }

        public List<Step> Queued { get; } = [];

        public bool NeedsNonce(Step step) => InMulti
            ? step is { Name: "EXEC", Words.Length: 1 } && (MaySubscribe || Queued.Exists(ReplyStream.AnswersManyTimes))
            : MaySubscribe || ReplyStream.AnswersManyTimes(step);

        public static bool ChangesSession(Step step) =>
            step.Name is "MULTI" or "EXEC" or "DISCARD" or "RESET" or "QUIT" or "HELLO" || ReplyStream.AnswersManyTimes(step);

        public void Clear()
        {
            InMulti = false;
            MaySubscribe = false;
            Queued.Clear();
        }

        public void Follow(Step step, List<RespValue> replies)
        {
            var reply = replies.Find(static reply => reply.Kind != RespKind.Push);
            if (InMulti && reply is { Kind: RespKind.SimpleString, Text: "QUEUED" })
            {
                Queued.Add(step);
                return;
            }

            switch (step.Name)
            {
                case "RESET" when reply is { IsError: false }:
                    Clear();
                    break;
                case "MULTI" when reply is { IsError: false }:
                    InMulti = true;
                    break;
                case "DISCARD" when reply is { IsError: false }:
                case "EXEC" when reply is { IsError: false } || reply!.Text.StartsWith("EXECABORT", StringComparison.Ordinal):
                    InMulti = false;
                    MaySubscribe |= Queued.Exists(ReplyStream.AnswersManyTimes);
                    Queued.Clear();
                    break;
                default:
                    MaySubscribe |= ReplyStream.AnswersManyTimes(step);
                    break;
            }
        }
    }
}
