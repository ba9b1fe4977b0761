"""HTTP/2 by hand (RFC 9113): frames as bytes, right ones and wrong ones."""
import contextlib
import socket
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS, PADDED = 0x1, 0x1, 0x4, 0x8
BOUND_SECONDS = 60  # that an answer takes; a bound, not a wait


def frame(kind, flags=0, stream=0, payload=b"", length=None):
    """A frame, which may lie about its length."""
    return struct.pack(">I", len(payload) if length is None else length)[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


class Connection:
    """A connection that sends what it is told. Reading gives None once the other end has closed it."""

    def __init__(self, address, source=None):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), BOUND_SECONDS, source and (source, 0))

    def send(self, data):
        """False when the other end has closed."""
        with contextlib.suppress(ConnectionError):
            self.socket.sendall(data)
            return True
        return False

    def read(self, count):
        data = b""
        with contextlib.suppress(ConnectionError):
            while len(data) < count and (more := self.socket.recv(count - len(data))):
                data += more
        return data if len(data) == count else None

    def read_frame(self):
        """(kind, flags, stream, payload)"""
        head = self.read(9)
        if head is None:
            return None
        payload = self.read(int.from_bytes(head[:3], "big"))
        return None if payload is None else (head[3], head[4], int.from_bytes(head[5:], "big"), payload)

    def read_until(self, kind):
        while (got := self.read_frame()) is not None and got[0] != kind:
            pass
        return got

    def greet(self):
        """Says hello; whether the server did too."""
        self.send(PREFACE + frame(SETTINGS))
        return self.read_until(SETTINGS) is not None

    def close(self):
        self.socket.close()
