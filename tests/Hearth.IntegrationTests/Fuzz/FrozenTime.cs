namespace Hearth.IntegrationTests.Fuzz;

/// <summary>A clock that stands still, so that two servers see the same time.</summary>
internal sealed class FrozenTime : TimeProvider
{
    private static readonly DateTimeOffset Now = new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
