"""Engine answers -> what the API returns.

What is unknown is absent. Highlights are safe HTML; everything else is plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from broadsheet.index import fields
from broadsheet.index.pieces import cut
from broadsheet.search.request import CommentsRequest

Json = dict[str, Any]

# A result shows this much of a comment; the whole is under /comments/{comment_id}.
COMMENT_CHARACTERS = 2_000
# A Lambda answers with at most 6 MB; texts may take this much of it, escapes included.
TEXT_BYTES = 4_000_000
_REASONS = (fields.TITLE, fields.BODY, fields.DISCUSSION)


def search_page(found: Json, matching_comments: Json | None = None, bodies: Json | None = None) -> Json:
    """Return one page of results.

    ``found`` answers ``query.search_body``; ``matching_comments`` and ``bodies`` the second round of the same page.
    """
    per_article = _matching_comments(matching_comments)
    texts = {hit["_source"][fields.DOC_ID]: hit["_source"] for hit in bodies["hits"]["hits"]} if bodies else {}
    answers = [answer for answer in (found, matching_comments, bodies) if answer]
    return {
        "total": total(found),
        "took_ms": sum(answer["took"] for answer in answers),
        "next": None,
        "results": [_result(hit, per_article, texts) for hit in found["hits"]["hits"]],
    }


def article_ids(found: Json) -> list[str]:
    """Return the articles among the hits, each once, in their order."""
    hits = found["hits"]["hits"]
    return list(dict.fromkeys(hit["_source"][fields.ARTICLE_ID] for hit in hits if _kind(hit) == "article"))


def comment_doc_ids(found: Json) -> list[str]:
    """Return the document ids of the comments among the hits."""
    return [doc_id(hit) for hit in found["hits"]["hits"] if _kind(hit) == "comment"]


def doc_id(hit: Json) -> str:
    """Return the document id of a hit: the last of its sort values, so that no stored field is read for it."""
    return str(hit["sort"][-1])


def total(found: Json) -> Json:
    """Return the number of matches with its relation: ``eq``, or ``gte`` for a lower bound."""
    counted = found["hits"]["total"]
    return {"value": counted["value"], "relation": counted["relation"]}


def article(source: Mapping[str, Any]) -> Json:
    """Return an article as results show it, from its own document."""
    shown = source.get(fields.DISPLAY, {})
    return _known(
        article_id=source[fields.ARTICLE_ID],
        title=source.get(fields.TITLE),
        excerpt=shown.get("excerpt"),
        language=source.get(fields.LANG),
        source=source.get(fields.SOURCE),
        url=source.get(fields.URL),
        published_at=shown.get("published_at"),
        comment_count=source.get(fields.COMMENT_COUNT),
        file=_file(source),
    )


def whole_article(parts: list[Json]) -> Json:
    """Return an article with its text, from the documents of its parts in order.

    ``truncated`` is set when the text passes what one answer can hold.
    """
    first = parts[0]
    texts = []
    room = TEXT_BYTES
    for part in parts:
        text = part.get(fields.BODY, "")
        room -= _weight(text)
        if room < 0:
            break
        texts.append(text)
    shown = article(first)
    shown.pop("excerpt", None)
    return shown | _known(
        body="\n\n".join(texts),
        truncated=True if len(texts) < len(parts) else None,
        authors=first.get(fields.AUTHOR),
        tags=first.get(fields.TAGS),
        comment_count_declared=first.get(fields.COMMENT_COUNT_DECLARED),
        alternate_languages=first.get(fields.DISPLAY, {}).get("alternate_languages"),
    )


def comment(source: Mapping[str, Any], *, longest: int = COMMENT_CHARACTERS) -> Json:
    """Return a comment; ``truncated`` is set when its text is longer than shown."""
    shown = source.get(fields.DISPLAY, {})
    body = source.get(fields.BODY, "")
    thread = dict(shown.get("thread", {}))
    if fields.ROOT_ID in source:
        thread["root"] = source[fields.ROOT_ID]
        thread["depth"] = source.get(fields.DEPTH)
    return _known(
        comment_id=source[fields.COMMENT_ID],
        ordinal=source[fields.ORDINAL],
        author=source.get(fields.AUTHOR),
        author_kind=source.get(fields.AUTHOR_KIND),
        posted_at=shown.get("posted_at"),
        language=source.get(fields.LANG),
        body=cut(body, longest),
        truncated=True if len(body) > longest or fields.PART in source else None,
        mentions=shown.get("mentions"),
        thread=thread,
    )


def whole_comment(source: Mapping[str, Any]) -> Json:
    """Return a comment with its text, at most TEXT_BYTES characters of it, and its head as the page had it."""
    return comment(source, longest=TEXT_BYTES) | _known(head=source.get(fields.DISPLAY, {}).get("head"))


def article_of_comment(source: Mapping[str, Any]) -> Json:
    """Return the article of a comment as results show it (but for the excerpt), from the comment's document."""
    shown = source.get(fields.DISPLAY, {}).get("article", {})
    return _known(
        article_id=source[fields.ARTICLE_ID],
        title=source.get(fields.ARTICLE_TITLE),
        language=shown.get("language"),
        source=source.get(fields.SOURCE),
        url=source.get(fields.URL),
        published_at=shown.get("published_at"),
        comment_count=shown.get(fields.COMMENT_COUNT),
        file=_file(source),
    )


