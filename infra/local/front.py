"""The HTTP front: one port that answers like the deployed API, with the functions in this process."""

from __future__ import annotations

import socket
import sys
import threading
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infra.local.gateway import (
    Answer,
    BadAnswerError,
    BadRequestError,
    Request,
    compress,
    find_route,
    methods_of,
    path_of,
    preflight,
    problem,
    proxy_event,
    read_answer,
)
from infra.local.invocation import Handler, invocation
from infra.local.listening import address_of
from infra.resources import FUNCTIONS, STAGE_PATH, Route

# API Gateway's limit for a request body.
REQUEST_BYTES = 10 * 1024 * 1024
IDLE_SECONDS = 60

Say = Callable[[str], object]


class Gateway:
    """Answers requests by calling the handler of their route.

    ``handlers`` has one for each function that ``routes`` name; ``say`` gets a line when one of them fails. A handler
    works on one request at a time, as in Lambda, where every environment has one: handlers may rely on that.
    """

    def __init__(self, handlers: Mapping[str, Handler], routes: Sequence[Route], say: Say) -> None:
        self._handlers = handlers
        self._routes = routes
        self._say = say
        self._functions = {function.name: function for function in FUNCTIONS}
        self._turns = {name: threading.Lock() for name in handlers}

    def answer(self, request: Request) -> Answer:
        """Answer any request; whatever goes wrong is an answer, too."""
        try:
            return self._answer(request)
        except BadRequestError as error:
            return problem(400, f"{error}.", code="bad_request")

    def _answer(self, request: Request) -> Answer:
        path = path_of(request)
        if request.method == "OPTIONS" and (methods := methods_of(path, self._routes)):
            return preflight(methods)
        match = find_route(request.method, path, self._routes)
        if match is None:
            known = ", ".join(f"{route.method} /{STAGE_PATH}{route.path}" for route in self._routes)
            return problem(404, f"There is no such resource and method. There are: {known}.", code="no_such_route")
        request_id = str(uuid.uuid4())
        event = proxy_event(request, match, request_id=request_id)
        name = match.route.function
        try:
            with self._turns[name]:
                answer = read_answer(self._handlers[name](event, invocation(self._functions[name])))
        except BadAnswerError as error:
            self._say(f"{name} gave an answer that cannot be sent: {error}")
            answer = problem(502, "The function gave no proper answer.", code="bad_gateway")
        except Exception as error:  # noqa: BLE001  a crash of a function is an answer of the gateway
            # Where the function's own log goes.
            traceback.print_exc(file=sys.stdout)
            self._say(f"{name} failed on {request.method} {path}: {error!r}")
            answer = problem(502, "The function failed.", code="bad_gateway")
        return replace(answer, headers=[*answer.headers, ("x-amzn-RequestId", request_id)])


class _RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Of a first line that cannot be read: answers before HTTP/1.0 had no headers.
    default_request_version = "HTTP/1.0"
    timeout = IDLE_SECONDS

    def __init__(self, gateway: Gateway, *arguments: Any) -> None:
        self._gateway = gateway
        super().__init__(*arguments)

    def do_GET(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit()):
            self._refuse(411, "A request with a body must state its Content-Length.", code="length_required")
        elif int(length[:20]) > REQUEST_BYTES:
            self._refuse(413, f"A request may have {REQUEST_BYTES} bytes.", code="request_too_large")
        elif len(body := self.rfile.read(int(length))) < int(length):
            # The client went away while it sent.
            self.close_connection = True
        else:
            request = Request(
                method=self.command,
                target=self.path,
                headers=list(self.headers.items()),
                body=body,
                source_ip=self.client_address[0],
            )
            self._send(compress(self._gateway.answer(request), self.headers.get("Accept-Encoding", "")))

    # One method for each, as http.server looks them up by name.
    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815

    def version_string(self) -> str:
        """Name the server."""
        return "broadsheet-local"

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Refuse what http.server itself cannot read, as a problem document and not as its page."""
        self._refuse(code, message or HTTPStatus(code).description, code="bad_request")

    def log_message(self, *_: Any) -> None:
        """Say nothing: failures are reported by the gateway."""

    def _refuse(self, status: int, detail: str, *, code: str) -> None:
        # What follows on the connection may be the rest of the refused request.
        self.close_connection = True
        self._send(problem(status, detail, code=code))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            if name.lower() not in {"content-length", "connection", "transfer-encoding"}:
                self.send_header(name, value)
        # Of an answer to HEAD, nobody knows it.
        if answer.status not in {204, 304} and (answer.body or self.command != "HEAD"):
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and answer.status not in {204, 304}:
            self.wfile.write(answer.body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A stop does not wait for idle connections.
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let clients go that went away, or were silent for too long."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextmanager
def serve(gateway: Gateway, listener: socket.socket) -> Iterator[str]:
    """Serve on a listening socket; give the address of the API, with its stage."""
    server = _Server(listener.getsockname(), partial(_RequestHandler, gateway), bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="front", daemon=True)
    thread.start()
    try:
        yield f"{address_of(listener)}/{STAGE_PATH}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
