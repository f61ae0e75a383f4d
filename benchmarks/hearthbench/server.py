"""Starts a server on one core, and reads from /proc what it costs."""

import os
import shutil
import socket
import subprocess
import tempfile
import time

from .resp import RespClient

SERVER_CORE = 0
LOAD_CORE = 1
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def pin(core):
    """Keeps the calling process on one core, where the machine has that many."""
    if core in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {core})


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cost:
    """CPU seconds of a process, user and system, all of its threads (also ended ones) together."""

    def __init__(self, user=0.0, system=0.0):
        self.user = user
        self.system = system

    @property
    def both(self):
        return self.user + self.system

    def __sub__(self, other):
        return Cost(self.user - other.user, self.system - other.system)


class Server:
    """One server process without persistence, in a directory of its own that goes when it stops."""

    def __init__(self, name, executable, options=()):
        self.name = name
        self.executable = executable
        self.options = list(options)
        self._process = None

    def start(self, wait=True):
        self.port = free_port()
        self._directory = tempfile.mkdtemp(prefix="hearth-benchmark-")
        arguments = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                     "--dir", self._directory, *self.options]
        with open(os.path.join(self._directory, "log"), "wb") as log:
            # Affinity is inherited: the parent hops over for the moment of the fork, so that nothing of ours runs in the child.
            home = os.sched_getaffinity(0)
            allowed = self._allowed_cores()
            os.sched_setaffinity(0, {SERVER_CORE} & allowed or allowed)
            try:
                self.started_at = time.monotonic()
                self._process = subprocess.Popen([self.executable, *arguments], stdin=subprocess.DEVNULL,
                                                 stdout=log, stderr=subprocess.STDOUT)
            finally:
                os.sched_setaffinity(0, home)
        if wait:
            self.wait_until_ready()
        return self

    def wait_until_ready(self, limit_seconds=30.0):
        """Returns the seconds from the start of the process to its first PONG."""
        ping, pong = b"*1\r\n$4\r\nPING\r\n", b"+PONG\r\n"
        while time.monotonic() - self.started_at < limit_seconds:
            if self._process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self._process.returncode}:\n{self.log()}")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5.0) as connection:
                    connection.sendall(ping)
                    if connection.recv(64) == pong:
                        return time.monotonic() - self.started_at
            except OSError:
                pass
            time.sleep(0.0005)
        raise RuntimeError(f"{self.name} did not answer within {limit_seconds} s:\n{self.log()}")

    def stop(self):
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
            shutil.rmtree(self._directory, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def client(self, timeout=30.0):
        return RespClient(self.port, timeout)

    def log(self):
        with open(os.path.join(self._directory, "log"), "r", errors="replace") as log:
            return log.read()[-2000:]

    def cost(self):
        with open(f"/proc/{self._process.pid}/stat", "rb") as stat:
            # The name in parentheses may hold spaces, so fields count from the last parenthesis.
            fields = stat.read().rpartition(b")")[2].split()
        return Cost(int(fields[11]) / TICKS_PER_SECOND, int(fields[12]) / TICKS_PER_SECOND)

    def waited_seconds(self):
        """How long its threads were ready to run and had no core, since their start: what other processes took from it."""
        total = 0
        tasks = f"/proc/{self._process.pid}/task"
        for task in os.listdir(tasks):
            try:
                with open(f"{tasks}/{task}/schedstat") as schedstat:
                    total += int(schedstat.read().split()[1])
            except (OSError, IndexError):
                pass  # The thread has ended, or the kernel keeps no such statistics.
        return total / 1e9

    def resident_bytes(self):
        with open(f"/proc/{self._process.pid}/status") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        return 0

    def settled_resident_bytes(self, limit_seconds=30.0):
        """Resident memory once it has stood still (within 0.2 %) for five seconds: allocators and compilers give back what they kept with a delay."""
        deadline = time.monotonic() + limit_seconds
        last = self.resident_bytes()
        stood_still = 0
        while time.monotonic() < deadline and stood_still < 5:
            time.sleep(1.0)
            now = self.resident_bytes()
            stood_still = stood_still + 1 if abs(now - last) <= last * 0.002 else 0
            last = now
        return last

    @staticmethod
    def _allowed_cores():
        """The cores the machine offers; the benchmark has pinned itself to the other one."""
        return set(range(os.cpu_count() or 1))