def comments_page(article_id: str, found: Json, request: CommentsRequest) -> Json:
    """Return a stretch of a discussion in page order; ``next_after`` continues it, null at its end.

    A page ends early when its texts pass what one answer can hold.
    """
    hits = found["hits"]["hits"]
    shown: list[Json] = []
    room = TEXT_BYTES
    for hit in hits:
        entry = whole_comment(hit["_source"])
        room -= _weight(entry["body"])
        if shown and room < 0:
            break
        shown.append(entry)
    more = len(shown) < len(hits) or len(hits) == request.limit
    return {
        "article_id": article_id,
        "total": total(found),
        "comments": shown,
        "next_after": shown[-1]["ordinal"] if shown and more else None,
    }


def _result(hit: Json, per_article: Mapping[str, Json], texts: Mapping[str, Json]) -> Json:
    source = hit["_source"]
    if _kind(hit) == "comment":
        if fields.BODY not in source:
            source = source | texts.get(doc_id(hit), {})
        return {
            "type": "comment",
            "score": hit["_score"],
            "highlights": _highlights(hit),
            "comment": comment(source),
            "article": article_of_comment(source),
        }
    return {
        "type": "article",
        "score": hit["_score"],
        "why": [name for name in _REASONS if name in hit.get("matched_queries", ())],
        "highlights": _highlights(hit),
        "article": article(source),
        "matching_comments": per_article.get(source[fields.ARTICLE_ID], {"total": 0, "comments": []}),
    }


def _matching_comments(answer: Json | None) -> dict[str, Json]:
    if not answer:
        return {}
    return {
        bucket["key"]: {
            "total": bucket["doc_count"],
            "comments": [
                comment(hit["_source"]) | {"highlights": _highlights(hit)} for hit in bucket["best"]["hits"]["hits"]
            ],
        }
        for bucket in answer["aggregations"]["articles"]["buckets"]
    }


def _highlights(hit: Json) -> Json:
    marked: Mapping[str, list[str]] = hit.get("highlight", {})
    found: Json = {}
    if fields.TITLE in marked:
        found["title"] = marked[fields.TITLE][0]
    if fields.BODY in marked:
        found["body"] = marked[fields.BODY]
    return found


def _kind(hit: Json) -> str:
    return str(hit["_source"][fields.KIND])


def _file(source: Mapping[str, Any]) -> Json:
    return {"bucket": source[fields.S3_BUCKET], "key": source[fields.S3_KEY]}


def _known(**values: Any) -> Json:
    return {name: value for name, value in values.items() if value is not None}


def _weight(text: str) -> int:
    r"""Return the bytes of a text in an answer, which is JSON inside JSON: a quote becomes ``\\\"``."""
    return len(text.encode()) + 3 * (text.count('"') + text.count("\\")) + 2 * (text.count("\n") + text.count("\t"))
