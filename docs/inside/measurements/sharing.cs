// What it costs when several threads share one table, against one thread that owns it.
//
//   dotnet run -c Release docs/inside/measurements/sharing.cs
//
// Every row does the same work: pick a key at random and add one to its value. The rows differ in who may do it, and how they keep out
// of each other's way. A row runs for half a second after a short warm-up. "CPU" is the processor time of all threads for one operation:
// on a machine that also has other work to do, this is what sharing costs; "elapsed" is what a client would wait for.

#:property PublishAot=false

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

const int Keys = 100_000;
var processors = Environment.ProcessorCount;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var table = new Dictionary<int, long>(Keys);
var concurrent = new ConcurrentDictionary<int, long>(processors, Keys);
for (var key = 0; key < Keys; key++) concurrent[key] = table[key] = 0;

var gate = new Lock();
var isStopped = false;

Console.WriteLine($"{processors} processors, .NET {Environment.Version}");
Console.WriteLine($"{"",-46} {"million/s",10} {"elapsed ns",11} {"CPU ns",8}");
Row("one thread, no lock", 1, OwnTable);
Row("one thread, a lock that nobody else wants", 1, LockedTable);
Row($"{processors} threads, one lock", processors, LockedTable);
Row("8 threads, one lock", 8, LockedTable);
Row($"{processors} threads, ConcurrentDictionary", processors, ConcurrentTable);
Row("one work item of the thread pool an operation", 1, ThreadPoolItems);
Row("handed to another thread, which answers", 1, HandOver);

void Row(string name, int threads, Func<uint, long> work)
{
    Run(threads, work, milliseconds: 150);
    var cpuBefore = Environment.CpuUsage.TotalTime;
    var start = Stopwatch.GetTimestamp();
    var operations = Run(threads, work, milliseconds: 500);
    var elapsed = Stopwatch.GetElapsedTime(start);
    var cpu = Environment.CpuUsage.TotalTime - cpuBefore;
    Console.WriteLine(
        $"{name,-46} {operations / elapsed.TotalMicroseconds,10:F2} {elapsed.TotalNanoseconds / operations,11:F0} {cpu.TotalNanoseconds / operations,8:F0}");
}

long Run(int threads, Func<uint, long> work, int milliseconds)
{
    Volatile.Write(ref isStopped, false);
    var counts = new long[threads];
    var workers = Enumerable.Range(0, threads).Select(index => new Thread(() => counts[index] = work((uint)index + 1))).ToArray();
    foreach (var worker in workers) worker.Start();
    Thread.Sleep(milliseconds);
    Volatile.Write(ref isStopped, true);
    foreach (var worker in workers) worker.Join();
    return counts.Sum();
}

// xorshift: cheap, and good enough to pick keys.
static int Next(ref uint state)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return (int)(state % Keys);
}

void Add(int key) => CollectionsMarshal.GetValueRefOrNullRef(table, key)++;

long OwnTable(uint state)
{
    long count = 0;
    for (; !Volatile.Read(ref isStopped); count++) Add(Next(ref state));
    return count;
}

long LockedTable(uint state)
{
    long count = 0;
    for (; !Volatile.Read(ref isStopped); count++)
    {
        var key = Next(ref state);
        lock (gate) Add(key);
    }

    return count;
}

long ConcurrentTable(uint state)
{
    long count = 0;
    for (; !Volatile.Read(ref isStopped); count++) concurrent.AddOrUpdate(Next(ref state), 1, static (_, value) => value + 1);
    return count;
}

// Items are queued a thousand at a time: nobody waits for a single one, which is the kindest case for a pool.
long ThreadPoolItems(uint state)
{
    const int Batch = 1000;
    long count = 0;
    using var done = new CountdownEvent(1);
    for (; !Volatile.Read(ref isStopped); count += Batch)
    {
        done.Reset(Batch);
        for (var i = 0; i < Batch; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(key =>
            {
                lock (gate) Add(key);
                done.Signal();
            }, Next(ref state), preferLocal: false);
        }

        done.Wait();
    }

    return count;
}

// A request to the thread that owns the table and its answer, one after the other: two wake-ups for each operation.
long HandOver(uint state)
{
    using var requests = new BlockingCollection<int>();
    using var answers = new SemaphoreSlim(0);
    var owner = new Thread(() =>
    {
        foreach (var key in requests.GetConsumingEnumerable())
        {
            Add(key);
            answers.Release();
        }
    });
    owner.Start();
    long count = 0;
    for (; !Volatile.Read(ref isStopped); count++)
    {
        requests.Add(Next(ref state));
        answers.Wait();
    }

    requests.CompleteAdding();
    owner.Join();
    return count;
}
