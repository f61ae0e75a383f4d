"""The little of RESP that the benchmarks need: build commands, read simple replies."""

import socket


def command(*words):
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        data = word if isinstance(word, bytes) else str(word).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
    return b"".join(parts)


class RespError(Exception):
    """An error reply of the server."""


class RespClient:
    """One blocking connection; replies are read one at a time."""

    def __init__(self, port, timeout=30.0):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = self._socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def call(self, *words):
        self._socket.sendall(command(*words))
        return self._read()

    def call_all(self, commands):
        """Sends encoded commands together and reads their replies; an error among them is raised."""
        self._socket.sendall(b"".join(commands))
        return [self._read() for _ in commands]

    def info(self, section="everything"):
        """INFO as a dictionary of strings; section headings are dropped."""
        lines = self.call("INFO", section).decode().splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line and not line.startswith("#"))

    def close(self):
        self._reader.close()
        self._socket.close()

    def _read(self):
        line = self._reader.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("the server closed the connection")
        kind, text = line[:1], line[1:-2]
        if kind == b"+":
            return text
        if kind == b"-":
            raise RespError(text.decode(errors="replace"))
        if kind == b":":
            return int(text)
        if kind == b"$":
            return None if text == b"-1" else self._reader.read(int(text) + 2)[:-2]
        if kind == b"*":
            return None if text == b"-1" else [self._read() for _ in range(int(text))]
        raise RespError(f"unexpected reply {line!r}")
