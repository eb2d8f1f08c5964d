"""One record as a page for a person: what was found, how it was told, what was set apart, and what was lost.

Made of the JSON that ``broadsheet parse`` prints, in lines for ``terminal.Screen``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from broadsheet.cli.outcome import number
from broadsheet.cli.terminal import Piece, Run, one_line, shown

Line = tuple[str | Run, ...]

# What a person needs to see whether the right text was taken: how it begins and how it ends.
_OPENING_CHARACTERS = 240
_ENDING_CHARACTERS = 120
_COMMENT_CHARACTERS = 300
_MARGIN = 11


def page(record: Mapping[str, Any]) -> Iterator[Line]:
    """Give the lines of one record, an empty one at the end."""
    where = (shown(record["file"], "bold"), f", record {record['record'] + 1}: ")
    if record["kind"] == "problem":
        yield *where, shown("could not be read", "bold red")
        yield from _problems([record["problem"]])
    else:
        article, report = record["article"], record["report"]
        yield *where, shown(article["title"] or "(without a title)", "bold")
        yield from _article(article)
        yield from _report(report)
        yield from _comments(record["comments"], article.get("comment_count_declared"))
        yield from _problems(report["problems"])
    yield ()


def _article(article: Mapping[str, Any]) -> Iterator[Line]:
    published = article.get("published_at")
    if published:
        yield _entry("date", shown(published["value"]), *_bounds(published), *_certainty(published))
    for label, name in (("language", "language"), ("address", "url"), ("source", "source"), ("id", "article_id")):
        if name in article:
            yield _entry(label, shown(article[name]))
    for label in ("authors", "tags"):
        if label in article:
            yield _entry(label, *_listed(article[label]))
    body = one_line(article["body"])
    paragraphs = article["body"].count("\n\n") + 1 if body else 0
    yield _entry("text", f"{number(paragraphs, 'paragraph')}, {number(len(article['body']), 'character')}")
    if len(body) > _OPENING_CHARACTERS + _ENDING_CHARACTERS:
        yield _entry("begins", shown(_opening(body, _OPENING_CHARACTERS)))
        yield _entry("ends", shown(_ending(body, _ENDING_CHARACTERS)))
    elif body:
        yield _entry("", shown(body))


def _report(report: Mapping[str, Any]) -> Iterator[Line]:
    parts: list[str | Run] = [shown(report["format"])]
    if "member" in report:
        parts += [", packed as ", shown(report["member"])]
    if "grammar" in report:
        parts += [", comments by ", shown(report["grammar"])]
    if "score" in report:
        parts += [f" (score {report['score']:g})"]
    if "encoding" in report:
        parts += [", in ", shown(report["encoding"])]
    yield _entry("read as", *parts)
    lost = [f"{number(report['replacements'], 'malformed sequence')} replaced"] if report["replacements"] else []
    lost += [f"{count} of {kind.replace('_', ' ')} taken out" for kind, count in report.get("dropped", {}).items()]
    if lost:
        yield _entry("characters", shown(", ".join(lost), "yellow"))
    if report["unexplained_lines"]:
        yield _entry("unclear", shown(number(report["unexplained_lines"], "line"), "yellow"), " with no place")
    if "missing_addressees" in report:
        yield _entry("absent", *_listed(report["missing_addressees"]), " addressed, but not in this discussion")
    furniture = report["furniture"]
    if furniture:
        yield _entry("set apart", number(len(furniture), "piece"), ", neither article nor comment")
    for piece in furniture:
        why = piece["why"].replace("_", " ")
        yield _entry("", f"line {piece['line']}, ", shown(why, "cyan"), ": ", shown(piece["text"], "dim"))


def _comments(comments: Sequence[Mapping[str, Any]], declared: int | None) -> Iterator[Line]:
    of = "" if declared is None else f", {declared} stated"
    if comments or declared is not None:
        style = "yellow" if declared is not None and declared != len(comments) else ""
        yield _entry("discussion", shown(f"{number(len(comments), 'comment')}{of}", style))
    names = [comment.get("author", "(unknown)") for comment in comments]
    for place, comment in enumerate(comments, start=1):
        kind = comment["author_kind"].replace("_", " ")
        what = "" if kind == "unknown" else f" ({kind})"
        yield f"{place:>{_MARGIN}}. ", shown(names[place - 1], "green"), what, *_posted(comment.get("posted_at"))
        for line in _details(comment, names):
            yield " " * (_MARGIN + 2), *line


def _details(comment: Mapping[str, Any], names: Sequence[str]) -> Iterator[Line]:
    if comment["head"]:
        yield "head: ", shown(comment["head"], "dim")
    if "comment_id" in comment:
        yield "id: ", shown(comment["comment_id"], "dim")
    thread = comment["thread"]
    parent = thread["parent"]
    if parent is not None:
        yield (f"answers {parent + 1}. ", shown(names[parent]), *_because(thread))
    elif thread["role"] == "root":
        yield "begins a thread", *_because(thread)
    elif thread["role"] == "reply":
        yield "answers somebody", *_because(thread)
    text = one_line(comment["body"])
    yield (shown(_opening(text, _COMMENT_CHARACTERS)),)


def _problems(problems: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    for problem in problems:
        places = [f"{name} {problem[name]}" for name in ("line", "offset") if name in problem]
        where = f"{', '.join(places)}: " if places else ""
        code = shown(problem["code"])
        yield _entry("problem", where, shown(problem["message"], "bold yellow"), " (", code, ")", style="bold yellow")


def _posted(time: Mapping[str, Any] | None) -> Line:
    if not time:
        return (", no time",)
    # ISO 8601 to the minute, as a person writes it, and the offset.
    value = time["value"]
    parts: list[str | Run] = [", ", shown(f"{value[:16].replace('T', ' ')} {value[16:]}".strip())]
    if "zone" in time:
        parts += [" ", shown(time["zone"]), " assumed" if time["zone_assumed"] else ""]
    return (*parts, *_bounds(time), *([f" ({time['method']})"] if time["method"] != "stated" else []))


def _bounds(dated: Mapping[str, Any]) -> Line:
    if "earliest" not in dated or dated["earliest"] == dated.get("latest"):
        return ()
    return ", between ", shown(dated["earliest"]), " and ", shown(dated.get("latest", "?"))


def _certainty(dated: Mapping[str, Any]) -> Line:
    return " (", shown(dated["method"]), f", confidence {dated['confidence']:g})"


def _because(thread: Mapping[str, Any]) -> Line:
    if not thread["evidence"]:
        return ()
    return " (", *_listed(thread["evidence"]), f"; confidence {thread['confidence']:g})"


def _listed(texts: Sequence[str]) -> Line:
    """Give texts separated by commas; each keeps its own direction."""
    return tuple(part for text in texts for part in (", ", shown(text)))[1:]


def _entry(label: str, *parts: str | Run, style: str = "dim") -> Line:
    """Give a line with a label in the margin, whose spaces stay: it is a word of our own."""
    return (Piece(f"{label:>{_MARGIN}}  ", style),), *parts


def _opening(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest].rpartition(" ")[0] + " ..."


def _ending(text: str, longest: int) -> str:
    return "... " + text[-longest:].partition(" ")[2]
