"""Options, and the order of the scenarios."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile

from . import latency, machine, memory, startup, structures, throughput
from .report import Report
from .server import LOAD_CORE, SERVER_CORE, Server, pin

# Each scenario that runs its own servers, with the seconds after which it is given up.
ALONE = {
    "memory": (memory.run_keys, 300),
    "idle": (memory.run_idle, 180),
    "memory-structures": (structures.run_memory, 1500),
    "growth": (latency.run_growth, 900),
    "expire": (latency.run_expire, 300),
    "startup": (startup.run, 120),
}
GROUPS = {"throughput": throughput.SCENARIOS, "structures": structures.SCENARIOS}
THROUGHPUT_LIMIT_SECONDS = 300


def parse_options(arguments):
    by_name = {scenario.name: scenario for scenario in throughput.SCENARIOS + structures.SCENARIOS + throughput.MORE}
    names = [*by_name, *ALONE]
    parser = argparse.ArgumentParser(prog="benchmarks/run", description="Compares Hearth with redis-server on this machine.")
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO",
                        help="default: all that have a goal; 'throughput' and 'structures' stand for the redis-benchmark ones. Known: " + ", ".join(names))
    parser.add_argument("--rounds", type=int, default=5, help="measured rounds of each throughput scenario (default 5)")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies requests and keys; below 1 only to try things out")
    parser.add_argument("--requests", type=int, help="requests a round of every throughput scenario, instead of each one's own")
    parser.add_argument("--json", metavar="FILE", help="also write every figure of every round to FILE")
    parser.add_argument("--check", action="store_true", help="exit with status 1 when a goal is missed")
    parser.add_argument("--seed", type=int, default=20240229, help="seed of what the benchmarks themselves draw")
    parser.add_argument("--hearth", metavar="EXECUTABLE", help="measure this server instead of publishing Hearth")
    parser.add_argument("--hearth-options", default="", metavar="WORDS", help="further options for Hearth, e.g. '--hz 100'")
    parser.add_argument("--redis", default="redis-server", metavar="EXECUTABLE", help="the server to compare with")
    parser.add_argument("--root", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    chosen = []
    for name in options.scenarios or ["throughput", "structures", *ALONE]:
        if name in GROUPS:
            chosen += [scenario.name for scenario in GROUPS[name]]
        elif name in names:
            chosen.append(name)
        else:
            parser.error(f"unknown scenario {name}; known: throughput, structures, {', '.join(names)}")
    options.scenarios = [name for name in names if name in chosen]
    options.by_name = by_name
    if options.requests:
        for scenario in by_name.values():
            scenario.requests = options.requests
    return options


def publish(root, directory):
    print("publishing Hearth ...", flush=True)
    done = subprocess.run(["dotnet", "publish", os.path.join(root, "src", "Hearth.Cli"), "-c", "Release", "-o", directory,
                           "-v", "q", "-nologo"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"dotnet publish failed:\n{done.stdout}{done.stderr}")
    return os.path.join(directory, "hearth")


@contextlib.contextmanager
def time_limit(seconds, name):
    def give_up(*_):
        raise TimeoutError(f"{name} was given up after {seconds} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def attempt(report, name, seconds, action):
    """A scenario that fails is reported as a missed goal and does not take the others with it."""
    try:
        with time_limit(seconds, name):
            action()
    except (RuntimeError, OSError, AssertionError, TimeoutError) as error:
        report.note(f"FAILED {name}: {error or type(error).__name__}")
        report.goal(f"{name} ran", float("nan"), 0.0, True)


def main():
    options = parse_options(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="hearth-publish-") as directory:
        executable = options.hearth or publish(options.root, directory)
        redis = Server("redis", options.redis)
        hearth = Server("hearth", executable, options.hearth_options.split())
        facts = machine.describe([redis, hearth])
        report = Report()
        facts["costs"] = machine.costs(SERVER_CORE, LOAD_CORE)
        report.record.update(machine=facts, seed=options.seed, scale=options.scale)
        print(f"{machine.line(facts)}\n{machine.costs_line(facts['costs'])}\nseed {options.seed}", flush=True)
        if facts["cores"] < 2:
            report.note("one core only: server and load generator share it, and the figures say little")
        pin(LOAD_CORE)
        run_throughput([redis, hearth], options, report)
        for name, (run, seconds) in ALONE.items():
            if name in options.scenarios:
                attempt(report, name, seconds, lambda run=run: run([redis, hearth], options, report))
        all_met = report.finish(options.json)
    return 1 if options.check and not all_met else 0


def run_throughput(servers, options, report):
    chosen = [options.by_name[name] for name in options.scenarios if name in options.by_name]
    if not chosen:
        return
    with servers[0], servers[1]:
        throughputs = throughput.Throughput(servers, options, report)
        for scenario in chosen:
            attempt(report, scenario.name, THROUGHPUT_LIMIT_SECONDS, lambda scenario=scenario: throughputs.run(scenario))


if __name__ == "__main__":
    sys.exit(main())
