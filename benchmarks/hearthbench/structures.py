"""Collections: what their commands cost, and what they take in memory.

Each scenario says what must be there before it runs. The data are drawn from a generator with a fixed seed, the same for both
servers, and every random number that redis-benchmark puts in has twelve digits.
"""

import random

from . import report as reporting
from .load import redis_benchmark
from .resp import command
from .throughput import KEYS, Scenario, nothing

BATCH = 1000
RANDOM = "__rand_int__"


def load(server, commands):
    """Sends commands, a batch at a time, and waits for the replies."""
    with server.client(timeout=300.0) as client:
        batch = []
        for words in commands:
            batch.append(command(*words))
            if len(batch) == BATCH:
                client.call_all(batch)
                batch.clear()
        client.call_all(batch)


def variadic(name, key, items, words_each=1, per_command=BATCH):
    """One command for many items, each of them `words_each` words."""
    for first in range(0, len(items), per_command * words_each):
        yield (name, key, *items[first:first + per_command * words_each])


def member(number):
    return b"m:%012d" % number


def scored_members(server):
    """A million members, drawn like redis-benchmark's, with scores as random."""
    draw = random.Random(1)
    words = []
    for number in range(KEYS):
        words += (draw.randrange(KEYS), member(number))
    load(server, variadic("ZADD", "z", words, 2))


def elements(server):
    load(server, variadic("RPUSH", "l", [b"element:%08d" % number for number in range(1000)]))


def fifty_fields(server):
    words = []
    for number in range(50):
        words += (b"field:%02d" % number, b"value:%010d" % number)
    load(server, [("HSET", "h", *words)])


def hundred_members(server):
    load(server, [("SADD", "s", *(member(number) for number in range(100)))])


def two_sets(server):
    for key, first in (("a", 0), ("b", 50_000)):
        load(server, variadic("SADD", key, [member(number) for number in range(first, first + 100_000)]))


def two_sorted_sets(server):
    for key, first in (("a", 0), ("b", 50_000)):
        words = []
        for number in range(first, first + 100_000):
            words += (number % 1000, member(number))
        load(server, variadic("ZADD", key, words, 2))


def long_stream(server):
    load(server, (("XADD", "x", f"1-{number + 1}", "sensor", 1234, "temperature", "19.8") for number in range(1_000_000)))


def reset_group(server):
    """The group starts at the beginning, with nothing pending."""
    with server.client() as client:
        client.call("XGROUP", "DESTROY", "x", "g")
        client.call("XGROUP", "CREATE", "x", "g", "0")


def hyperloglogs(server):
    for key, first in (("p", 0), ("q", 50_000)):
        load(server, variadic("PFADD", key, [member(number) for number in range(first, first + 100_000)]))


def megabyte(server):
    load(server, [("SET", "bits", random.Random(1).randbytes(1 << 20))])


def points(server):
    """A million points in a square of some 1,000 km around the one that is asked about."""
    draw = random.Random(1)
    words = []
    for number in range(KEYS):
        words += (f"{draw.uniform(-4, 9):.6f}", f"{draw.uniform(44, 53):.6f}", member(number))
    load(server, variadic("GEOADD", "geo", words, 3))


def pushed_before(scenario_requests):
    """LPOP takes what LPUSH has put there just before, unmeasured."""
    def push(server):
        redis_benchmark(server.port, scenario_requests, 64, ["LPUSH", "l", "x" * 64])
    return push


POP_REQUESTS = 1_600_000

