"""Pages that a browser saved with all their parts (MHTML): a mail message whose first HTML part is the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy

from broadsheet.errors import PermanentError
from broadsheet.model import ArticleRecord
from broadsheet.parsing.html.reader import read_page
from broadsheet.parsing.upload import Settings, Upload

_PLACES = ("Snapshot-Content-Location", "Content-Location")
_URL = re.compile(r"https?://\S{1,2000}")


def read(upload: Upload, settings: Settings) -> Iterator[ArticleRecord]:
    """Read the page of a saved file; raises PermanentError ``empty_file`` without one, and the errors of ``Limits``."""
    message = message_from_bytes(upload.read_all(settings.limits.max_text_bytes), policy=policy.compat32)
    for part in message.walk():
        if part.get_content_type() not in ("text/html", "application/xhtml+xml"):
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes):
            continue
        hints = upload.hints
        places = (str(each[name]).strip() for each in (message, part) for name in _PLACES if each[name])
        url = hints.url or next((place for place in places if _URL.fullmatch(place)), None)
        content_type = str(part["Content-Type"]) if part["Content-Type"] else None
        yield read_page(data, replace(hints, url=url, content_type=content_type), settings)
        return
    raise PermanentError("The saved page holds no HTML. Save it again and upload it.", code="empty_file")
