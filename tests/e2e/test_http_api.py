"""The API as other programs meet it: described, fed, exported, cached, asked by generated clients and by strangers."""

import compileall
import csv
import io
import json
import re
import subprocess
import sys
from functools import partial
from urllib.parse import quote, urlsplit

import feedparser
import pytest
import urllib3

from broadsheet.api.openapi import description
from broadsheet.api.operations import OPERATIONS
from broadsheet.api.routes import ROUTES
from infra.local.system import local_system
from infra.local.waiting import wait_for
from tests.api_schemas import check, schema_of
from tests.samples import HOMS, HOMS_ARABIC

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("local-system")]

FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def system(engine_url):
    with local_system(environ={"BROADSHEET_OPENSEARCH_URL": engine_url}, say=lambda _: None) as system:
        texts = {
            "homs.txt": HOMS.read_bytes(),
            "homs-ar.txt": HOMS_ARABIC.read_bytes(),
            "sum.txt": f'{FORMULA}\n\nOn homs, a "quote"\nand two lines.\n'.encode(),
        }
        for key, text in texts.items():
            system.aws.s3.put_object(Bucket=system.aws.uploads_bucket, Key=key, Body=text)
        ask = asking(system.api_url)
        for kind, least in (("article", len(texts)), ("comment", 30)):
            wait_for(partial(is_there, ask, kind, least), f"every {kind}", seconds=30)
        yield system


def is_there(ask, kind, least):
    return ask(f"/search?type={kind}").json()["total"]["value"] >= least or None


def asking(api_url):
    pool = urllib3.PoolManager(retries=False)

    def ask(path, method="GET", **more):
        url = path if path.startswith("http") else api_url + path
        answer = pool.request(method, url, **more)
        where = urlsplit(url).path.removeprefix("/v1")
        if answer.status < 300 and answer.data and answer.headers.get("content-type") == "application/json":
            if name := schema_of(method, where):
                check(name, answer.json())
        elif answer.status >= 400 and answer.data:
            check("Problem", answer.json())
        return answer

    return ask


@pytest.fixture(scope="module")
def ask(system):
    """A function that asks the API and checks the answer against its schema."""
    return asking(system.api_url)


def next_of(answer):
    found = re.search(r'<([^>]*)>; rel="next"', answer.headers.get("Link", ""))
    return found and found[1]


def test_every_answer_is_as_described(ask):
    articles = ask("/search?q=homs&type=article&facet=source&facet=author&facet=year&timeline=auto&explain=true").json()
    article = max((each["article"] for each in articles["results"]), key=lambda each: each["comment_count"])
    comment = ask("/search?q=homs&type=comment&highlight=offsets").json()["results"][0]["comment"]
    file = ask("/files?limit=1").json()["files"][0]
    author = ask("/authors").json()["authors"][0]
    ids = {"article_id": article["article_id"], "comment_id": comment["comment_id"], "file_id": file["file_id"]}
    ids["key"] = quote(author["key"])
    queries = {"/suggest": "?q=h", "/search": "?q=homs&limit=2", "/articles/{article_id}/comments": "?view=tree"}
    bodies = {
        "/parse": HOMS.read_bytes(),
        "/uploads": b'{"key": "new.txt"}',
        "/reconcile": b'{"dry_run": true}',
        "/generations": b'{"action": "fill"}',
    }
    for route in sorted(ROUTES, key=lambda route: route.method):
        path = route.path.format(**ids) + (queries.get(route.path, "") if route.method == "GET" else "")
        body = bodies.get(route.path) if route.method == "POST" else None
        answer = ask(path, route.method, body=body)
        assert (path, answer.status) == (path, OPERATIONS[route.method, route.path].status)
        media_type = answer.headers["Content-Type"].partition(";")[0]
        named = OPERATIONS[route.method, route.path].answer.split()
        assert media_type in named or media_type == "application/json"
    ask(f"/articles/{article['article_id']}/comments")
    ask("/search?q=homz+siega&fields=title")


@pytest.mark.parametrize(
    "path", ["/search?q=homs&limit=2", "/timeline?q=homs", "/status", "/files", "/export?q=homs", "/feeds/search.atom"]
)
def test_an_answer_that_the_client_has_is_not_sent_again(ask, path):
    first = ask(path)
    again = ask(path, headers={"If-None-Match": f'"other", {first.headers["ETag"]}'})
    assert (again.status, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    head = ask(path, "HEAD")
    assert (head.status, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])


