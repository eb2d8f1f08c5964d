"""One file read again because somebody asks for it."""

from __future__ import annotations

from broadsheet.files import file_json, read_item
from broadsheet.notifications import again
from broadsheet.ports import HintSender, JsonObject, LedgerStore


def retry(identity: str, store: LedgerStore, sender: HintSender) -> JsonObject:
    """Ask ingestion to look at a file again, whatever became of it; answer the file as it is before that.

    Raise NotFoundError (``file_not_found``).
    """
    item = read_item(store, identity)
    sender.send_all([again(item.bucket, item.key, forgive=True)])
    return file_json(item)
