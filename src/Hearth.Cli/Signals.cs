using System.Runtime.InteropServices;
using Hearth.Server;

namespace Hearth.Cli;

/// <summary>
/// SIGTERM and SIGINT end the server, which closes what it has open; without it, SIGHUP would end the process. They are watched from
/// before the server has a PID file or listens: whoever sees it alive may end it at once, and must not leave its files behind.
/// </summary>
internal sealed class Signals : IDisposable
{
    private readonly LifeCycleLog _lines;
    private readonly PosixSignalRegistration[] _registrations;
    private HearthServer? _server;
    private bool _isEnding;

    public Signals(LifeCycleLog lines)
    {
        _lines = lines;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnEnd),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnEnd),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true),
        ];
    }

    /// <summary>Ends this server at a signal, or now when one has come already.</summary>
    public void End(HearthServer server)
    {
        Interlocked.Exchange(ref _server, server);
        if (Volatile.Read(ref _isEnding)) server.RequestShutdown();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    private void OnEnd(PosixSignalContext context)
    {
        if (Interlocked.Exchange(ref _isEnding, true) && context.Signal == PosixSignal.SIGINT)
        {
            _lines.Insisted();
            return;
        }

        // The signal must not end the process: the server does, when it has closed what it has open.
        context.Cancel = true;
        _lines.SignalReceived(context.Signal.ToString());
        Volatile.Read(ref _server)?.RequestShutdown();
    }
}
