"""Resident memory: a million keys, and ten thousand connections that do nothing."""

import resource
import socket
import time

from . import report as reporting
from .load import Filler
from .resp import RespClient

KEYS = 1_000_000
CONNECTIONS = 10_000
SPARE_DESCRIPTORS = 500
TIME_TO_LIVE_SECONDS = 86_400

GOAL_KEYS = 0.65
GOAL_IDLE = 0.3


def run_keys(servers, options, report):
    """Bytes a key over the empty server: 16 bytes of key, 64 of value, without and with a time to live."""
    keys = max(1000, int(KEYS * options.scale))
    report.heading(f"memory: {keys:,} keys of 16 bytes with values of 64 bytes")
    figures, rows = {}, []
    for kind, words in (("plain", ()), ("ttl", ("EX", TIME_TO_LIVE_SECONDS))):
        for server in servers:
            with server:
                empty = server.settled_resident_bytes()
                with Filler(server.port, options=words) as filler:
                    filler.fill(keys)
                full = server.settled_resident_bytes()
                with server.client() as client:
                    used = int(client.info("memory").get("used_memory", 0))
                    assert client.call("DBSIZE") == keys
            figures.setdefault(kind, {})[server.name] = {"empty_bytes": empty, "full_bytes": full, "used_memory": used,
                                                         "bytes_per_key": (full - empty) / keys}
            rows.append([f"{kind}, {server.name}", reporting.show(empty / 1e6, 1), reporting.show(full / 1e6, 1),
                         reporting.show((full - empty) / keys, 1), reporting.show(used / 1e6, 1)])
    report.table(["", "empty RSS MB", "full RSS MB", "bytes/key", "used_memory MB"], rows)
    left, right = (server.name for server in servers)
    for kind, by_server in figures.items():
        share = reporting.ratio(by_server[right]["bytes_per_key"], by_server[left]["bytes_per_key"])
        report.goal(f"bytes a key, {kind}, {right} / {left}", share, GOAL_KEYS, False)
    report.add("memory", figures)


def run_idle(servers, options, report):
    """Resident bytes a connection: right after connecting, and after each has sent one PING and then kept quiet."""
    connections = raise_descriptor_limit(max(100, int(CONNECTIONS * min(1.0, options.scale))))
    report.heading(f"idle: {connections:,} idle connections")
    figures, rows = {}, []
    for server in servers:
        server.options += ["--maxclients", str(connections + 100)]
        with server:
            empty = server.settled_resident_bytes()
            held = connect_many(server.port, connections)
            connected = server.settled_resident_bytes()
            ping_all(held)
            # Redis gives a quiet client's buffers back by a timer, so it gets the time to do so.
            time.sleep(5.0)
            pinged = server.settled_resident_bytes()
            for each in held:
                each.close()
        del server.options[-2:]
        figures[server.name] = {"empty_bytes": empty, "connected_bytes": (connected - empty) / connections,
                                "after_ping_bytes": (pinged - empty) / connections}
        rows.append([server.name, reporting.show(empty / 1e6, 1), reporting.show(figures[server.name]["connected_bytes"], 0),
                     reporting.show(figures[server.name]["after_ping_bytes"], 0)])
    report.table(["", "empty RSS MB", "bytes/connection, new", "bytes/connection, after a PING"], rows)
    left, right = (server.name for server in servers)
    for kind, words in (("connected_bytes", "new"), ("after_ping_bytes", "after a PING")):
        share = reporting.ratio(figures[right][kind], figures[left][kind])
        report.goal(f"idle connection, {words}, {right} / {left}", share, GOAL_IDLE, False)
    report.add("idle", figures)


def raise_descriptor_limit(connections):
    """Raises our limit (the servers inherit it) and returns how many connections fit under it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + SPARE_DESCRIPTORS
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, allowed), hard))
    return allowed - SPARE_DESCRIPTORS


def connect_many(port, count):
    held = []
    for index in range(count):
        held.append(socket.create_connection(("127.0.0.1", port), timeout=10.0))
        if index % 250 == 249:
            # The kernel completes handshakes ahead of accept(); asking now and then keeps us inside the backlog.
            with RespClient(port) as client:
                client.call("PING")
    return held


def ping_all(held):
    for connection in held:
        connection.sendall(b"*1\r\n$4\r\nPING\r\n")
    for connection in held:
        if connection.recv(64) != b"+PONG\r\n":
            raise RuntimeError("an idle connection got a wrong answer to its PING")
