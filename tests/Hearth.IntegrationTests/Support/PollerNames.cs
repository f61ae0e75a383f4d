using Hearth.Network;
using Xunit;

namespace Hearth.IntegrationTests.Support;

/// <summary>The pollers of this system besides the one that servers get by default. Theory data is text, because the kinds are internal.</summary>
internal static class PollerNames
{
    public static TheoryData<string> Others
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (var kind in new[] { PollerKind.IoUring, PollerKind.Poll })
                if (PollerFactory.IsSupported(kind)) names.Add(kind.ToString());
            return names;
        }
    }

    public static TheoryData<string> All => [nameof(PollerKind.Default), .. Others.Select(row => row.Data)];
}
