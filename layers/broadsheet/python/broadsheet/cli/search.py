"""``broadsheet search``: results of the search API, for reading or as JSON."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from broadsheet.cli.addresses import add_address_options, find_addresses
from broadsheet.cli.api import Api
from broadsheet.cli.outcome import number
from broadsheet.cli.terminal import Run, Screen, complain, marked, one_line, shown, write_json

DESCRIPTION = """\
Search the articles and the comments under them.

QUERY is in the language of the API: words, "phrases in quotes" and -words to leave out. Your shell takes quotes for
itself, so put the whole query between single ones.
"""
EXAMPLES = """\
examples:
  broadsheet search homs evacuation
  broadsheet search '"old city" -damascus' --type comment --limit 20
  broadsheet search حمص --json | jq -r '.results[].article.title'
"""

Line = tuple[str | Run, ...]

# A comment longer than this is cut at a word; one with marked words shows what is around them instead.
_COMMENT_CHARACTERS = 300
_GAP = " ... "


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("query", nargs="+", metavar="QUERY", help="what to look for; several words are one query")
    parser.add_argument("--type", choices=("article", "comment", "all"), help="which results to show (default: all)")
    parser.add_argument("--limit", type=int, metavar="N", help="how many results to show (default: 10)")
    parser.add_argument("--json", action="store_true", help="print the API's answer as it is")
    add_address_options(parser)


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print one page of results; return the exit status."""
    api = Api(find_addresses(arguments, environ, Path.cwd()))
    query = " ".join(arguments.query)
    answer = api.get("/search", {"q": query, "type": arguments.type, "limit": arguments.limit})
    if arguments.json:
        write_json(answer, indent=True)
        return 0
    results = answer.get("results") or []
    screen = Screen()
    for place, result in enumerate(results, start=1):
        for line in result_lines(place, result):
            screen.line(*line)
        screen.line()
    if results:
        _complain_total(answer, len(results))
    else:
        complain(f"nothing found for {query}")
    return 0


def _complain_total(answer: Mapping[str, Any], count: int) -> None:
    """Say on standard error how many results there are."""
    total = answer.get("total") or {}
    at_least = "at least " if total.get("relation") == "gte" else ""
    value = total.get("value", count)
    complain(f"{count} of {at_least}{number(value, 'result')}" + (": --limit shows more" if value > count else ""))


def result_lines(place: int, result: Mapping[str, Any]) -> Iterator[Line]:
    """Give the lines of one result, ``place`` counted from 1."""
    article = result.get("article") or {}
    highlights = result.get("highlights") or {}
    margin = f"{place:>2}. "
    indent = " " * len(margin)
    if result.get("type") == "comment":
        comment = result.get("comment") or {}
        yield margin, *_comment_head(comment)
        yield indent, *_comment_text(comment, highlights)
        yield indent, "on ", *_title(article, {}), *chain.from_iterable(_facts(article))
        yield from ((indent, line) for line in _address(article))
        return
    why = ", ".join(result.get("why") or ())
    yield margin, *_title(article, highlights)
    facts = [*_facts(article), *([(" · found in ", shown(why))] if why else [])]
    if facts:
        first, *others = chain.from_iterable(facts)
        yield indent, str(first).removeprefix(" · "), *others
    text = _fragments(highlights) or (shown(article.get("excerpt", "")),)
    yield indent, *text
    yield from ((indent, line) for line in _address(article))
    matching = result.get("matching_comments") or {}
    for comment in matching.get("comments") or ():
        yield f"{indent}  ", *_comment_head(comment), ": ", *_comment_text(comment, comment.get("highlights") or {})
    hidden = matching.get("total", 0) - len(matching.get("comments") or ())
    if hidden > 0:
        yield (f"{indent}  and {number(hidden, 'more matching comment')}",)


def _title(article: Mapping[str, Any], highlights: Mapping[str, Any]) -> Line:
    if "title" in highlights:
        return (marked(highlights["title"], "bold yellow"),)
    return (shown(article.get("title") or "(without a title)", "bold"),)


def _facts(article: Mapping[str, Any]) -> list[Line]:
    facts: list[Line] = []
    published = article.get("published_at") or {}
    if published.get("value"):
        # Only an estimate has bounds.
        about = "around " if "earliest" in published or "latest" in published else ""
        facts.append((f" · {about}", shown(published["value"][:10])))
    if article.get("source"):
        facts.append((" · ", shown(article["source"])))
    if article.get("comment_count"):
        facts.append((" · ", number(article["comment_count"], "comment")))
    return facts


def _address(article: Mapping[str, Any]) -> list[Run]:
    file = article.get("file") or {}
    address = article.get("url") or (f"s3://{file.get('bucket')}/{file.get('key')}" if file else "")
    return [shown(address, "cyan")] if address else []


def _comment_head(comment: Mapping[str, Any]) -> Line:
    posted = (comment.get("posted_at") or {}).get("value", "")
    # ISO 8601 to the minute, as a person writes it; the offset is in the JSON.
    time = (", ", shown(posted[:16].replace("T", " "), "dim")) if posted else ()
    return (shown(comment.get("author") or "(unknown)", "green"), *time)


def _comment_text(comment: Mapping[str, Any], highlights: Mapping[str, Any]) -> Line:
    text = one_line(comment.get("body", ""))
    if len(text) > _COMMENT_CHARACTERS:
        text = text[:_COMMENT_CHARACTERS].rpartition(" ")[0] + _GAP.rstrip()
    return _fragments(highlights) or (shown(text),)


def _fragments(highlights: Mapping[str, Any]) -> Line:
    fragments = highlights.get("body") or []
    return tuple(part for fragment in fragments for part in (_GAP, marked(fragment)))[1:]
