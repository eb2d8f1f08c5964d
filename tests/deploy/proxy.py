"""The way to the API as from outside: a proxy that connects every name to the emulator.

The command signs requests to every address but those of this machine, where no AWS is; behind a proxy the API has a
name of the world, and the command does all that it does for AWS.
"""

from __future__ import annotations

import selectors
import socket
import socketserver
from contextlib import suppress
from typing import Any

from tests.deploy.serving import Serving

_CHUNK = 64 * 1024


class Proxy(Serving):
    """Listens on 127.0.0.1 as long as the context lasts; understands CONNECT only."""

    def __init__(self, port: int) -> None:
        """``port`` is where every connection goes to."""

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                asked = self.rfile.readline()
                while self.rfile.readline().strip():
                    pass
                if not asked.startswith(b"CONNECT "):
                    self.wfile.write(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")
                    return
                with socket.create_connection(("127.0.0.1", port)) as there:
                    self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    with suppress(OSError):
                        _both_ways(self.connection, there)

        super().__init__(_Server(("127.0.0.1", 0), Handler), "proxy")

    @property
    def url(self) -> str:
        """Return its address, for HTTPS_PROXY."""
        return f"http://{self.address}"


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: connections break when the emulator stops."""


def _both_ways(one: socket.socket, other: socket.socket) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(one, selectors.EVENT_READ, other)
        selector.register(other, selectors.EVENT_READ, one)
        while True:
            for key, _ in selector.select():
                data = key.fileobj.recv(_CHUNK)  # type: ignore[union-attr]
                if not data:
                    return
                key.data.sendall(data)
