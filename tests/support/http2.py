"""HTTP/2 by hand (RFC 9113), and gRPC over it: frames as bytes, right ones and wrong ones."""
import contextlib
import re
import socket
import ssl
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS, PADDED = 0x1, 0x1, 0x4, 0x8
_GONE = (ConnectionError, ssl.SSLError)  # the other end
BOUND_SECONDS = 60  # that an answer takes; a bound, not a wait
INITIAL_WINDOW_SIZE, WINDOW, FRAME = 4, 65_535, 16_384  # a setting, and what holds where nothing else is said


def frame(kind, flags=0, stream=0, payload=b"", length=None):
    """A frame, which may lie about its length."""
    return struct.pack(">I", len(payload) if length is None else length)[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def _integer(value):
    """With a prefix of seven bits (RFC 7541, 5.1)."""
    if value < 127:
        return bytes((value,))
    encoded, value = b"\x7f", value - 127
    while value >= 128:
        encoded, value = encoded + bytes((value % 128 | 128,)), value // 128
    return encoded + bytes((value,))


def header(name, value):
    """A header as a literal that no table keeps (RFC 7541, 6.2.2)."""
    return b"\0" + b"".join(_integer(len(text)) + text for text in (name.encode(), value.encode()))


def request_headers(path, **others):
    fields = {":method": "POST", ":scheme": "http", ":path": path, ":authority": "test", "te": "trailers",
              "content-type": "application/grpc"}
    return b"".join(header(name, value) for name, value in {**fields, **others}.items())


def message(data, flag=0, length=None):
    """A message of gRPC, which may lie about its length."""
    return struct.pack(">BI", flag, len(data) if length is None else length) + data


def call(path, body, stream=1, **others):
    """A whole call: headers, then a body that ends it."""
    return frame(HEADERS, END_HEADERS, stream, request_headers(path, **others)) + frame(DATA, END_STREAM, stream, body)


def tls_context(ca):
    """Of a client of HTTP/2 that trusts the authority."""
    context = ssl.create_default_context(cafile=ca)
    context.set_alpn_protocols(["h2"])
    return context


class Connection:
    """A connection, over TLS where the context of a client is given, that sends what it is told. Reading gives None once the other
    end has closed it."""

    def __init__(self, address, source=None, tls=None):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host.strip("[]"), int(port)), BOUND_SECONDS, source and (source, 0))
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self.initial_window = WINDOW

    def send(self, data):
        """False when the other end has closed."""
        with contextlib.suppress(*_GONE):
            self.socket.sendall(data)
            return True
        return False

    def read(self, count):
        data = b""
        with contextlib.suppress(*_GONE):
            while len(data) < count and (more := self.socket.recv(count - len(data))):
                data += more
        return data if len(data) == count else None

    def read_frame(self):
        """(kind, flags, stream, payload)"""
        head = self.read(9)
        if head is None:
            return None
        payload = self.read(int.from_bytes(head[:3], "big"))
        if payload is None:
            return None
        if head[3] == SETTINGS:
            self.initial_window = dict(struct.iter_unpack(">HI", payload)).get(INITIAL_WINDOW_SIZE, self.initial_window)
        return head[3], head[4], int.from_bytes(head[5:], "big"), payload

    def pour(self, stream, head, count):
        """Sends a body, its head and so many bytes, as the windows open; False when the other end closed first."""
        self.send(frame(DATA, 0, stream, head))
        windows, initial = {0: WINDOW - len(head), stream: self.initial_window - len(head)}, self.initial_window
        while count > 0:
            if (room := min(count, FRAME, *windows.values())) > 0:
                if not self.send(frame(DATA, 0, stream, bytes(room))):
                    return False
                count, windows = count - room, {at: size - room for at, size in windows.items()}
            elif (got := self.read_frame()) is None:
                return False
            elif got[0] == WINDOW_UPDATE and got[2] in windows:
                windows[got[2]] += int.from_bytes(got[3], "big")
            elif got[0] in (PING, SETTINGS) and not got[1] & ACK:
                self.send(frame(got[0], ACK, 0, got[3] if got[0] == PING else b""))
            windows[stream], initial = windows[stream] + self.initial_window - initial, self.initial_window
        return True

    def read_until(self, kind):
        while (got := self.read_frame()) is not None and got[0] != kind:
            pass
        return got

    def greet(self):
        """Says hello; whether the server did too."""
        self.send(PREFACE + frame(SETTINGS))
        return self.read_until(SETTINGS) is not None

    def read_status(self):
        """The code of the first call of the connection that ends: only there it is spelled out."""
        while (got := self.read_frame()) is not None:
            found = got[0] == HEADERS and re.search(rb"grpc-status.([0-9]+)", got[3], re.DOTALL)
            if found:
                return int(found[1])
        return None

    def is_closed(self):
        """Reads on until it is."""
        while self.read_frame() is not None:
            pass
        return True

    def close(self):
        self.socket.close()