SCENARIOS = [
    Scenario("lpush-p16", ["-t", "lpush"], 16, 1_600_000, data=nothing, goal=2.0),
    Scenario("lpop-p16", ["LPOP", "l"], 16, POP_REQUESTS, data=nothing, before=pushed_before(POP_REQUESTS), goal=2.0),
    Scenario("sadd-p16", ["-t", "sadd"], 16, 1_600_000, data=nothing, goal=2.0),
    Scenario("hset-p16", ["-t", "hset"], 16, 1_600_000, data=nothing, goal=2.0),
    Scenario("zadd-p16", ["ZADD", "z", RANDOM, "m:" + RANDOM], 16, 1_000_000, data=scored_members, goal=2.5),
    Scenario("zrank-p16", ["ZRANK", "z", "m:" + RANDOM], 16, 1_000_000, data=scored_members, goal=2.0),
    Scenario("zrangebyscore-p16", ["ZRANGEBYSCORE", "z", RANDOM, "+inf", "LIMIT", "0", "10"], 16, 500_000, data=scored_members, goal=2.0),
    Scenario("lrange-p4", ["LRANGE", "l", "0", "99"], 4, 300_000, data=elements, goal=1.5),
    Scenario("hgetall-p4", ["HGETALL", "h"], 4, 300_000, data=fifty_fields, goal=1.5),
    Scenario("smembers-p4", ["SMEMBERS", "s"], 4, 300_000, data=hundred_members, goal=1.5),
    Scenario("xadd-p16", ["XADD", "x", "*", "sensor", "1234", "temperature", "19.8"], 16, 1_000_000, data=nothing, goal=1.5),
    Scenario("xreadgroup-p16", ["XREADGROUP", "GROUP", "g", "c", "COUNT", "10", "STREAMS", "x", ">"], 16, 100_000,
             data=long_stream, before=reset_group, goal=1.5),
    Scenario("sinter-p1", ["SINTER", "a", "b"], 1, 200, data=two_sets, goal=1.5, connections=4),
    Scenario("zunionstore-p1", ["ZUNIONSTORE", "c", "2", "a", "b"], 1, 50, data=two_sorted_sets, goal=1.5, connections=4),
    Scenario("pfadd-p16", ["PFADD", "p", "m:" + RANDOM], 16, 1_000_000, data=hyperloglogs, goal=1.0),
    Scenario("pfcount-p1", ["PFCOUNT", "p", "q"], 1, 20_000, data=hyperloglogs, goal=1.0),
    Scenario("bitcount-p1", ["BITCOUNT", "bits"], 1, 20_000, data=megabyte, goal=1.0),
    Scenario("geosearch-p1", ["GEOSEARCH", "geo", "FROMLONLAT", "2.35", "48.85", "BYRADIUS", "10", "km"], 1, 20_000, data=points, goal=1.0),
]


def small_hashes(keys):
    for key in range(keys):
        words = []
        for field in range(10):
            words += (b"field%d" % field, b"value%d" % (key + field))
        yield ("HSET", b"h:%d" % key, *words)


def big(name, words_of, per_command=500):
    def make(count):
        for first in range(0, count, per_command):
            words = []
            for number in range(first, min(first + per_command, count)):
                words += words_of(number)
            yield (name, "key", *words)
    return make


# What is made, how many elements of it, and the goal for Hearth's share of Redis's memory.
MEMORY = [
    ("a million hashes of 10 small fields", small_hashes, 1_000_000, 0.9),
    ("one hash of 10 million fields", big("HSET", lambda number: (b"f:%d" % number, b"v:%d" % number)), 10_000_000, 0.7),
    ("one set of 10 million members", big("SADD", lambda number: (b"m:%d" % number,)), 10_000_000, 0.7),
    ("one sorted set of 10 million members", big("ZADD", lambda number: (number * 7919 % 10_000_019, b"m:%d" % number)), 10_000_000, 0.7),
    ("a list of 10 million elements of 20 bytes", big("RPUSH", lambda number: (b"element:%012d" % number,)), 10_000_000, 1.0),
    ("a stream of a million entries of 5 fields",
     lambda count: (("XADD", "x", f"{1_700_000_000_000 + number * 3}-0", "a", number, "b", "x1", "c", number * 7, "d", "abc", "e", "0.5")
                    for number in range(count)), 1_000_000, 1.0),
]


def run_memory(servers, options, report):
    """Resident bytes over the empty server, for collections small and big."""
    report.heading("memory-structures: collections")
    figures, rows = {}, []
    left, right = (server.name for server in servers)
    for what, make, count, goal in MEMORY:
        count = max(1000, int(count * options.scale))
        for server in servers:
            with server:
                empty = server.settled_resident_bytes()
                load_streaming(server, make(count))
                full = server.settled_resident_bytes()
            figures.setdefault(what, {})[server.name] = (full - empty) / count
        by_server = figures[what]
        rows.append([what, reporting.show(by_server[left], 1), reporting.show(by_server[right], 1)])
        report.goal(f"{what}, {right} / {left}", reporting.ratio(by_server[right], by_server[left]), goal, False)
    report.table(["bytes an element", left, right], rows)
    report.add("memory-structures", figures)


def load_streaming(server, commands):
    """Like load, for commands that are long themselves: few of them are under way at a time, so that no buffer grows by them."""
    with server.client(timeout=300.0) as client:
        batch, size = [], 0
        for words in commands:
            batch.append(command(*words))
            size += len(batch[-1])
            if size > 100_000:
                client.call_all(batch)
                batch, size = [], 0
        client.call_all(batch)
