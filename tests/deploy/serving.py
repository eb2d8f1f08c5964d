"""A server that listens on this machine as long as a context lasts."""

from __future__ import annotations

import socketserver
import threading
from types import TracebackType
from typing import Self


class Serving:
    """Runs a server in a thread of its own from the beginning of the context to its end."""

    def __init__(self, server: socketserver.TCPServer, name: str) -> None:
        """``server`` listens already; ``name`` is its thread's."""
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, daemon=True, name=name)

    @property
    def address(self) -> str:
        """Return ``host:port``."""
        host, port = self._server.server_address[:2]
        return f"{host!s}:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
