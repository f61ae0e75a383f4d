namespace Hearth.Server;

/// <summary>
/// Closes clients that don't read what they are sent, as client-output-buffer-limit says: without their own memory bounded, a few slow
/// subscribers could take all there is. Whoever is over a limit is closed at the end of the turn, since somebody may be
/// in the middle of sending to it.
/// </summary>
internal sealed class OutputLimits(Engine engine)
{
    /// <summary>Nobody needs more than this to be told that a password is missing.</summary>
    private const int UnauthenticatedBytesMax = 17 * 1024;

    /// <summary>Clients over their soft limit, which time alone may make too much.</summary>
    private readonly List<Client> _overSoft = [];

    /// <summary>Whether a client may have so many bytes waiting to be sent; if not, it will be closed.</summary>
    public bool Allows(Client client, long waitingBytes)
    {
        if (!IsOver(client, waitingBytes)) return true;
        if (client.IsDoomed) return false;
        engine.Log.Warning(
            $"Client {ClientDescription.Line(client, engine.Clock.NowMs)} scheduled to be closed ASAP for overcoming of output buffer limits.");
        engine.Clients.CloseLater(client);
        return false;
    }

    /// <summary>Looks again at those who were over their soft limit.</summary>
    public void CheckSoft()
    {
        for (var i = _overSoft.Count - 1; i >= 0; i--)
        {
            var client = _overSoft[i];
            if (!client.IsClosing && Allows(client, client.OutputBytes) && client.OverSoftLimitSinceMs is not null) continue;
            _overSoft.RemoveAt(i);
        }
    }

    private bool IsOver(Client client, long waitingBytes)
    {
        if (waitingBytes > UnauthenticatedBytesMax && engine.RequiresPassword(client)) return true;

        var limit = engine.Config.OutputBufferLimits[(int)client.Type];
        if (limit.HardBytes > 0 && waitingBytes >= limit.HardBytes) return true;
        if (limit.SoftBytes == 0 || waitingBytes < limit.SoftBytes)
        {
            client.OverSoftLimitSinceMs = null;
            return false;
        }

        var nowMs = engine.Clock.NowMs;
        if (client.OverSoftLimitSinceMs is { } sinceMs) return (nowMs / 1000) - (sinceMs / 1000) > limit.SoftSeconds;
        client.OverSoftLimitSinceMs = nowMs;
        _overSoft.Add(client);
        return false;
    }
}
