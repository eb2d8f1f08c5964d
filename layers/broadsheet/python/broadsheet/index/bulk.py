"""Bulk bodies: finished bytes for the engine's ``_bulk``, with external versions.

An action line is put together from ids that need no escaping; only documents go through a JSON encoder.
"""

from __future__ import annotations


def index_action(alias: str, doc_id: str, version: int, source: bytes) -> bytes:
    """Return the two lines that store a document unless a higher version is stored already (then the item is a 409)."""
    head = f'{{"index":{{"_index":"{alias}","_id":"{doc_id}","version":{version},"version_type":"external"}}}}\n'
    return b"".join((head.encode(), source, b"\n"))


def delete_action(alias: str, doc_id: str, version: int) -> bytes:
    """Return the line that deletes a document at this version; deleting what is missing is a 404 and is remembered."""
    line = f'{{"delete":{{"_index":"{alias}","_id":"{doc_id}","version":{version},"version_type":"external"}}}}\n'
    return line.encode()
