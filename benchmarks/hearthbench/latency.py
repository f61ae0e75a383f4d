"""Stalls: growth of the keyspace, and a million keys that expire in the same second.

A server with one thread answers nobody while it works on something long. Two figures show that: the longest turn of the event
loop as the server itself reports it, and the latency of a PING that a separate process sends every millisecond.
"""

import random
import re
import time

from . import report as reporting
from .load import BLOCK_KEYS, Filler
from .prober import Prober, percentile

GROWTH_KEYS = 10_000_000
PHASES = 20
SENDS_PER_SECOND = 1000
COMMANDS_PER_SEND = 200

EXPIRING_KEYS = 1_000_000
EXPIRE_LIMIT_SECONDS = 60.0

GOAL_TURN_MS = 5.0

# Redis 7.2 counts turns and their sum; Hearth adds the longest one since CONFIG RESETSTAT, in microseconds.
LONGEST_TURN = re.compile(r"^eventloop_\w*(max|longest)\w*$")


def longest_turn_ms(client):
    for name, value in client.info().items():
        if LONGEST_TURN.match(name):
            return int(value) / 1000.0
    return float("nan")


def turn_counters(client):
    """The sums of 7.2, where the server has them: (turns, microseconds in them)."""
    info = client.info()
    return int(info.get("eventloop_cycles", 0)), int(info.get("eventloop_duration_sum", 0))


def mean_turn_us(before, after):
    turns = after[0] - before[0]
    return (after[1] - before[1]) / turns if turns > 0 else float("nan")


