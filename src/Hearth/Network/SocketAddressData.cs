using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Hearth.Network;

/// <summary>
/// An IP address and a port in 24 bytes, so that a connection's addresses become text only when somebody asks for them.
/// </summary>
/// <remarks>
/// What accept, getsockname and getpeername write is <c>family:2 port:2be address:4</c> for IPv4 and
/// <c>family:2 port:2be flow:4 address:16 scope:4</c> for IPv6; macOS splits the first two bytes into a length and a family.
/// </remarks>
internal readonly struct SocketAddressData
{
    /// <summary>The largest sockaddr that is of interest; others are cut by the kernel.</summary>
    public const int RawSizeMax = 128;

    private readonly ulong _high;
    private readonly ulong _low;
    private readonly ushort _port;
    private readonly Kind _kind;

    private SocketAddressData(Kind kind, ushort port, ulong high, ulong low) => (_kind, _port, _high, _low) = (kind, port, high, low);

    private enum Kind : byte
    {
        Other,
        Inet,
        Inet6,
    }

    public int Port => _port;

    /// <summary>Whether the peer is this machine; a Unix socket's address has no family here and counts as local elsewhere.</summary>
    public bool IsLoopback => _kind switch
    {
        Kind.Inet => _low >> 24 == 127,
        Kind.Inet6 => _high == 0 && _low == 1,
        _ => false,
    };

    public static SocketAddressData Parse(ReadOnlySpan<byte> raw)
    {
        if (raw.Length < 8) return default;
        int family = OperatingSystem.IsWindows() || !UnixSockets.IsMac ? BitConverter.ToUInt16(raw) : raw[1];
        var port = BinaryPrimitives.ReadUInt16BigEndian(raw[2..]);
        if (family == UnixSockets.FamilyInet)
            return new SocketAddressData(Kind.Inet, port, 0, BinaryPrimitives.ReadUInt32BigEndian(raw[4..]));
        if (family == SocketApi.FamilyInet6 && raw.Length >= 24)
        {
            var high = BinaryPrimitives.ReadUInt64BigEndian(raw[8..]);
            return new SocketAddressData(Kind.Inet6, port, high, BinaryPrimitives.ReadUInt64BigEndian(raw[16..]));
        }

        return default;
    }

    /// <summary>"127.0.0.1:6379" or "[::1]:6379", as CLIENT LIST shows it.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _low);
        return _kind switch
        {
            Kind.Inet => string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes[12..])}:{_port}"),
            Kind.Inet6 => string.Create(CultureInfo.InvariantCulture, $"[{new IPAddress(bytes)}]:{_port}"),
            _ => "?:0",
        };
    }
}
