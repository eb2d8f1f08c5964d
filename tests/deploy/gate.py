"""What stands between the functions and a plain node where AWS has a search domain.

A domain answers HTTPS, takes signed requests only, and lets the policies of the caller's role decide about each. The
emulator has domains in name only, and a plain node does none of it. The gate speaks TLS, checks the whole signature,
asks what the role may do, and passes the request on.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import urllib3

from tests.deploy.serving import Serving
from tests.deploy.signatures import Caller, RefusedError, caller_of

_PASSED_ON = frozenset({"content-type", "content-encoding", "accept", "accept-encoding"})
_HANDSHAKE_SECONDS = 10.0


class Refusal(NamedTuple):
    """A request that was answered with 403."""

    caller: str
    method: str
    path: str
    reason: str


class Gate(Serving):
    """Listens on 127.0.0.1 as long as the context lasts."""

    def __init__(
        self,
        node_url: str,
        context: ssl.SSLContext,
        *,
        known: Callable[[str], Caller | None],
        allows: Callable[[Caller, str, str], bool],
    ) -> None:
        """``known`` finds who has an access key; ``allows`` says whether a caller may do an action on a path."""
        self.refusals: list[Refusal] = []
        self.requests = 0
        self.away = threading.Event()
        """While it is set, every request is answered with 503, as by a domain that is being changed."""
        self._known = known
        self._allows = allows
        self._node_url = node_url.rstrip("/")
        self._pool = urllib3.PoolManager(retries=False, maxsize=16, timeout=60)
        super().__init__(_Server(("127.0.0.1", 0), _handler(self), context), "gate")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._pool.clear()

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        """Return status, media type and body of the answer to one request."""
        self.requests += 1
        if self.away.is_set():
            return 503, "text/html", b"<html>the service is unavailable</html>"
        try:
            caller = caller_of(method, path, headers, body, service="es", known=self._known)
        except RefusedError as error:
            return self._refuse("?", method, path, str(error))
        action = f"es:ESHttp{method.capitalize()}"
        if not self._allows(caller, action, urlsplit(path).path):
            return self._refuse(caller.name, method, path, f"{caller.principal} may not do {action}")
        passed = {name: value for name, value in headers.items() if name in _PASSED_ON}
        answer = self._pool.request(
            method, self._node_url + path, body=body or None, headers=passed, decode_content=False, redirect=False
        )
        return answer.status, answer.headers.get("content-type", "application/json"), answer.data

    def _refuse(self, caller: str, method: str, path: str, reason: str) -> tuple[int, str, bytes]:
        self.refusals.append(Refusal(caller, method, path, reason))
        return 403, "application/json", json.dumps({"Message": f"User is not authorized: {reason}"}).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: Any, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(address, handler)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Speak TLS in the thread of the connection: a slow client must not keep the others waiting."""
        try:
            request.settimeout(_HANDSHAKE_SECONDS)
            secured = self._context.wrap_socket(request, server_side=True)
            secured.settimeout(None)
        except OSError:
            request.close()
            return
        super().process_request_thread(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: functions that are stopped break their connections."""

    def shutdown_request(self, request: Any) -> None:
        with suppress(OSError):
            request.shutdown(socket.SHUT_WR)
        request.close()


def _handler(gate: Gate) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, media_type, content = gate.answer(self.command, self.path, headers, body)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - names of http.server

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    return Handler
