"""``broadsheet open``: an article with the discussion under it, or a comment with what it answers."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from broadsheet.cli.addresses import add_address_options, find_addresses
from broadsheet.cli.api import Api
from broadsheet.cli.outcome import number
from broadsheet.cli.results import Line, address_of, comment_head, facts_of
from broadsheet.cli.terminal import Screen, shown, write_json
from broadsheet.errors import NotFoundError

DESCRIPTION = """\
Show an article with the discussion under it, or a comment between what it answers and what answers it.

`broadsheet search` shows the IDs at the end of each result.
"""
EXAMPLES = """\
examples:
  broadsheet open k6sjpq2mxv5r3chw4zt7ydbnlu
  broadsheet open k6sjpq2mxv5r3chw4zt7ydbnlu --json
"""
_INDENT = "  "
# Deeper replies stand below each other: a line has to hold some words yet.
_DEEPEST = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("identity", metavar="ID", help="id of an article or of a comment")
    parser.add_argument("--json", action="store_true", help="print the API's answers, as lines of JSON")
    add_address_options(parser)


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print it; return the exit status."""
    api = Api(find_addresses(arguments, environ, Path.cwd()))
    screen = Screen()
    try:
        page = api.get(f"/articles/{arguments.identity}", {})
    except NotFoundError as error:
        if error.code != "article_not_found":
            raise
        page = api.get(f"/comments/{arguments.identity}", {})
        if arguments.json:
            write_json(page)
        else:
            _show(screen, comment_lines(page))
        return 0
    if arguments.json:
        write_json(page)
    else:
        _show(screen, article_lines(page["article"]))
    for part in _discussion(api, arguments.identity):
        if arguments.json:
            write_json(part)
        else:
            for comment in part.get("comments") or ():
                _show(screen, thread_lines(comment, 0))
    return 0


def article_lines(article: Mapping[str, Any]) -> Iterator[Line]:
    """Give the lines of a whole article."""
    yield (shown(article.get("title") or "(without a title)", "bold"),)
    facts = [part for fact in facts_of(article) for part in fact]
    if facts:
        yield str(facts[0]).removeprefix(" · "), *facts[1:]
    yield from address_of(article)
    if article.get("authors"):
        yield "by ", shown(", ".join(article["authors"]))
    yield ()
    yield from text_lines(article.get("body", ""), "")
    if article.get("truncated"):
        yield ("(the text is longer than one answer can hold)",)
    yield ()


def thread_lines(comment: Mapping[str, Any], depth: int) -> Iterator[Line]:
    """Give the lines of a comment and of all replies to it, which stand further in."""
    indent = _INDENT * min(depth, _DEEPEST)
    yield indent, *comment_head(comment)
    yield from text_lines(comment.get("body", ""), indent)
    yield ()
    for reply in comment.get("replies") or ():
        yield from thread_lines(reply, depth + 1)
    if comment.get("replies_omitted"):
        yield (f"{indent}{_INDENT}and {number(comment['replies_omitted'], 'more comment')}",)


def comment_lines(page: Mapping[str, Any]) -> Iterator[Line]:
    """Give the lines of one comment between its ancestors and the replies to it, under the title of its article."""
    article = page.get("article") or {}
    yield "on ", shown(article.get("title") or "(without a title)", "bold")
    yield from address_of(article)
    yield ()
    ancestors = page.get("ancestors") or ()
    if page.get("ancestors_omitted"):
        yield (f"after {number(page['ancestors_omitted'], 'earlier comment')}",)
    for depth, ancestor in enumerate(ancestors):
        yield from thread_lines(ancestor, depth)
    own, *others = thread_lines(page["comment"], len(ancestors))
    yield "> ", *own
    yield from others
    replies = page.get("replies") or {}
    for reply in replies.get("comments") or ():
        yield from thread_lines(reply, len(ancestors) + 1)


def text_lines(text: str, indent: str) -> Iterator[Line]:
    """Give a text line by line, each isolated by itself: paragraphs may run in different directions."""
    for line in text.split("\n"):
        yield (indent, shown(line)) if line.strip() else ()


def _discussion(api: Api, article_id: str) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        part = api.get(f"/articles/{article_id}/comments", {"view": "tree", "cursor": cursor})
        yield part
        cursor = part.get("next")
        if not cursor:
            return


def _show(screen: Screen, lines: Iterator[Line]) -> None:
    for line in lines:
        screen.line(*line)
