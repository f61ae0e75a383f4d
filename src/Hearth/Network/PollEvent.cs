namespace Hearth.Network;

internal readonly record struct PollEvent(int Token, PollReadiness Readiness);
