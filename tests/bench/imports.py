"""What a cold start imports: the handler alone, and what the first file of each format adds to it."""

from __future__ import annotations

import base64
import gzip
import io
import re
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping

from tests.bench.measure import Line

ROUNDS = 5
FUNCTIONS = ("ingest", "search", "files", "parse")
PAGE = b"A title\n\nA text of one line.\n"
HTML = b"<!doctype html><title>A title</title><h1>A title</h1><p>A text that is long enough to be one.</p>"
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML
_TIME = re.compile(rb"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")
_READ = """
import base64, io
from broadsheet.model import Hints
from broadsheet.parsing import read
list(read(io.BytesIO(base64.b64decode({content!r})), Hints(name={name!r})))
"""


def first_files() -> Mapping[str, bytes]:
    """Return the smallest file of each format, by name."""
    tarred, zipped = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=tarred, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = len(PAGE)
        archive.addfile(member, io.BytesIO(PAGE))
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("a.txt", PAGE)
    crawled = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/1\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\nWARC-Date: 2014-05-09T13:33:00Z\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n" % len(RESPONSE)
    )
    feed = b"<rss version='2.0'><channel><item><title>A title</title><description>A text.</description></item>"
    return {
        "a.txt": PAGE,
        "a.jsonl": b'{"title": "A title", "body": "A text."}\n',
        "a.csv": b"title,body\nA title,A text.\n",
        "a.html": HTML,
        "a.rss": b"<?xml version='1.0'?>" + feed + b"</channel></rss>",
        "a.warc": crawled + RESPONSE + b"\r\n\r\n",
        "a.txt.gz": gzip.compress(PAGE),
        "a.tar": tarred.getvalue(),
        "a.zip": zipped.getvalue(),
    }


Modules = Mapping[str, int]
"""The modules that a script loads, each with the microseconds of its own import, without those that it imports."""


def measure() -> Iterator[Line]:
    """Yield what importing each handler takes, and what the first file of a format adds to ingestion's."""
    handlers = {name: f"import functions.{name}.handler" for name in FUNCTIONS}
    files = {
        name: handlers["ingest"] + _READ.format(content=base64.b64encode(content), name=name)
        for name, content in first_files().items()
    }
    found = _in_turns({**handlers, **files})
    for name in handlers:
        yield Line(f"import functions.{name}.handler: {len(found[name])} modules", _milliseconds(found[name]), "ms")
    alone = found["ingest"]
    for name in files:
        new = {module: spent for module, spent in found[name].items() if module not in alone}
        title = f"... and the first {name.removeprefix('a.')}: {len(new)} more modules{_most(new)}"
        added = _milliseconds(new)
        yield Line(title, added, "ms", "the ingest handler", added / _milliseconds(alone))


def _in_turns(scripts: Mapping[str, str]) -> Mapping[str, Modules]:
    """Run each script in a fresh Python, in turns, and keep its best time: the noise of a machine only ever adds."""
    rounds: dict[str, list[Modules]] = {name: [] for name in scripts}
    for _ in range(ROUNDS):
        for name, script in scripts.items():
            command = [sys.executable, "-X", "importtime", "-c", script]
            done = subprocess.run(command, capture_output=True, check=True)
            rounds[name].append({module.decode(): int(spent) for spent, module in _TIME.findall(done.stderr)})
    return {name: min(runs, key=_milliseconds) for name, runs in rounds.items()}


def _milliseconds(modules: Modules) -> float:
    return sum(modules.values()) / 1_000


def _most(modules: Modules) -> str:
    """Name the packages in which most of the time of these modules goes."""
    packages: Counter[str] = Counter()
    for module, spent in modules.items():
        packages[module.partition(".")[0]] += spent
    most = [package for package, _ in packages.most_common(3)]
    return f" ({', '.join(most)})" if most else ""
