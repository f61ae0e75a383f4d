namespace Hearth.Server;

/// <summary>Who supervises the process and wants to hear that it is ready, in the order of the words of <c>supervised</c>.</summary>
internal enum SupervisedMode
{
    Upstart,
    Systemd,
    Auto,
    No,
}
