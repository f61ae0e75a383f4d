"""A PING a millisecond, timed from a process of its own.

PINGs go out on schedule whether or not earlier ones were answered, so a stall is seen by every PING that falls into it
(no coordinated omission).
"""

import collections
import multiprocessing
import os
import select
import socket
import time

PING = b"*1\r\n$4\r\nPING\r\n"
PONG_BYTES = len(b"+PONG\r\n")


def _probe(port, interval_seconds, channel):
    try:
        os.nice(-10)  # The load generator shares our core; without the right to this, its noise falls on both sides alike.
    except OSError:
        pass
    connection = socket.create_connection(("127.0.0.1", port), timeout=30.0)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setblocking(False)
    poller = select.poll()
    poller.register(connection, select.POLLIN)
    sent, samples, spare = collections.deque(), [], 0
    channel.send("ready")
    due = time.monotonic()
    while not channel.poll():
        now = time.monotonic()
        if now >= due:
            sent.append(time.monotonic())
            connection.send(PING)
            due = max(due + interval_seconds, now)
        poller.poll(max(0.0, (due - time.monotonic()) * 1000.0))
        try:
            data = connection.recv(65536)
        except BlockingIOError:
            continue
        now = time.monotonic()
        if not data:
            break
        spare += len(data)
        while spare >= PONG_BYTES and sent:
            spare -= PONG_BYTES
            began = sent.popleft()
            samples.append((began, now - began))
    # What was never answered counts with the time that it has waited so far.
    samples.extend((began, time.monotonic() - began) for began in sent)
    channel.send(samples)


class Prober:
    """Runs the probe; `samples` holds (time sent, latency), in seconds of the monotonic clock, once it has stopped."""

    def __init__(self, port, interval_seconds=0.001):
        self.samples = []
        self._channel, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=_probe, args=(port, interval_seconds, theirs), daemon=True)

    def __enter__(self):
        self._process.start()
        self._channel.recv()
        return self

    def __exit__(self, *_):
        self._channel.send("stop")
        if self._channel.poll(30.0):
            self.samples = self._channel.recv()
        self._process.join(timeout=10)
        if self._process.is_alive():
            self._process.kill()

    def within(self, spans):
        """Sorted latencies in ms of the PINGs sent within any of the (from, to) spans."""
        return sorted(latency * 1000.0 for began, latency in self.samples
                      if any(start <= began < end for start, end in spans))


def percentile(ordered, percent):
    if not ordered:
        return float("nan")
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100.0))]
