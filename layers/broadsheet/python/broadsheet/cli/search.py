"""``broadsheet search``: results of the search API, for reading or as JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from broadsheet.cli.addresses import add_address_options, find_addresses
from broadsheet.cli.api import Api
from broadsheet.cli.outcome import number
from broadsheet.cli.parameters import add_parameters, given
from broadsheet.cli.results import Line, result_lines
from broadsheet.cli.terminal import Screen, complain, shown, write_json
from broadsheet.errors import RequestError
from broadsheet.search.request import SEARCH_PARAMETERS

DESCRIPTION = """\
Search the articles and the comments under them.

QUERY is in the language of the API: words, "phrases in quotes" and -words to leave out. Your shell takes quotes for
itself, so put the whole query between single ones. Each result ends with its ID: `broadsheet open ID` shows all of it.
"""
EXAMPLES = """\
examples:
  broadsheet search homs evacuation
  broadsheet search '"old city" -damascus' --type comment --limit 20
  broadsheet search homs --sort newest --from 2014-05 --facet source --more
  broadsheet search حمص --json | jq -r '.results[].article.title'
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("query", nargs="+", metavar="QUERY", help="what to look for; several words are one query")
    parser.add_argument(
        "--more", action="store_true", help="go on with the next pages: on a terminal when asked to, else to the end"
    )
    parser.add_argument("--json", action="store_true", help="print the API's answer as it is")
    add_parameters(parser, SEARCH_PARAMETERS, "what to find, and how to show it")
    add_address_options(parser)


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print results page by page; return the exit status."""
    api = Api(find_addresses(arguments, environ, Path.cwd()))
    query = " ".join(arguments.query)
    asked = given(arguments, SEARCH_PARAMETERS) | {"q": query}
    if asked.get("highlight") == "offsets" and not arguments.json:
        raise RequestError("--highlight offsets is for programs: add --json.")
    screen = Screen()
    place = 0
    while True:
        answer = api.get("/search", asked)
        results = answer.get("results") or []
        if arguments.json:
            write_json(answer, indent=not arguments.more)
        else:
            for result in results:
                place += 1
                _show(screen, result_lines(place, result))
                screen.line()
            _show(screen, counted_lines(answer))
            _complain_notes(answer)
        following = answer.get("next") if arguments.more else None
        if not following or not (arguments.json or _wanted(screen)):
            break
        asked["cursor"] = following
    if arguments.json:
        return 0
    if place:
        _complain_total(answer, place)
    else:
        complain(f"nothing found for {query}")
    return 0


def counted_lines(answer: Mapping[str, Any]) -> Iterator[Line]:
    """Give the lines of facets and of the timeline."""
    for name, facet in (answer.get("facets") or {}).items():
        values = [(shown(value.get("value", "")), f" {value.get('count', 0):,}") for value in facet.get("values") or ()]
        parts = [part for value in values for part in (", ", *value)][1:]
        others = [f", others {facet['other']:,}"] if facet.get("other") else []
        if parts:
            yield shown(name, "bold"), ": ", *parts, *others
    for step in answer.get("timeline") or ():
        yield shown(step.get("from", ""), "bold"), f" {step.get('count', 0):,}"


def _show(screen: Screen, lines: Iterator[Line]) -> None:
    for line in lines:
        screen.line(*line)


def _wanted(screen: Screen) -> bool:
    """Ask whether there shall be another page; without a person there, there shall."""
    if not (screen.is_terminal and sys.stdin.isatty()):
        return True
    sys.stderr.write("-- Enter or n: more; q: enough -- ")
    sys.stderr.flush()
    said = sys.stdin.readline()
    return said.strip().lower() in {"", "n"} and bool(said)


def _complain_notes(answer: Mapping[str, Any]) -> None:
    if answer.get("did_you_mean"):
        complain(f"did you mean: {answer['did_you_mean']}")
    if answer.get("with_all_words"):
        complain(f"{answer['with_all_words'].get('value')} with all words; the others have some of them")


def _complain_total(answer: Mapping[str, Any], count: int) -> None:
    """Say on standard error how many results there are."""
    total = answer.get("total") or {}
    at_least = "at least " if total.get("relation") == "gte" else ""
    value = total.get("value", count)
    hint = ": --more shows more" if answer.get("next") else ": --limit shows more"
    complain(f"{count} of {at_least}{number(value, 'result')}" + (hint if value > count else ""))
