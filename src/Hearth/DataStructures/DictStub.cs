using Hearth.Memory; using Hearth.Primitives;
namespace Hearth.DataStructures;
internal interface IDictLayout { static abstract ReadOnlySpan<byte> KeyOf(nint element); }
internal interface IDictVisitor { void Visit(nint element); }
internal unsafe struct DictHeader { public long X; }
#pragma warning disable CS9113, CA1822
internal readonly unsafe struct Dict<TLayout>(Heap heap, KeyedHash hash, DictHeader* header) where TLayout : struct, IDictLayout
{
    public static void Initialize(DictHeader* h) { } public long Count => 0; public long MemoryBytes => 0;
    public nint Find(ulong hash, ReadOnlySpan<byte> key) => 0;
    public void Insert(ulong hash, nint element) { }
    public nint Remove(ulong hash, ReadOnlySpan<byte> key) => 0;
    public bool RemoveElement(ulong hash, nint element) => false;
    public bool Replace(ulong hash, nint oldElement, nint newElement) => false;
    public void PrefetchBucket(ulong hash) { } public void PrefetchElements(ulong hash) { }
    public ulong Scan<TVisitor>(ulong cursor, int count, ref TVisitor visitor) where TVisitor : struct, IDictVisitor => 0;
    public nint Random(RandomSource random) => 0;
    public long Clear<TVisitor>(ref TVisitor v) where TVisitor : struct, IDictVisitor => 0;
    public bool ClearStep<TVisitor>(ref TVisitor visitor, int segments) where TVisitor : struct, IDictVisitor => true;
    public void Verify() { }
}
