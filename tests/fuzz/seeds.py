"""What each reader's fuzzing starts from: files that it reads, of the corpus, the labelled pages and the tests."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path
from typing import NamedTuple

from tests.unit.parsing import crawls, feeds
from tests.unit.parsing.test_tables import ARTICLES, COMMENTS

TESTS = Path(__file__).parent.parent
FOLDERS = (TESTS / "corpus", TESTS / "quality" / "pages", TESTS.parent / "events" / "uploads")
# Longer ones say no more and take longer.
MOST_BYTES = 40_000


class Seed(NamedTuple):
    """A file by its name and bytes."""

    name: str
    data: bytes


def seeds() -> dict[str, list[Seed]]:
    """Return the seeds of each reader."""
    text, html, json = _files("*.txt"), _files("*.html", "*.htm", "*.mht*"), _files("*.json", "*.jsonl", "*.ndjson")
    posts = feeds.wxr(
        feeds.wxr_item(
            1, "Boats", "<p>In.</p>", feeds.wxr_comment(1, "ann", "Hi"), feeds.wxr_comment(2, "bo", "@ann", parent=1)
        ),
        feeds.wxr_item(2, "Photo", "", kind="attachment"),
        feeds.wxr_item(3, "Nets", "Out."),
    )
    xml = [Seed("a.xml", each.encode()) for each in (feeds.RSS, feeds.ATOM, feeds.BLOGGER, feeds.DISQUS)]
    xml += [Seed("a.xml", posts), Seed("a.txt", feeds.MOVABLE_TYPE.encode()), *_files("*.xml")]
    tables = [Seed("articles.csv", ARTICLES.encode()), Seed("comments.csv", COMMENTS.encode())]
    warc = b"".join(crawls.crawl())
    arc = crawls.arc(("https://a.example/1", crawls.http(crawls.PAGE.encode())))
    crawl = [Seed("a.warc", warc), Seed("a.warc.gz", crawls.packed(crawls.crawl())), Seed("a.arc", arc)]
    members = {"a.jsonl": b'{"title": "a"}\n{"title": "b"}\n', "b.txt": text[0].data, "c.xml": posts}
    packed = [Seed("a.tar", _tar(members)), Seed("a.zip", _zip(members)), Seed("a.tgz", gzip.compress(_tar(members)))]
    packed += [Seed("a.jsonl", pack(members["a.jsonl"] * 20)) for pack in (gzip.compress, bz2.compress, lzma.compress)]
    encoded = [
        Seed("a.txt", each.data.decode("utf-8", "replace").encode(encoding, "replace"))
        for each in text[:12]
        for encoding in ("cp1256", "cp1252", "utf-16", "utf-16-le", "koi8-r", "gb18030")
    ]
    return {
        "text": text,
        "html": html,
        "json": json,
        "feeds": xml,
        "tables": tables,
        "crawls": crawl,
        "containers": packed,
        "encodings": encoded,
    }


def _files(*patterns: str) -> list[Seed]:
    paths = sorted(path for folder in FOLDERS for pattern in patterns for path in folder.rglob(pattern))
    return [Seed(path.name, data) for path in paths if len(data := path.read_bytes()) <= MOST_BYTES]


def _tar(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()
