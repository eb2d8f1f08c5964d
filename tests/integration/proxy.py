"""A proxy on this machine in front of an engine, with faults: what a network and a busy cluster do, on purpose."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import orjson

_LINGER_NOT = struct.pack("ii", 1, 0)


@dataclass
class Exchange:
    """One request on its way; a fault answers it, or does not."""

    method: str
    path: str
    body: bytes
    _handler: Any
    _target: str

    def forward(self, body: bytes | None = None) -> tuple[int, bytes]:
        """Send the request (with another body) to the engine; return status and body of its answer."""
        connection = HTTPConnection(self._target, timeout=60)
        try:
            kind = self._handler.headers.get("Content-Type", "application/json")
            sent = self.body if body is None else body
            connection.request(self.method, self.path, sent, {"Content-Type": kind})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def answer(self, status: int, body: bytes) -> None:
        """Answer the client."""
        handler = self._handler
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if self.method != "HEAD":
            handler.wfile.write(body)

    def cut(self) -> None:
        """Reset the connection, so that the client gets no answer."""
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self._handler.connection.close()


Fault = Callable[[Exchange], None]


def passed_on(exchange: Exchange) -> None:
    """No fault."""
    exchange.answer(*exchange.forward())


def answers(status: int) -> Fault:
    """The engine, or what stands before it, refuses the request."""
    body = orjson.dumps({"error": {"type": "unavailable", "reason": "on purpose"}, "status": status})
    return lambda exchange: exchange.answer(status, body)


def cut_before(exchange: Exchange) -> None:
    """The connection is lost before the engine gets the request."""
    exchange.cut()


def cut_after(exchange: Exchange) -> None:
    """The engine does the work, and its answer is lost."""
    exchange.forward()
    exchange.cut()


def delayed(seconds: float) -> Fault:
    """Everything takes longer."""

    def late(exchange: Exchange) -> None:
        time.sleep(seconds)
        passed_on(exchange)

    return late


def half_busy(exchange: Exchange) -> None:
    """Every second action of a bulk finds the queue of the engine full and is not done."""
    actions = list(_actions(exchange.body))
    taken = actions[::2]
    status, answer = exchange.forward(b"".join(taken))
    if status != 200:
        exchange.answer(status, answer)
        return
    done = iter(orjson.loads(answer)["items"])
    error = {"type": "rejected_execution_exception", "reason": "on purpose"}
    busy = {"index": {"status": 429, "error": error}}
    items = [busy if number % 2 else next(done) for number in range(len(actions))]
    exchange.answer(200, orjson.dumps({"items": items}))


def _actions(body: bytes) -> Iterator[bytes]:
    lines = iter(body.splitlines(keepends=True))
    for line in lines:
        yield line + next(lines) if line.startswith(b'{"index"') else line


class Proxy:
    """Passes requests on; bulks meet the ``fault`` while there is one. ``bulks`` counts them.

    ``cut_in_body`` makes it read only so many bytes of a bulk's body and reset the connection.
    """

    def __init__(self, engine_url: str) -> None:
        self.fault: Fault = passed_on
        self.bulks = 0
        self.cut_in_body: int | None = None
        self._target = urlsplit(engine_url).netloc
        self._address = ("127.0.0.1", 0)
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Its address, the same after ``away``."""
        return f"http://{self._address[0]}:{self._address[1]}"

    def start(self) -> None:
        """Listen."""
        server = ThreadingHTTPServer(self._address, _Handler)
        server.daemon_threads = True
        server.proxy = self  # type: ignore[attr-defined]
        self._address = ("127.0.0.1", server.server_port)
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Listen no longer: connections are refused."""
        if self._server and self._thread:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
        self._server = None

    @contextmanager
    def away(self) -> Iterator[None]:
        """Refuse connections for a while."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def faulty(self, fault: Fault) -> Iterator[None]:
        """Let bulks meet a fault for a while."""
        self.fault = fault
        try:
            yield
        finally:
            self.fault = passed_on

    def target(self) -> str:
        """Return host and port of the engine."""
        return self._target


class _Handler(BaseHTTPRequestHandler):
    """One connection for each request: nothing is kept that a fault would not reach."""

    def _handle(self) -> None:
        proxy: Proxy = self.server.proxy  # type: ignore[attr-defined]
        length = int(self.headers.get("Content-Length") or 0)
        is_bulk = self.path.startswith("/_bulk")
        cut = proxy.cut_in_body
        if is_bulk:
            proxy.bulks += 1
        if is_bulk and cut is not None:
            self.rfile.read(min(cut, length))
            Exchange(self.command, self.path, b"", self, proxy.target()).cut()
            return
        exchange = Exchange(self.command, self.path, self.rfile.read(length), self, proxy.target())
        (proxy.fault if is_bulk else passed_on)(exchange)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _handle  # noqa: N815 - the names http.server looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""

    def finish(self) -> None:
        """End the connection, which a fault may have ended."""
        try:
            super().finish()
        except (OSError, ValueError):
            self.connection.close()


@contextmanager
def proxy_to(engine_url: str) -> Iterator[Proxy]:
    """Run a proxy to an engine."""
    proxy = Proxy(engine_url)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
