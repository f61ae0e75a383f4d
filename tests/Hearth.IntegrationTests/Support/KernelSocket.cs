using System.Globalization;
using System.Net.Sockets;

namespace Hearth.IntegrationTests.Support;

/// <summary>
/// A socket of a server in this process as Linux knows it: found by its ports in /proc, and asked for what the server has set. It is only
/// looked at; its owner closes it.
/// </summary>
internal sealed class KernelSocket : IDisposable
{
    private const int Tcp = 6;
    private const string ListenState = "0A";
    private const string EstablishedState = "01";

    private readonly Socket _socket;

    private KernelSocket(int descriptor) => _socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: false));

    public bool IsKeepAlive => Option(1, 9) != 0;

    public int KeepAliveSeconds => Option(Tcp, 4);

    /// <summary>The length of a listener's queue as listen(2) was told: TCP_INFO has it in the field that counts selective acknowledgements.</summary>
    public int Backlog
    {
        get
        {
            Span<byte> information = stackalloc byte[32];
            _socket.GetRawSocketOption(Tcp, 11, information);
            return BitConverter.ToInt32(information[28..]);
        }
    }

    public static KernelSocket OfListener(int port) => new(Descriptor(ListenState, port, remotePort: 0));

    /// <summary>The server's end of a client's connection.</summary>
    public static KernelSocket OfConnection(int port, int clientPort) => new(Descriptor(EstablishedState, port, clientPort));

    public void Dispose() => _socket.Dispose();

    private int Option(int level, int option)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        _socket.GetRawSocketOption(level, option, value);
        return BitConverter.ToInt32(value);
    }

    private static int Descriptor(string state, int localPort, int remotePort)
    {
        // "sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode ...", addresses as hexadecimal IP:PORT.
        var line = File.ReadLines("/proc/self/net/tcp").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(words => words[3] == state && PortOf(words[1]) == localPort && PortOf(words[2]) == remotePort);
        var link = $"socket:[{line[9]}]";
        var path = Directory.EnumerateFiles("/proc/self/fd").First(path => new FileInfo(path).LinkTarget == link);
        return int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture);
    }

    private static int PortOf(string address) => int.Parse(address.Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
