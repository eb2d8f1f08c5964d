"""What a person or a pipe is shown: harmless text, isolated where it runs from right to left, styled where that shows.

Names of files, titles and comments come from strangers. Nothing of them reaches a terminal before ``text.clean`` took
out what could move the cursor, change colours or reorder the line.
"""

from __future__ import annotations

import html
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

import orjson

from broadsheet.text import clean

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_SPACES = re.compile(r"\s+")
_MARK = re.compile(r"(</?mark>)")
# Legal inside a JSON string, and not harmless on a terminal: DEL and C1 controls, bidirectional overrides and isolates.
_HIDDEN_IN_JSON = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
_FIRST_STRONG_ISOLATE = "\N{FIRST STRONG ISOLATE}"
_POP_ISOLATE = "\N{POP DIRECTIONAL ISOLATE}"


class Piece(NamedTuple):
    """Text with one style (in rich's words, such as ``bold red``)."""

    text: str
    style: str = ""


Run = tuple[Piece, ...]
"""Text of one origin; what is written beside it does not take part in its direction."""


def shown(text: object, style: str = "") -> Run:
    """Return a run of one piece: harmless, and in one line."""
    return (Piece(one_line(str(text)), style),)


def marked(safe_html: str, style: str = "bold yellow") -> Run:
    """Return the text of a highlight, ``<mark>`` as a style; of all other tags the source escaped the brackets."""
    pieces: list[Piece] = []
    inside = False
    for part in _MARK.split(safe_html):
        if _MARK.fullmatch(part):
            inside = part == "<mark>"
        elif part:
            pieces.append(Piece(_harmless(html.unescape(part)), style if inside else ""))
    return tuple(pieces)


def one_line(text: str) -> str:
    r"""Make text harmless and put it into one line.

    >>> one_line("a\x1b[2J\r\nb")
    'a[2J b'
    """
    return _harmless(text).strip()


def _harmless(text: str) -> str:
    return _SPACES.sub(" ", clean(text).text)


def is_right_to_left(text: str) -> bool:
    """Tell whether any letter of the text is written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)


def json_bytes(value: Any, *, indent: bool = False) -> bytes:
    """Return UTF-8 JSON that is harmless on a terminal, too: what is not gets escaped, so the value is the same."""
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else 0).decode()
    return _HIDDEN_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", text).encode()


def write_json(value: Any, *, indent: bool = False) -> None:
    """Write one JSON document and a line feed to standard output."""
    sys.stdout.buffer.write(json_bytes(value, indent=indent) + b"\n")


def complain(message: str) -> None:
    """Tell the user on standard error what went wrong."""
    sys.stderr.write(f"broadsheet: {one_line(message)}\n")


class Screen:
    """Lines on standard output: styled and isolated on a terminal, plain text elsewhere."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self.is_terminal = self._stream.isatty()

    @cached_property
    def console(self) -> Console:
        """The terminal as rich sees it: its width, whether it has colours, and whether NO_COLOR forbids them."""
        # Loaded here: a pipe needs none of it.
        from rich.console import Console

        return Console(file=self._stream, force_terminal=True, highlight=False, markup=False, emoji=False)

    def line(self, *parts: str | Run) -> None:
        """Write one line of words of our own and runs of others."""
        runs = _runs(parts)
        if not self.is_terminal:
            print("".join(piece.text for pieces in runs for piece in pieces).rstrip(), file=self._stream)
            return
        # The terminal breaks the line itself: it orders right-to-left text by whole paragraphs.
        self.console.print(_styled(runs), soft_wrap=True)

    @contextmanager
    def redrawing(self) -> Iterator[Callable[[Sequence[Sequence[str | Run]]], object]]:
        """Give a function that shows lines in place of those it showed before; elsewhere than on a terminal after them.

        There, lines that are the same as before are not repeated.
        """
        if not self.is_terminal:
            before: list[Sequence[Sequence[str | Run]]] = []

            def write(lines: Sequence[Sequence[str | Run]]) -> None:
                if [lines] != before:
                    for parts in lines:
                        self.line(*parts)
                    self._stream.flush()
                    before[:] = [lines]

            yield write
            return
        from rich.console import Group
        from rich.live import Live

        with Live(console=self.console, auto_refresh=False, vertical_overflow="ellipsis") as live:
            yield lambda lines: live.update(Group(*(_styled(_runs(parts)) for parts in lines)), refresh=True)

    @contextmanager
    def progress(self, what: str, total: int, *, in_bytes: bool = False) -> Iterator[Callable[[int], object]]:
        """Show how far something is while the block lasts, on a terminal; the block is given what to tell it with."""
        if not self.is_terminal:
            yield lambda _: None
            return
        from rich import progress

        amount = progress.DownloadColumn() if in_bytes else progress.MofNCompleteColumn()
        columns = (progress.TextColumn("{task.description}", markup=False), progress.BarColumn(), amount)
        with progress.Progress(*columns, console=self.console, transient=True) as bar:
            task = bar.add_task(what, total=total)
            yield lambda count: bar.advance(task, count)


def _runs(parts: Iterable[str | Run]) -> list[Run]:
    return [(Piece(part),) if isinstance(part, str) else part for part in parts]


def _styled(runs: Iterable[Run]) -> Text:
    # Loaded here: a pipe needs none of it.
    from rich.text import Text

    return Text.assemble(*(piece for pieces in runs for piece in _isolated(pieces)))


def _isolated(pieces: Run) -> Iterable[Piece]:
    if not any(is_right_to_left(piece.text) for piece in pieces):
        return pieces
    return (Piece(_FIRST_STRONG_ISOLATE), *pieces, Piece(_POP_ISOLATE))
