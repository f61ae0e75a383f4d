"""Milliseconds from the start of the process to its first PONG."""

from . import report as reporting

STARTS = 10
GOAL_MS = 150.0


def run(servers, options, report):
    report.heading(f"startup: process start to first PONG, {STARTS} starts each, in turn")
    times = {server.name: [] for server in servers}
    for _ in range(STARTS + 1):
        for server in servers:
            server.start(wait=False)
            times[server.name].append(server.wait_until_ready() * 1000.0)
            server.stop()
    # The first start of each reads its files from the disk.
    figures = {name: {"first_ms": values[0], "median_ms": reporting.median(values[1:]), "max_ms": max(values[1:])}
               for name, values in times.items()}
    report.table(["ms", "first", "median", "max"],
                 [[name, *(reporting.show(figure[key], 1) for key in ("first_ms", "median_ms", "max_ms"))]
                  for name, figure in figures.items()])
    report.goal(f"startup of {servers[1].name} in ms", figures[servers[1].name]["median_ms"], GOAL_MS, False, digits=1)
    report.add("startup", figures)
