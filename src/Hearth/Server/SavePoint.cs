namespace Hearth.Server;

/// <summary>Save a snapshot when so many changes were made and so many seconds have passed.</summary>
internal readonly record struct SavePoint(long Seconds, int Changes);
