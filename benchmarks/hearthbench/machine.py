"""The line that says where a figure comes from: processor, kernel, versions."""

import os
import platform
import subprocess


def _first_line(arguments):
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    except OSError:
        return "absent"
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0].strip() if lines else "unknown"


def _processor():
    with open("/proc/cpuinfo") as cpuinfo:
        for line in cpuinfo:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def _memory_gib():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def describe(servers):
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(_memory_gib(), 1),
        "kernel": f"{platform.system()} {platform.release()}",
        "dotnet": _first_line(["dotnet", "--version"]),
        "versions": {server.name: _first_line([server.executable, "--version"]) for server in servers},
        "load_average": os.getloadavg()[0],
    }


def line(facts):
    versions = "; ".join(f"{name}: {text}" for name, text in facts["versions"].items())
    return (f"{facts['processor']}, {facts['cores']} cores, {facts['memory_gib']} GiB, {facts['kernel']}, "
            f".NET SDK {facts['dotnet']}, load {facts['load_average']:.2f}; {versions}")
