namespace Hearth.Server;

/// <summary>Who may use something dangerous, in the order of the words of enable-debug-command and its like.</summary>
internal enum LocalAccess
{
    No,
    Yes,

    /// <summary>Only a client on this machine.</summary>
    Local,
}
