"""The use case behind the uploads function: an address that takes one file, for one key, one type and a while."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from broadsheet.errors import ParameterProblem
from broadsheet.object_keys import no_file
from broadsheet.ports import Clock, JsonObject, UploadForms
from broadsheet.request_body import read_fields
from broadsheet.search.parameters import refusal

UPLOAD_FIELDS: Mapping[str, type] = {"key": str, "content_type": str}
FORM_SECONDS = 15 * 60
"""How long a form is taken; what was begun within it is finished."""
DEFAULT_TYPE = "application/octet-stream"

_KEY_BYTES = 1024  # S3's bound for a key
# S3 puts the name of the sent file in its place, so that the form would be good for other keys than the one asked for.
_FILE_NAME = "${filename}"
# XML, in which S3 lists its keys, has no way to write them.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}(?:;[ -~]{1,200})?")


class Uploads:
    """Forms for the uploads bucket; a file may have ``max_bytes``."""

    def __init__(self, forms: UploadForms, clock: Clock, *, max_bytes: int) -> None:
        self._forms = forms
        self._clock = clock
        self._max_bytes = max_bytes

    def form(self, given: Mapping[str, Any]) -> JsonObject:
        """Answer ``{"url", "fields", "key", "expires_at"}``: POST the fields, then the file as field ``file``.

        ``given`` has ``key``, and ``content_type`` unless the file is any bytes. Raise RequestError for a key that is
        no file's or that S3 does not take, and for a type that is none.
        """
        fields = read_fields(given, UPLOAD_FIELDS)
        key, content_type = fields.get("key", ""), fields.get("content_type", DEFAULT_TYPE)
        problems = [problem for problem in (_key_problem(key), _type_problem(content_type)) if problem]
        if problems:
            raise refusal(problems)
        url, form = self._forms.form(key, content_type, seconds=FORM_SECONDS, max_bytes=self._max_bytes)
        expires = datetime.fromtimestamp(self._clock() + FORM_SECONDS, UTC).isoformat(timespec="seconds")
        return {"url": url, "fields": form, "key": key, "expires_at": expires}


def _key_problem(key: str) -> ParameterProblem | None:
    if not key:
        return ParameterProblem("key", "missing", "key is needed: the name that the file shall have in the bucket.")
    if len(key.encode()) > _KEY_BYTES:
        return ParameterProblem("key", "too_long", f"key may have {_KEY_BYTES} bytes in UTF-8.")
    if _CONTROL.search(key) or _FILE_NAME in key:
        sentence = f"key may hold neither control characters nor {_FILE_NAME}, which S3 replaces."
        return ParameterProblem("key", "invalid_key", sentence)
    if refused := no_file(key):
        code, sentence = refused
        return ParameterProblem("key", code, f"This is no key of a file: {sentence}.")
    return None


def _type_problem(content_type: str) -> ParameterProblem | None:
    if _MEDIA_TYPE.fullmatch(content_type):
        return None
    sentence = "content_type must be a media type such as text/html; charset=utf-8."
    return ParameterProblem("content_type", "invalid_type", sentence)
