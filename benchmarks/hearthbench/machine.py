"""Where a figure comes from: processor, kernel, versions, and what the system itself takes for what every server needs of it.

The system's own costs differ by far more between machines than the servers do. Under a hypervisor a page's first touch can take ten
microseconds, and a system call one. Whatever a server saves, this part of a request stays.
"""

import mmap
import os
import platform
import resource
import socket
import subprocess
import time

CALLS = 200_000
PAGES = 8192
ROUND_TRIPS = 20_000


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


def _system_call_us():
    began = time.perf_counter()
    for _ in range(CALLS):
        os.getppid()
    return (time.perf_counter() - began) * 1e6 / CALLS


def _first_touch_us():
    """Of a page of the usual size, in private memory. Like the system call, it includes Python's part, some 0.05 us."""
    size = mmap.PAGESIZE
    with mmap.mmap(-1, PAGES * size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory.madvise(mmap.MADV_NOHUGEPAGE)
        began = time.perf_counter()
        for offset in range(0, PAGES * size, size):
            memory[offset] = 1
        return (time.perf_counter() - began) * 1e6 / PAGES


def _tcp_round_trip_us(server_core, load_core):
    """System time of the process that answers, on loopback: it sleeps, is woken, receives and sends, as a server without pipelining does."""
    reading, writing = os.pipe()
    listener = socket.create_server(("127.0.0.1", 0))
    child = os.fork()
    if child == 0:
        try:
            os.sched_setaffinity(0, {server_core})
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            before = resource.getrusage(resource.RUSAGE_SELF)
            while received := connection.recv(1024):
                connection.send(received)
            spent = resource.getrusage(resource.RUSAGE_SELF)
            os.write(writing, repr(spent.ru_stime - before.ru_stime).encode())
        finally:
            os._exit(0)
    os.close(writing)
    home = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {load_core})
        with listener, socket.create_connection(listener.getsockname(), timeout=10.0) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(ROUND_TRIPS):
                connection.send(b"*1\r\n$4\r\nPING\r\n")
                connection.recv(1024)
        os.waitpid(child, 0)
        return float(os.read(reading, 100)) * 1e6 / ROUND_TRIPS
    finally:
        os.sched_setaffinity(0, home)
        os.close(reading)


def costs(server_core, load_core):
    """Microseconds that the system takes."""
    facts = {"system_call_us": _system_call_us(), "first_touch_us": _first_touch_us()}
    if {server_core, load_core} <= os.sched_getaffinity(0):
        facts["tcp_round_trip_us"] = _tcp_round_trip_us(server_core, load_core)
    return facts


def costs_line(facts):
    parts = [f"a system call {facts['system_call_us']:.2f} us", f"the first touch of a page {facts['first_touch_us']:.2f} us"]
    if "tcp_round_trip_us" in facts:
        parts.append(f"a TCP round trip {facts['tcp_round_trip_us']:.2f} us")
    return "the system's part: " + ", ".join(parts)


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
