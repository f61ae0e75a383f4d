using System.Diagnostics;
using Hearth.Primitives;

namespace Hearth.DataStructures;

/// <summary>Checks every rule of an <see cref="IdTree"/>.</summary>
internal static unsafe class IdTreeVerifier
{
    public static void Verify(IdTreeHeader* header)
    {
        var root = header->Root;
        if (root == null)
        {
            Trace.Assert(header->Count == 0 && header->NodeCount == 0 && header->First == null && header->Last == null, "An empty tree has something.");
            return;
        }

        long entries = 0;
        long nodes = 0;
        VerifyNode(root, default, null, isRoot: true, ref entries, ref nodes);
        Trace.Assert(entries == header->Count, "The count of IDs is wrong.");
        Trace.Assert(nodes == header->NodeCount, "The count of nodes is wrong.");
        VerifyLinks(header);
    }

    /// <summary>Everything below a node lies at or above the lower bound and below the upper one, where there is one.</summary>
    private static void VerifyNode(IdTreeNode* node, StreamId lower, StreamId* upper, bool isRoot, ref long entries, ref long nodes)
    {
        nodes++;
        Trace.Assert(node->Count > 0 && node->Count <= node->Capacity, "A node is empty or overfull.");
        Trace.Assert(node->Capacity == IdTreeNode.CapacityMax || (isRoot && node->Level == 0), "A node has an odd size.");
        Trace.Assert(!isRoot || node->Level == 0 || node->Count > 1, "The root has a single child.");
        var ids = IdTreeNode.Ids(node);
        for (var i = 0; i < node->Count; i++)
        {
            var isBound = node->Level == 0 || i > 0;
            Trace.Assert(!isBound || ids[i] >= lower, "An ID lies below its node's bound.");
            Trace.Assert(!isBound || upper == null || ids[i] < *upper, "An ID reaches into the next node.");
            Trace.Assert(i <= (node->Level == 0 ? 0 : 1) || ids[i - 1] < ids[i], "IDs are out of order.");
        }

        if (node->Level == 0)
        {
            entries += node->Count;
            return;
        }

        for (var i = 0; i < node->Count; i++)
        {
            var child = IdTreeNode.Child(node, i);
            Trace.Assert(child->Level == node->Level - 1, "A child is on the wrong level.");
            VerifyNode(child, i == 0 ? lower : ids[i], i + 1 < node->Count ? ids + i + 1 : upper, isRoot: false, ref entries, ref nodes);
        }
    }

    /// <summary>The links of each level lead to the same nodes as the parents do, in their order.</summary>
    private static void VerifyLinks(IdTreeHeader* header)
    {
        for (var leftmost = header->Root; leftmost->Level > 0; leftmost = IdTreeNode.Child(leftmost, 0))
        {
            var expected = IdTreeNode.Child(leftmost, 0);
            IdTreeNode* previous = null;
            for (var parent = leftmost; parent != null; parent = parent->Next)
            {
                for (var i = 0; i < parent->Count; i++)
                {
                    var child = IdTreeNode.Child(parent, i);
                    Trace.Assert(child == expected && child->Previous == previous, "A link leads elsewhere.");
                    previous = child;
                    expected = child->Next;
                }
            }

            Trace.Assert(expected == null, "The last node of a level has a successor.");
            if (leftmost->Level == 1) Trace.Assert(header->First == IdTreeNode.Child(leftmost, 0) && header->Last == previous, "An end is wrong.");
        }

        if (header->Root->Level == 0) Trace.Assert(header->First == header->Root && header->Last == header->Root, "An end is wrong.");
    }
}