def test_a_page_of_another_site_may_ask_and_read(ask):
    asked = ask("/search", "OPTIONS", headers={"Origin": "http://a.example", "Access-Control-Request-Method": "GET"})
    assert asked.status == 204
    assert "If-None-Match" in asked.headers["Access-Control-Allow-Headers"]
    answer = ask("/search", headers={"Origin": "http://a.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Link", "X-Next-Cursor"} <= set(answer.headers["Access-Control-Expose-Headers"].split(","))


def test_links_lead_through_all_pages(ask):
    url, seen = "/search?q=&type=comment&limit=7", []
    while url:
        answer = ask(url)
        seen += [each["comment"]["comment_id"] for each in answer.json()["results"]]
        url = next_of(answer)
    assert len(seen) == len(set(seen)) == ask("/search?type=comment").json()["total"]["value"]


@pytest.mark.parametrize(
    "query", ["q=homs", "q=حمص", "q=&type=comment&lang=ar", "q=nothinglikethis&match=all", "author=x"]
)
def test_a_feed_is_read_without_complaint(ask, query):
    answer = ask(f"/feeds/search.atom?{quote(query, safe='=&')}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    feed = feedparser.parse(answer.data)
    assert (feed.bozo, feed.version) == (False, "atom10")
    found = ask(f"/search?{quote(query, safe='=&')}&sort=newest&limit=20").json()["results"]
    assert len(feed.entries) == len(found)
    assert all(entry.id.startswith("urn:uuid:") and entry.updated_parsed and entry.link for entry in feed.entries)
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)


def test_a_feed_has_pages_and_marks_what_was_found(ask):
    answer = ask("/feeds/search.atom?q=army&limit=1")
    feed = feedparser.parse(answer.data)
    (following,) = [link.href for link in feed.feed.links if link.rel == "next"]
    assert following == next_of(answer)
    assert "<strong>army</strong>" in feed.entries[0].content[0].value
    assert feedparser.parse(ask(following).data).entries[0].id != feed.entries[0].id


@pytest.mark.parametrize("kind", ["article", "comment"])
@pytest.mark.parametrize("query", ["q=homs", "q=homs&sort=newest", "author=-nobody"])
def test_an_export_is_what_the_search_shows(ask, kind, query):
    shown = [each[kind][f"{kind}_id"] for each in ask(f"/search?{query}&type={kind}&limit=100").json()["results"]]
    lines = ask(f"/export?{query}&type={kind}").data.decode().splitlines()
    assert [json.loads(line)[kind][f"{kind}_id"] for line in lines] == shown
    table = list(csv.DictReader(io.StringIO(ask(f"/export?{query}&type={kind}&format=csv").data.decode(), newline="")))
    assert [row[f"{kind}_id"] for row in table] == shown
    assert [row["body"].lstrip("'") for row in table] == [json.loads(line)[kind]["body"].lstrip("'") for line in lines]


def test_a_table_runs_no_formula(ask):
    text = ask("/export?q=hyperlink&format=csv").data.decode()
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["title"] == f"'{FORMULA}"


def test_the_reference_names_every_route_and_loads_nothing(ask):
    answer = ask("/reference")
    page = answer.data.decode()
    assert all(f"</span> {route.path}</h3>" in page for route in ROUTES)
    assert not re.search(r"<script|<link|<img|@import|url\(", page)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_client_can_be_generated(tmp_path):
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(description("https://archive.example/v1")))
    # The generator knows text only by these names, and would have the code formatted.
    text = dict.fromkeys(("application/atom+xml", "application/x-ndjson", "text/csv"), "text/html")
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"post_hooks": [], "content_type_overrides": text}))
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(document), "--meta", "none"]
    done = subprocess.run(
        [*command, "--output-path", str(tmp_path / "client"), "--config", str(settings), "--fail-on-warning"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert compileall.compile_dir(tmp_path / "client", quiet=1)
    assert len(list((tmp_path / "client/api").rglob("[a-z]*.py"))) >= len(ROUTES)


def test_strangers_find_no_answer_that_is_not_described(system, ask, tmp_path):
    # Not asked: methods that a gateway answers, and whether all that a schema allows is accepted (there are rules
    # between parameters, such as that sort=discussed orders articles only).
    unasked = "unsupported_method,positive_data_acceptance"
    document = ask("/openapi.json").json()
    for methods in document["paths"].values():
        for operation in methods.values():
            # The local system needs no key.
            operation["security"] = []
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    article = ask("/search?type=article").json()["results"][0]["article"]["article_id"]
    comment = ask("/search?type=comment").json()["results"][0]["comment"]["comment_id"]
    (tmp_path / "schemathesis.toml").write_text(
        f'[parameters]\n"path.article_id" = "{article}"\n"path.comment_id" = "{comment}"\n'
    )
    options = [
        f"--exclude-checks={unasked}",
        "--exclude-path=/openapi.json",
        # What changes the indices would disturb the others.
        "--exclude-path=/generations",
        "--max-examples=15",
        "--generation-deterministic",
        "--phases=examples,fuzzing",
        "--no-color",
    ]
    command = [sys.executable, "-m", "schemathesis.cli", "run", "openapi.json", f"--url={system.api_url}", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
