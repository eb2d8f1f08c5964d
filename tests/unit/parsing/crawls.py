"""Crawls for tests, as crawlers write them."""

from __future__ import annotations

import gzip

PAGE = """<!DOCTYPE html><html lang="en"><head><title>{0}</title></head><body><article><h1>{0}</h1>
<p>The harbour of {0} was closed on Friday after a storm, the mayor said, and boats stayed where they were.</p>
<p>It opens again when the wind turns, which may take until Sunday, she said, and nobody is to go out.</p></article>
</body></html>"""


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return a response."""
    lines = (f"HTTP/1.1 {status}", *(headers or ("Content-Type: text/html; charset=utf-8",)))
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def warc(kind: str, block: bytes, url: str = "", *headers: str, stated: int | None = None) -> bytes:
    """Return one record; ``stated`` is the length that it says it has."""
    content = "application/http; msgtype=response" if block.startswith(b"HTTP/") else "application/warc-fields"
    lines = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>",
        "WARC-Date: 2014-05-09T16:33:00Z",
        f"Content-Length: {len(block) if stated is None else stated}",
    ]
    if url:
        lines.append(f"WARC-Target-URI: {url}")
    if not any(header.lower().startswith("content-type") for header in headers):
        lines.append(f"Content-Type: {content}")
    return "\r\n".join((*lines, *headers)).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def response(title: str, url: str) -> bytes:
    """Return the record of a page."""
    return warc("response", http(PAGE.format(title).encode()), url)


def crawl() -> list[bytes]:
    """Return the records of a small crawl, two of them pages."""
    return [
        warc("warcinfo", b"software: a crawler\r\n"),
        warc("request", b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", "https://a.example/1"),
        response("Tyre", "https://a.example/1"),
        warc("metadata", b"via: https://a.example/\r\n", "https://a.example/1"),
        warc("response", http(b"\x89PNG\r\n" * 1000, "Content-Type: image/png"), "https://a.example/x.png"),
        warc("response", http(b"Gone", status="404 Not Found"), "https://a.example/404"),
        warc("revisit", http(b""), "https://a.example/same"),
        response("Sidon", "https://a.example/2"),
    ]


def packed(records: list[bytes]) -> bytes:
    """Return the records as crawlers store them: each a gzip member of its own."""
    return b"".join(map(gzip.compress, records))


def arc(*pages: tuple[str, bytes]) -> bytes:
    """Return an ARC file, version 1."""
    about = b"1 0 Archive\nURL IP-address Archive-date Content-type Archive-length\n"
    head = f"filedesc://a.arc 0.0.0.0 20140509163300 text/plain {len(about)}\n".encode()
    rows = []
    for url, block in pages:
        kind = "text/dns" if url.startswith("dns:") else "text/html"
        rows.append(f"{url} 192.0.2.1 20140509163300 {kind} {len(block)}\n".encode() + block + b"\n")
    return head + about + b"\n" + b"".join(rows)
