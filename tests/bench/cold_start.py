"""Cold starts: the CPU of a new process from its start to the answer of its first request; an empty handler is 1.

Each is a fresh Python that gets one invocation from a stand-in for Lambda's runtime. The search function asks a
stand-in for the engine, over requests that are signed, and gets an answer of twenty hits; the parse function reads a
saved page with its comments; the ingest function makes all its clients and gets S3's test event, which is no file's.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson

from tests.bench.measure import Line
from tests.engine_answers import found, hit, stored_documents
from tests.samples import load_event

ROUNDS = 15
CLIENT = Path(__file__).with_name("runtime_client.py")
EMPTY = "tests.bench.runtime_client.nothing"
SEARCH = "functions.search.handler.handle"
PARSE = "functions.parse.handler.handle"
INGEST = "functions.ingest.handler.handle"
_GOOD: dict[str, dict[str, Any]] = {
    SEARCH: {"statusCode": 200},
    PARSE: {"statusCode": 200},
    INGEST: {"batchItemFailures": []},
}
_NEXT = "/2018-06-01/runtime/invocation/next"


class _StandIn(BaseHTTPRequestHandler):
    """Lambda's runtime and the engine at one address: one invocation, and then none until the process is gone."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path != _NEXT or self.server.given:  # type: ignore[attr-defined]
            return
        self.server.given = True  # type: ignore[attr-defined]
        self._send(self.server.event, {"Lambda-Runtime-Aws-Request-Id": str(uuid.uuid4())})  # type: ignore[attr-defined]

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.path.endswith("/response"):
            self._send(self.server.answer, {})  # type: ignore[attr-defined]
            return
        self.server.response = content  # type: ignore[attr-defined]
        self.server.answered.set()  # type: ignore[attr-defined]

    def _send(self, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(200)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


def measure() -> Iterator[Line]:
    """Yield the CPU of the empty handler and of the functions, in a fresh process each."""
    with _stand_in() as server:
        spent: dict[str, list[float]] = {EMPTY: [], SEARCH: [], PARSE: [], INGEST: []}
        for number in range(ROUNDS + 1):
            for handler, times in spent.items():
                seconds = _start(server, handler)
                if number:  # the first of each reads its files from the disk
                    times.append(seconds)
    empty, *others = (statistics.median(times) for times in spent.values())
    yield Line("cold start of an empty handler, first answer included", empty * 1000, "ms CPU")
    for what, seconds in zip(("search", "parse", "ingest"), others, strict=True):
        yield Line(f"cold start of the {what} function", seconds * 1000, "ms CPU", "an empty handler", seconds / empty)


def _start(server: Any, handler: str) -> float:
    server.given = False
    server.event = orjson.dumps(_event(handler))
    server.answered.clear()
    address = f"127.0.0.1:{server.server_port}"
    environment = {
        **os.environ,
        "AWS_LAMBDA_RUNTIME_API": address,
        "PYTHONPATH": str(CLIENT.parents[2]),
        "BROADSHEET_OPENSEARCH_URL": f"http://{address}",
        "BROADSHEET_SIGN_REQUESTS": "true",
        "BROADSHEET_UPLOADS_BUCKET": "uploads",
        "BROADSHEET_OUTCOMES_BUCKET": "outcomes",
        "BROADSHEET_LEDGER_TABLE": "ledger",
        "BROADSHEET_QUEUE_URL": f"http://{address}/queue",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    child = subprocess.Popen(
        [sys.executable, str(CLIENT), handler], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    with child:
        if not server.answered.wait(60):
            child.kill()
            raise RuntimeError(f"{handler} did not answer: {child.communicate()[1].decode()}")
        # Not child.kill, which would take the process's usage with it where it is gone already.
        os.kill(child.pid, signal.SIGKILL)
        _, _, usage = os.wait4(child.pid, 0)
        child.returncode = -signal.SIGKILL
    answer = orjson.loads(server.response)
    if (handler in {SEARCH, PARSE} and answer["statusCode"] != 200) or (
        handler == INGEST and answer["batchItemFailures"]
    ):
        raise RuntimeError(f"{handler} answered {server.response[:500]}")
    return usage.ru_utime + usage.ru_stime


def _event(handler: str) -> dict[str, Any]:
    if handler == PARSE:
        return load_event("parse/page")
    if handler == INGEST:
        return load_event("ingest/s3-test-event")
    event = load_event("search/search")
    event["multiValueQueryStringParameters"] = {"q": ["homs"], "type": ["comment"], "limit": ["20"]}
    return event


@contextmanager
def _stand_in() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _StandIn)
    server.daemon_threads = True
    server.given, server.response, server.answered = False, b"", threading.Event()
    _, *comments = stored_documents()
    hits = [hit(source) for source in comments * 10][:20]
    complete = {"timed_out": False, "_shards": {"total": 1, "failed": 0}}
    server.answer = orjson.dumps(found(*hits, total=200) | complete)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
