using Hearth.Primitives;

namespace Hearth.Server;

/// <summary>Error texts that more than one command replies, to the byte as Redis 7.2 words them.</summary>
internal static class Errors
{
    public static ReadOnlySpan<byte> WrongType => "WRONGTYPE Operation against a key holding the wrong kind of value"u8;

    public static ReadOnlySpan<byte> Syntax => "ERR syntax error"u8;

    public static ReadOnlySpan<byte> NotInteger => "ERR value is not an integer or out of range"u8;

    public static ReadOnlySpan<byte> NotFloat => "ERR value is not a valid float"u8;

    public static ReadOnlySpan<byte> NoSuchKey => "ERR no such key"u8;

    public static ReadOnlySpan<byte> SameObject => "ERR source and destination objects are the same"u8;

    public static ReadOnlySpan<byte> InvalidDatabase => "ERR DB index is out of range"u8;

    public static ReadOnlySpan<byte> StringTooLong => "ERR string exceeds maximum allowed size (proto-max-bulk-len)"u8;

    public static ReadOnlySpan<byte> NoAuth => "NOAUTH Authentication required."u8;


    public static ReadOnlySpan<byte> InvalidClientName => "ERR Client names cannot contain spaces, newlines or special characters."u8;

    public static ReadOnlySpan<byte> WrongPassword => "WRONGPASS invalid username-password pair or user is disabled."u8;

    public static ReadOnlySpan<byte> InsideTransaction => "ERR Command not allowed inside a transaction"u8;

    /// <summary>How much of a word is quoted at most: an error may quote several, and a text in .NET ends at a billion characters.</summary>
    private const int QuotedBytesMax = 128 << 20;

    /// <summary>A word of the client as error texts quote it: as a C string, which a NUL byte ends.</summary>
    public static string Quote(ReadOnlySpan<byte> word, int bytesMax = QuotedBytesMax)
    {
        word = CString.Clip(word);
        return Latin1.Text(word.Length > bytesMax ? word[..bytesMax] : word);
    }
}
