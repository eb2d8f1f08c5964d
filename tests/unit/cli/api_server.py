"""A small HTTP server that stands for the API: real sockets, scripted answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Any] | tuple[int, Any, dict[str, str]]


class ApiServer(ThreadingHTTPServer):
    """Answers by ``routes``: a path gives a function from the query to status, JSON (or bytes), and more headers.

    The query of a POST request is its JSON body.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.routes: dict[str, Callable[[Any], Answer]] = {}
        self.requests: list[tuple[str, Any, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def answer(self, path: str, body: Any, status: int = 200) -> None:
        """Answer every request for a path alike."""
        self.routes[path] = lambda _: (status, body)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        assert isinstance(self.server, ApiServer)
        split = urlsplit(self.path)
        query: Any = parse_qs(split.query, keep_blank_values=True)
        if self.command == "POST":
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((split.path, query, {name.lower(): value for name, value in self.headers.items()}))
        route = self.server.routes.get(split.path.removeprefix("/v1"))
        nothing = {"detail": "There is nothing here.", "code": "route_not_found"}
        status, body, *headers = route(query) if route else (404, nothing)
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status < 300 else "application/problem+json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers[0] if headers else {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_GET  # noqa: N815  looked up by name

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[ApiServer]:
    """Run a server without routes."""
    with ApiServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
