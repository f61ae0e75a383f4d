namespace Hearth.Server;

/// <summary>How SHUTDOWN, or a signal that asks for it, goes about it.</summary>
[Flags]
internal enum ShutdownOptions
{
    /// <summary>Save when there are save points.</summary>
    Default = 0,
    Save = 1,
    NoSave = 2,

    /// <summary>Don't wait for lagging replicas.</summary>
    Now = 4,

    /// <summary>Exit even when saving fails.</summary>
    Force = 8,
}
