namespace Hearth.Server;

/// <summary>
/// How much unsent output a class of clients may hold: never more than the hard limit, and no longer over the soft one than so many
/// seconds. 0 = no limit.
/// </summary>
internal readonly record struct OutputBufferLimit(long HardBytes, long SoftBytes, long SoftSeconds);
