"""A TCP proxy between a client and a server, to cut connections and to let nothing through for a while."""
import contextlib
import socket
import threading


class Proxy:
    """Forwards what connects to `address` to the target, until it is closed."""

    def __init__(self, target, listen="127.0.0.1"):
        host, port = target.rsplit(":", 1)
        self._target = (host, int(port))
        self._open = threading.Event()  # unset: nothing passes
        self._open.set()
        self._lock = threading.Lock()
        self._sockets = set()
        self._listener = socket.create_server((listen, 0))
        self.address = "{}:{}".format(listen, self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Ends all connections; what was on its way is lost."""
        with self._lock:
            sockets, self._sockets = self._sockets, set()
        for end in sockets:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def stall(self):
        """Nothing passes any more, and nobody is told."""
        self._open.clear()

    def resume(self):
        self._open.set()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.resume()
        self.cut()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            try:
                server = socket.create_connection(self._target, timeout=5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            with self._lock:
                self._sockets |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._open.wait()
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._sockets.discard(source)
        source.close()
