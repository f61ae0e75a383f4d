"""Load on a server: redis-benchmark, and a filler that writes known keys fast."""

import re
import socket
import subprocess

from .resp import command

VALUE_BYTES = 64
BLOCK_KEYS = 1000  # The filler works in blocks whose keys share all digits but the last three.

POINT = re.compile(r"^([0-9.]+)% <= ([0-9.]+) milliseconds")
SUMMARY_RATE = re.compile(r"throughput summary: ([0-9.]+) requests per second")


class BenchmarkResult:
    """What one run of redis-benchmark reported: requests a second, latencies in milliseconds."""

    def __init__(self, rate, p50_ms, p99_ms, p999_ms):
        self.rate = rate
        self.p50_ms = p50_ms
        self.p99_ms = p99_ms
        self.p999_ms = p999_ms


def redis_benchmark(port, requests, pipeline, words, connections=50, value_bytes=VALUE_BYTES, key_space=1_000_000):
    """Runs redis-benchmark, which inherits our core. `words` are its options or the command to send."""
    arguments = ["redis-benchmark", "-h", "127.0.0.1", "-p", str(port), "-c", str(connections), "-n", str(requests),
                 "-d", str(value_bytes), "-r", str(key_space), "-P", str(pipeline), *words]
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    text = done.stdout.replace("\r", "\n")
    rate = SUMMARY_RATE.search(text)
    if done.returncode != 0 or rate is None:
        raise RuntimeError(f"{' '.join(arguments)} failed: {(done.stderr + text)[-500:]}")
    return BenchmarkResult(float(rate.group(1)), *percentiles(text, (50.0, 99.0, 99.9)))


def percentiles(text, wanted):
    """redis-benchmark's own CSV stops at p99, so the percentiles come from the points of its two distributions."""
    points = sorted((float(latency), float(percent)) for percent, latency in
                    (match.groups() for match in map(POINT.match, text.splitlines()) if match))
    return [next((latency for latency, percent in points if percent >= goal), float("nan")) for goal in wanted]


class Filler:
    """Writes `PREFIXnnnnnnnnnnnn` keys through one connection, a block of commands at a time.

    A block's commands differ from the next block's only in the leading nine digits of the keys, so a block is made by one
    replace over a template. That keeps the load generator from being what is measured.
    """

    MARK = b"#########"

    def __init__(self, port, prefix=b"key:", value_bytes=VALUE_BYTES, options=(), commands_per_send=BLOCK_KEYS):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120.0)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._per_send = commands_per_send
        value = (b"0123456789abcdef" * (value_bytes // 16 + 1))[:value_bytes]
        self._templates = [
            b"".join(command("SET", prefix + self.MARK + b"%03d" % low, value, *options)
                     for low in range(first, first + commands_per_send))
            for first in range(0, BLOCK_KEYS, commands_per_send)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def sends(self, block):
        """The payloads that write keys block * 1000 to block * 1000 + 999."""
        digits = b"%09d" % block
        return [template.replace(self.MARK, digits) for template in self._templates]

    def send(self, payload):
        """Sends one payload and waits for all of its replies."""
        self._socket.sendall(payload)
        wanted = 5 * self._per_send  # "+OK\r\n" each
        while wanted > 0:
            data = self._socket.recv(min(wanted, 65536))
            if not data or data[:1] == b"-":
                raise RuntimeError(f"the server refused to be filled: {data[:200]!r}")
            wanted -= len(data)

    def fill(self, keys):
        for block in range(keys // BLOCK_KEYS):
            for payload in self.sends(block):
                self.send(payload)
