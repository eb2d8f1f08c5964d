"""The HTTP front over its port, with handlers that stand for the functions."""

import gzip
import http.client
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from broadsheet.errors import ConfigurationError
from infra.local.front import Gateway, serve
from infra.local.listening import listen
from infra.resources import Route

ROUTES = (
    Route("GET", "/search", "search"),
    Route("GET", "/files", "files"),
    Route("POST", "/files", "files"),
)


def _search(event, context):
    query = (event["queryStringParameters"] or {}).get("q", "")
    if query == "crash":
        raise RuntimeError("secret detail")
    if query == "nonsense":
        return {"statusCode": 200, "headers": {"X-A": "a\r\nb"}, "body": ""}
    body = json.dumps({"q": query, "text": "x" * 3000, "request": context.aws_request_id})
    return {"statusCode": 200, "headers": {"Content-Type": "application/json", "ETag": '"1"'}, "body": body}


class OneAtATime:
    """A handler that notices when it is called twice at the same time."""

    def __init__(self):
        self.busy = threading.Lock()

    def __call__(self, event, _context):
        assert self.busy.acquire(blocking=False)
        try:
            return {"statusCode": 200, "body": event["body"], "isBase64Encoded": event["isBase64Encoded"]}
        finally:
            self.busy.release()


@pytest.fixture(scope="module")
def said():
    return []


@pytest.fixture(scope="module")
def address(said):
    gateway = Gateway({"search": _search, "files": OneAtATime()}, ROUTES, said.append)
    with listen(0, "--port") as listener, serve(gateway, listener):
        yield listener.getsockname()


@pytest.fixture
def ask(address):
    """A function that sends a request and gives status, headers and body."""

    def ask(method, target, body=None, **headers):
        connection = http.client.HTTPConnection(address[0], address[1], timeout=10)
        try:
            connection.request(method, target, body, {name.replace("_", "-"): value for name, value in headers.items()})
            with connection.getresponse() as response:
                return response.status, response.headers, response.read()
        finally:
            connection.close()

    return ask


def _raw(address, text):
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(text)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def _problem(answer, expected):
    status, headers, body = answer
    assert status == expected
    assert headers["Content-Type"] == "application/problem+json"
    assert headers["Access-Control-Allow-Origin"] == "*"
    problem = json.loads(body)
    assert problem["status"] == expected
    assert problem.keys() >= {"type", "title", "detail", "code"}
    return problem


def test_a_request_reaches_its_handler_and_comes_back(ask):
    status, headers, body = ask("GET", "/v1/search?q=%D8%AD%D9%85%D8%B5")

    assert status == 200
    assert headers["ETag"] == '"1"'
    assert headers["x-amzn-RequestId"]
    assert json.loads(body)["q"] == "حمص"


def test_a_client_that_takes_gzip_gets_it(ask):
    status, headers, body = ask("GET", "/v1/search?q=a", Accept_Encoding="gzip")

    assert status == 200
    assert headers["Content-Encoding"] == "gzip"
    assert int(headers["Content-Length"]) == len(body) < 1000
    assert json.loads(gzip.decompress(body))["q"] == "a"


def test_head_gives_the_headers_of_get(ask):
    _, got, body = ask("GET", "/v1/search?q=a")

    status, headers, nothing = ask("HEAD", "/v1/search?q=a")

    assert (status, nothing) == (200, b"")
    assert headers["Content-Length"] == got["Content-Length"] == str(len(body))


def test_a_preflight_names_the_methods_of_the_path(ask):
    status, headers, body = ask("OPTIONS", "/v1/files", Origin="http://elsewhere", Access_Control_Request_Method="POST")

    assert (status, body) == (204, b"")
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Access-Control-Allow-Methods"] == "GET,HEAD,POST,OPTIONS"


def test_a_body_is_passed_on(ask):
    status, _, body = ask("POST", "/v1/files", body=b"\xff\x00body")

    assert (status, body) == (200, b"\xff\x00body")


@pytest.mark.parametrize(("method", "target"), [("GET", "/"), ("POST", "/v1/search"), ("OPTIONS", "/v1/nothing")])
def test_an_unknown_route_is_a_problem_that_names_the_known_ones(ask, method, target):
    problem = _problem(ask(method, target), 404)

    assert "GET /v1/search" in problem["detail"]


def test_a_crash_is_a_problem_without_its_details(ask, said):
    problem = _problem(ask("GET", "/v1/search?q=crash"), 502)

    assert "secret" not in json.dumps(problem)
    assert "secret detail" in said[-1]


def test_an_answer_that_cannot_be_sent_is_a_problem(ask):
    _problem(ask("GET", "/v1/search?q=nonsense"), 502)


def test_an_address_that_is_not_utf8_is_a_problem(ask):
    _problem(ask("GET", "/v1/search?q=%FF"), 400)


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"\x00\xff\xfe\r\n\r\n", b"400"),
        (b"GET /v1/search HTTP/9.9\r\n\r\n", b"505"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET /v1/search HTTP/1.1\r\nX-A: " + b"a" * 70_000 + b"\r\n\r\n", b"431"),
        (b"GET /v1/search HTTP/1.1\r\n" + b"X-A: a\r\n" * 200 + b"\r\n", b"431"),
        (b"BREW /v1/search HTTP/1.1\r\n\r\n", b"501"),
        (b"GET //[ HTTP/1.1\r\n\r\n", b"40"),
        (b"POST /v1/files HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"411"),
        (b"POST /v1/files HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"POST /v1/files HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
    ],
)
def test_what_is_not_http_is_refused_as_a_problem(address, request_text, status):
    answer = _raw(address, request_text)

    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b"application/problem+json" in answer


def test_it_outlives_clients_that_go_away(address, ask):
    assert _raw(address, b"") == b""
    assert _raw(address, b"POST /v1/files HTTP/1.1\r\nContent-Length: 100\r\n\r\nfew") == b""
    assert ask("GET", "/v1/search?q=a")[0] == 200


def test_one_function_works_on_one_request_at_a_time(ask):
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda n: ask("POST", "/v1/files", body=str(n))[0], range(24)))

    assert statuses == [200] * 24


def test_a_connection_serves_several_requests(address):
    connection = http.client.HTTPConnection(address[0], address[1], timeout=10)
    try:
        for _ in range(3):
            connection.request("GET", "/v1/search?q=a")
            assert connection.getresponse().read()
    finally:
        connection.close()


def test_a_taken_port_is_reported_with_what_to_do(address):
    with pytest.raises(ConfigurationError, match=r"another program uses it.*--port PORT") as caught:
        listen(address[1], "--port")

    assert caught.value.code == "port_in_use"


def test_a_port_that_cannot_be_is_reported(address):
    with pytest.raises(ConfigurationError, match="--port"):
        listen(70_000, "--port")
