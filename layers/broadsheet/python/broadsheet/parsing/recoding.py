"""A stream of text in any encoding -> the same in UTF-8, for readers that cut a file into records as it comes."""

from __future__ import annotations

import codecs

from broadsheet.parsing.encoding import Decoded, encoding_of
from broadsheet.parsing.upload import Upload
from broadsheet.text import REPLACEMENT

_READ_BYTES = 256 * 1024
_REPLACEMENT = REPLACEMENT.encode()


class Recoded:
    """The bytes of an upload as valid UTF-8 without a byte order mark.

    ``decoded`` says, as for a whole file, what the encoding was and what was replaced; its text is empty. The encoding
    is decided at the first bytes beyond ASCII: what follows does not change it.
    """

    def __init__(self, upload: Upload, *, markup: bool = False) -> None:
        self.decoded = Decoded("", "utf-8")
        self._upload = upload
        self._markup = markup
        self._decoder: codecs.IncrementalDecoder | None = None
        self._held = b""
        self._taken = 0
        self._ended = False

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes; empty at the end. They may end within a character."""
        self.peek()
        part, self._held = self._held[:size], self._held[size:]
        return part

    def peek(self) -> bytes:
        """Return the next bytes without going over them; empty at the end."""
        while not self._held and not self._ended:
            self._held = self._next()
        return self._held

    def _next(self) -> bytes:
        data = self._filled()
        opening = self._upload.opening.data
        if self._decoder is None:
            if data.isascii() and b"\x00" not in opening:
                self._taken += len(data)
                return data
            content_type = self._upload.hints.content_type
            self.decoded = encoding_of(data, opening, content_type, markup=self._markup)
            self._decoder = codecs.getincrementaldecoder(self.decoded.encoding)("strict")
        text = self._decode(data, self._decoder)
        if not self._taken:
            text = text.removeprefix("\ufeff")
        self._taken += len(data)
        return text.encode("utf-8", "replace")

    def _filled(self) -> bytes:
        """Return so many bytes that they tell their encoding, however few come at a time."""
        parts = []
        size = _READ_BYTES
        while size > 0 and (part := self._upload.read(size)):
            parts.append(part)
            size -= len(part)
        self._ended = size > 0
        return b"".join(parts)

    def _decode(self, data: bytes, decoder: codecs.IncrementalDecoder) -> str:
        state = decoder.getstate()
        try:
            return decoder.decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            place = self._taken - len(state[0]) + error.start
        decoder.errors = "replace"
        decoder.setstate(state)
        text = decoder.decode(data, final=self._ended)
        decoder.errors = "strict"
        known = self.decoded
        count = text.count(REPLACEMENT) - (data.count(_REPLACEMENT) if known.encoding == "utf-8" else 0)
        first = place if known.first_offset is None else known.first_offset
        self.decoded = known._replace(replacements=known.replacements + max(count, 0), first_offset=first)
        return text
