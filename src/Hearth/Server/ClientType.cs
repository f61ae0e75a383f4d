using Hearth.Primitives;

namespace Hearth.Server;

/// <summary>The classes that CLIENT LIST, CLIENT KILL and client-output-buffer-limit know; a limit's index is its class's number.</summary>
internal enum ClientType : byte
{
    Normal,
    Replica,
    PubSub,
    Master,
}

internal static class ClientTypes
{
    /// <summary>The class of this name, upper or lower case; false when there is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> name, out ClientType type)
    {
        ClientType? found =
            CString.EqualsIgnoreCase(name, "normal"u8) ? ClientType.Normal
            : CString.EqualsIgnoreCase(name, "replica"u8) ? ClientType.Replica
            : CString.EqualsIgnoreCase(name, "slave"u8) ? ClientType.Replica
            : CString.EqualsIgnoreCase(name, "pubsub"u8) ? ClientType.PubSub
            : CString.EqualsIgnoreCase(name, "master"u8) ? ClientType.Master
            : null;
        type = found ?? default;
        return found is not null;
    }
}
