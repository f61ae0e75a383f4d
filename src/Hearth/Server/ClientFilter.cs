namespace Hearth.Server;

/// <summary>Which clients CLIENT KILL means; what is not set lets all pass.</summary>
internal struct ClientFilter
{
    public long? Id;
    public string? Address;
    public string? LocalAddress;
    public ClientType? Type;

    /// <summary>The one that asks, where it is to be left out.</summary>
    public Client? Except;

    public readonly bool Accepts(Client client) =>
        (Id is null || client.Id == Id)
        && (Address is null || client.Address == Address)
        && (LocalAddress is null || client.LocalAddress == LocalAddress)
        && (Type is null || client.Type == Type)
        && client != Except;
}