def run_growth(servers, options, report):
    """Grows to ten million keys in phases; between two phases the same load overwrites keys that exist, as the control."""
    keys = max(PHASES * BLOCK_KEYS, int(GROWTH_KEYS * options.scale) // (PHASES * BLOCK_KEYS) * (PHASES * BLOCK_KEYS))
    report.heading(f"growth: to {keys:,} keys at {SENDS_PER_SECOND * COMMANDS_PER_SEND:,} SETs a second, a PING a millisecond")
    figures, rows = {}, []
    for server in servers:
        figures[server.name] = _grow(server, keys, random.Random(options.seed))
    shown = ("waited_ms", "longest_turn_ms", "growth_p50_ms", "growth_p99_ms", "growth_p999_ms", "growth_max_ms",
             "control_p50_ms", "control_p99_ms", "control_p999_ms", "control_max_ms")
    for name, figure in figures.items():
        rows.append([name, *(reporting.show(figure[key], 2) for key in shown)])
    report.table(["ms", "waited", "longest turn", "growth p50", "p99", "p99.9", "max", "control p50", "p99", "p99.9", "max"], rows)
    report.note("waited: for its core, with other processes on it, over all; longest turn: as the server reports it, over growth alone")
    left, right = (server.name for server in servers)
    report.goal(f"growth, longest turn of {right} in ms", figures[right]["longest_turn_ms"], GOAL_TURN_MS, False)
    report.goal(f"growth, p99.9 of PING, {right} / {left}",
                reporting.ratio(figures[right]["growth_p999_ms"], figures[left]["growth_p999_ms"]), 1.0, False)
    report.add("growth", figures)


def _grow(server, keys, draw):
    blocks_per_phase = keys // PHASES // BLOCK_KEYS
    with server, server.client(timeout=120.0) as client, \
            Filler(server.port, commands_per_send=COMMANDS_PER_SEND) as paced:
        # Once up and down again: the machine's pages and the server's own are then warm, and the code is compiled.
        with Filler(server.port) as quick:
            quick.fill(keys)
        client.call("FLUSHALL", "SYNC")
        growth, control, longest, before = [], [], 0.0, turn_counters(client)
        waited = server.waited_seconds()
        with Prober(server.port) as prober:
            for phase in range(PHASES):
                first = phase * blocks_per_phase
                client.call("CONFIG", "RESETSTAT")
                growth.append(_paced(paced, range(first, first + blocks_per_phase)))
                longest = max(longest, longest_turn_ms(client))
                existing = first + blocks_per_phase
                control.append(_paced(paced, [draw.randrange(existing) for _ in range(blocks_per_phase)]))
        assert client.call("DBSIZE") == keys
        figures = {"longest_turn_ms": longest if longest > 0.0 else float("nan"),
                   "mean_turn_us": mean_turn_us(before, turn_counters(client)),
                   "waited_ms": (server.waited_seconds() - waited) * 1000.0,
                   "resident_mb": server.resident_bytes() / 1e6}
    for name, spans in (("growth", growth), ("control", control)):
        latencies = prober.within(spans)
        figures[f"{name}_seconds"] = sum(end - start for start, end in spans)
        figures[f"{name}_pings"] = len(latencies)
        for label, percent in (("p50", 50.0), ("p99", 99.0), ("p999", 99.9), ("max", 100.0)):
            figures[f"{name}_{label}_ms"] = percentile(latencies, percent)
    return figures


def _paced(filler, blocks):
    """Writes blocks at a steady rate; returns the span of time that it took."""
    start = due = time.monotonic()
    for block in blocks:
        for payload in filler.sends(block):
            filler.send(payload)
            due += 1.0 / SENDS_PER_SECOND
            pause = due - time.monotonic()
            if pause > 0:
                time.sleep(pause)
            else:
                due -= pause  # What the server could not take is not sent in a burst later.
    return start, time.monotonic()


def run_expire(servers, options, report):
    """Sets keys that all expire at one moment and waits until the server has removed the last, asking for nothing but DBSIZE."""
    keys = max(BLOCK_KEYS, int(EXPIRING_KEYS * options.scale))
    report.heading(f"expire: {keys:,} keys that expire in the same second")
    figures, rows = {}, []
    for server in servers:
        figure = figures[server.name] = _expire(server, keys)
        rows.append([server.name, *(reporting.show(figure[key], 2) for key in
                                    ("seconds_until_gone", "waited_ms", "longest_turn_ms", "ping_p50_ms", "ping_p999_ms", "ping_max_ms"))])
    report.table(["", "all gone after s", "waited ms", "longest turn ms", "PING p50 ms", "p99.9 ms", "max ms"], rows)
    left, right = (server.name for server in servers)
    report.goal(f"expire, longest turn of {right} in ms", figures[right]["longest_turn_ms"], GOAL_TURN_MS, False)
    report.goal(f"expire, time until all are gone, {right} / {left}",
                reporting.ratio(figures[right]["seconds_until_gone"], figures[left]["seconds_until_gone"]), 1.0, False)
    report.add("expire", figures)


def _expire(server, keys):
    with server, server.client() as client:
        with Filler(server.port) as rehearsal:
            began = time.monotonic()
            rehearsal.fill(keys)
            fill_seconds = time.monotonic() - began
        client.call("FLUSHALL", "SYNC")
        moment = time.time() + fill_seconds * 1.5 + 2.0
        with Filler(server.port, options=("PXAT", int(moment * 1000))) as filler:
            filler.fill(keys)
        if time.time() >= moment or client.call("DBSIZE") != keys:
            raise RuntimeError(f"{server.name} was not full before its keys expired")
        time.sleep(max(0.0, moment - time.time() - 0.5))
        client.call("CONFIG", "RESETSTAT")
        waited = server.waited_seconds()
        with Prober(server.port) as prober:
            start = time.monotonic()
            gone = float("nan")
            while time.monotonic() - start < EXPIRE_LIMIT_SECONDS:
                if client.call("DBSIZE") == 0:
                    gone = time.time() - moment
                    break
                time.sleep(0.005)
            end = time.monotonic()
        longest, waited = longest_turn_ms(client), server.waited_seconds() - waited
    latencies = prober.within([(start, end)])
    return {"seconds_until_gone": gone, "waited_ms": waited * 1000.0, "longest_turn_ms": longest, "ping_p50_ms": percentile(latencies, 50.0),
            "ping_p999_ms": percentile(latencies, 99.9), "ping_max_ms": percentile(latencies, 100.0)}
