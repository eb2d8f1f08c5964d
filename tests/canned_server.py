"""A server that gives one answer to every request: an engine, or what stands before it, that misbehaves."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson


class _Canned(BaseHTTPRequestHandler):
    """Answers every request with the server's canned answer, and remembers its headers."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        status, kind, body = self.server.answer  # type: ignore[attr-defined]
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


class Canned:
    """A server with one answer to everything; status 0 hangs up without an answer."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Canned)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.seen: list[tuple[str, dict[str, str]]] = []
        self._server.seen = self.seen  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def answers(self, status: int, body: Any = b"", kind: str = "application/json") -> None:
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        self._server.answer = (status, kind, content)  # type: ignore[attr-defined]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
