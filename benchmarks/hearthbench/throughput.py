"""Throughput, latency and the server's CPU time per request, as redis-benchmark drives it.

CPU per request is the figure that counts: throughput on a machine with two cores is bounded by the load generator as soon as
the server is fast, and both swing with the machine, while the CPU time that a request costs the server barely does.
"""

import time

from . import report as reporting
from .load import Filler, redis_benchmark
from .resp import RespError

KEYS = 1_000_000
WARM_UP_SECONDS = 3.0  # .NET compiles hot code again, better, in the background; measuring before that is over measures the compiler.


class Scenario:
    """One command as redis-benchmark sends it: what must be there first, what happens unmeasured before each round, and the goal."""

    def __init__(self, name, words, pipeline, requests, data, goal=None, before=None, connections=50):
        self.name = name
        self.words = words
        self.pipeline = pipeline
        self.requests = requests
        self.data = data
        self.goal = goal
        self.before = before
        self.connections = connections


def _test(name):
    return ["-t", name]


def strings(server):
    with Filler(server.port, b"key:", value_bytes=64) as filler:
        filler.fill(KEYS)


def counters(server):
    with Filler(server.port, b"counter:", value_bytes=1) as filler:
        filler.fill(KEYS)


def nothing(_):
    pass


# The keys are those that redis-benchmark's test draws from, so that after filling every one exists.
SCENARIOS = [
    Scenario("get-p1", _test("get"), 1, 300_000, strings, goal=1.1),
    Scenario("set-p1", _test("set"), 1, 300_000, strings, goal=1.1),
    Scenario("get-p16", _test("get"), 16, 1_600_000, strings, goal=2.4),
    Scenario("set-p16", _test("set"), 16, 1_600_000, strings, goal=2.6),
    Scenario("get-p128", _test("get"), 128, 4_000_000, strings, goal=5.0),
    Scenario("set-p128", _test("set"), 128, 4_000_000, strings, goal=5.0),
    Scenario("mset10-p4", _test("mset"), 4, 300_000, strings, goal=4.0),
    Scenario("incr-p16", _test("incr"), 16, 1_600_000, counters, goal=2.0),
]

# Run only when asked for by name: no goal stands against them.
MORE = [
    Scenario("ping-p1", _test("ping_mbulk"), 1, 300_000, nothing),
    Scenario("ping-p16", _test("ping_mbulk"), 16, 1_600_000, nothing),
]


class Round:
    """One run of the load on one server: what the client saw and what the server spent."""

    def __init__(self, server, scenario, requests):
        if scenario.before is not None:
            scenario.before(server)
        before, waited = server.cost(), server.waited_seconds()
        result = redis_benchmark(server.port, requests, scenario.pipeline, scenario.words, scenario.connections, key_space=KEYS)
        spent, waited = server.cost() - before, server.waited_seconds() - waited
        self.figures = {
            "requests_per_second": result.rate,
            "user_us": spent.user * 1e6 / requests,
            "system_us": spent.system * 1e6 / requests,
            "cpu_us": spent.both * 1e6 / requests,
            "waited_us": waited * 1e6 / requests,
            "p50_ms": result.p50_ms,
            "p99_ms": result.p99_ms,
            "p999_ms": result.p999_ms,
        }


class Throughput:
    """Keeps both servers running over all throughput scenarios, so that each is measured warm."""

    def __init__(self, servers, options, report):
        self._servers = servers
        self._options = options
        self._report = report
        self._filled_with = None

    def run(self, scenario):
        requests = max(min(scenario.requests, 1000), int(scenario.requests * self._options.scale))
        self._report.heading(f"{scenario.name}: {scenario.connections} connections, pipeline {scenario.pipeline}, "
                             f"{requests:,} requests a round, {self._options.rounds} rounds")
        if not all(self._supports(server, scenario) for server in self._servers):
            return
        self._fill(scenario.data)
        for server in self._servers:
            began = time.monotonic()
            while True:
                Round(server, scenario, requests)
                if time.monotonic() - began >= WARM_UP_SECONDS * min(1.0, self._options.scale):
                    break
        rounds = {server.name: [] for server in self._servers}
        for _ in range(self._options.rounds):
            for server in self._servers:
                rounds[server.name].append(Round(server, scenario, requests).figures)
        self._show(scenario, rounds)

    def _supports(self, server, scenario):
        """A name such as lpush-p16 begins with its command's name."""
        name = scenario.name.split("-")[0].rstrip("0123456789")
        with server.client() as client:
            try:
                known = client.call("COMMAND", "INFO", name)[0] is not None
            except RespError:
                known = True
        if not known:
            self._report.note(f"left out: {server.name} has no {name.upper()}")
        return known

    def _fill(self, data):
        if data is self._filled_with:
            return
        for server in self._servers:
            with server.client(timeout=120.0) as client:
                client.call("FLUSHALL")
            data(server)
        self._filled_with = None if data is nothing else data

    def _show(self, scenario, rounds):
        names = [server.name for server in self._servers]
        medians = {name: {figure: reporting.median([each[figure] for each in rounds[name]]) for figure in rounds[name][0]}
                   for name in names}
        for server in self._servers:
            medians[server.name]["resident_mb"] = server.resident_bytes() / 1e6
        left, right = names
        ratios = {figure: reporting.ratio(medians[left][figure], medians[right][figure]) for figure in medians[left]}
        digits = {"requests_per_second": 0, "user_us": 3, "system_us": 3, "cpu_us": 3,
                  "p50_ms": 3, "p99_ms": 3, "p999_ms": 3, "resident_mb": 1}
        rows = [[name, *(reporting.show(medians[name][figure], places) for figure, places in digits.items())] for name in names]
        rows.append([f"{left} / {right}", *(reporting.show(ratios[figure], 2) for figure in digits)])
        self._report.table(["", "requests/s", "user us", "system us", "both us", "p50 ms", "p99 ms", "p99.9 ms", "RSS MB"], rows)
        spread = {name: reporting.ratio(max(each["cpu_us"] for each in rounds[name]), min(each["cpu_us"] for each in rounds[name]))
                  for name in names}
        self._report.note("spread of CPU per request over the rounds, largest / smallest: "
                          + ", ".join(f"{name} {reporting.show(spread[name], 2)}" for name in names)
                          + "; waited for a core, us a request: "
                          + ", ".join(f"{name} {reporting.show(medians[name]['waited_us'], 2)}" for name in names))
        if scenario.goal is not None:
            self._report.goal(f"{scenario.name} server CPU per request, {left} / {right}", ratios["cpu_us"], scenario.goal, True)
        self._report.add(scenario.name, {"rounds": rounds, "medians": medians, "ratios": ratios})
