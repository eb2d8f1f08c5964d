"""Threads that a page shows: indented heads, a second name in the head, counted children, "To No. 3", quotes.

What is shown outweighs what clock times suggest. Where a page shows threads at all, a comment that shows none starts
one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from broadsheet.model import Thread
from broadsheet.parsing.discussion import Posted
from broadsheet.parsing.people import Person
from broadsheet.text import author_key

_INDENTED = 0.9
_NAMED = 0.85
_COUNTED = 0.9
_NUMBERED = 0.9
_QUOTED = 0.8
_UNNAMED = 0.7
# Words and signs between the name of who replies and the name of whom.
_BETWEEN = re.compile(
    r"\s*(?:[>»→➤↪▸⇒]|\bin reply to\b|\breplying to\b|\breplied to(?: (?:a )?comment (?:from|by))?\b"
    r"|\bresponding to\b|\bto\b|@|ردا على|رداً على)\s*@?",
    re.IGNORECASE,
)
# Who answers is named even where the addressee is not on this page.
_REPLIED = re.compile(r"\s(?:in reply to|replying to|replied to|responding to|responded to|[>»→➤])\s", re.IGNORECASE)
_REPLY_LINE = re.compile(
    r"(?:in reply to|in response to|replying to|reply to|رداً? على)[:\s]{1,2}@?(.{1,60}?)[.:]?$", re.IGNORECASE
)
_TO_NUMBER = re.compile(
    r"(?:(?:re|reply|in reply|response)?:?\s?to:?\s(?:no\.?|number|comment|post|#)\s?#?|re:?\s?#\s?|[@#]\s?"
    r"|(?:رد|ردا|الى) (?:على )?(?:رقم|التعليق)\s)(\d{1,5})\b",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"originally posted by:?\s{1,2}(\S.{0,60}?)(?:\s{1,2}(?:view post|»))?$", re.IGNORECASE)
_CHILDREN = re.compile(r"\((\d{1,5}) child(?:ren)?\)")
_HACKER = re.compile(r"\|\s(root|parent)\b")

Place = tuple[Thread | None, Person]


def nested(posts: Sequence[Posted]) -> list[Place] | None:
    """Return place (None = not shown) and author of each comment; None where the page shows no thread at all."""
    if not any(post.named is not None or post.indent for post in posts):
        return None
    people = [post.person for post in posts]
    if len({post.indent for post in posts}) > 1:
        people = _second_names(posts, people, indented=True)[0]
        return list(zip(_indented(posts), people, strict=True))
    for shown in (_counted_children, _parent_links):
        if places := shown(posts):
            return list(zip(places, people, strict=True))
    people, parents = _second_names(posts, people, indented=False)
    if parents:
        return [(_named_place(ordinal, parents), person) for ordinal, person in enumerate(people)]
    lines = [_stated(posts, ordinal, people) for ordinal in range(len(posts))]
    split = any(person is not post.person for person, post in zip(people, posts, strict=True))
    return list(zip(lines, people, strict=True)) if split or any(lines) else None


def _indented(posts: Sequence[Posted]) -> list[Thread | None]:
    stack: list[tuple[int, int]] = []
    places: list[Thread | None] = []
    for ordinal, post in enumerate(posts):
        while stack and stack[-1][0] >= post.indent:
            stack.pop()
        if stack:
            places.append(Thread("reply", stack[-1][1], ("indented",), _INDENTED))
        else:
            places.append(Thread("root", None, ("not-indented",), _INDENTED))
        stack.append((post.indent, ordinal))
    return places


def _counted_children(posts: Sequence[Posted]) -> list[Thread | None] | None:
    """Read ``(3 children)``, which counts all comments below one in page order, replies to replies included."""
    counts = [int(found[1]) if (found := _CHILDREN.search(post.head)) else None for post in posts]
    if counts.count(None) * 5 > len(counts) or not any(counts):
        return None
    stack: list[tuple[int, int]] = []
    places: list[Thread | None] = []
    for ordinal, count in enumerate(counts):
        while stack and stack[-1][1] < ordinal:
            stack.pop()
        if stack:
            places.append(Thread("reply", stack[-1][0], ("counted-children",), _COUNTED))
        else:
            places.append(Thread("root", None, ("counted-children",), _COUNTED))
        stack.append((ordinal, ordinal + (count or 0)))
    return places


def _parent_links(posts: Sequence[Posted]) -> list[Thread | None] | None:
    """Read the links of a head: none to a parent = a root; to the parent alone = a reply to the last root."""
    links = [frozenset(_HACKER.findall(post.head)) for post in posts]
    if not any(links):
        return None
    places: list[Thread | None] = []
    root: int | None = None
    for ordinal, link in enumerate(links):
        if not link:
            root = ordinal
            places.append(Thread("root", None, ("no-parent-link",), _COUNTED))
        elif "root" not in link:
            places.append(Thread("reply", root, ("parent-link",), _COUNTED))
        else:
            above = links[ordinal - 1] if ordinal else frozenset()
            parent = ordinal - 1 if above and "root" not in above else None
            places.append(Thread("reply", parent, ("parent-link",), _COUNTED))
    return places


def _second_names(
    posts: Sequence[Posted], people: Sequence[Person], *, indented: bool
) -> tuple[list[Person], dict[int, int]]:
    """Split heads that name two people; return the authors, and the ordinal of the parent of each reply."""
    whole = Counter(author_key(person.name) for person in people if person.name)
    lowest = min(post.indent for post in posts)
    split: list[Person] = list(people)
    parents: dict[int, int] = {}
    latest: dict[str, int] = {}
    weak: list[int] = []
    for ordinal, (post, person) in enumerate(zip(posts, people, strict=True)):
        pair = _pair(person.name, latest.__contains__) if person.name else None
        if pair and not (indented and post.indent == lowest):
            name, addressed, sure = pair
            split[ordinal] = person._replace(name=name)
            parents[ordinal] = latest[author_key(addressed)]
            if not (sure or indented or author_key(name) in whole):
                weak.append(ordinal)
        elif person.name and (answered := _REPLIED.search(person.name)) and answered.start():
            split[ordinal] = person._replace(name=person.name[: answered.start()].rstrip())
        if name_now := split[ordinal].name:
            latest[author_key(name_now)] = ordinal
    if weak and len(parents) < 2:
        for ordinal in weak:
            split[ordinal] = people[ordinal]
            del parents[ordinal]
    return split, parents


def _pair(name: str, known: Callable[[str], bool]) -> tuple[str, str, bool] | None:
    """Return (author, addressed, whether a sign between them proves it) for the name of two people in one."""
    for found in _BETWEEN.finditer(name):
        first, second = name[: found.start()].strip(), name[found.end() :].strip()
        if first and second and known(author_key(second)):
            return first, second, True
    words = name.split()
    for count in range(1, len(words)):
        first, second = " ".join(words[:count]), " ".join(words[count:])
        if known(author_key(second)):
            return first, second, False
    return None


def _named_place(ordinal: int, parents: dict[int, int]) -> Thread:
    if ordinal in parents:
        return Thread("reply", parents[ordinal], ("second-name",), _NAMED)
    return Thread("root", None, ("no-second-name",), _UNNAMED)


def _stated(posts: Sequence[Posted], ordinal: int, people: Sequence[Person]) -> Thread | None:
    """Read what one comment says of its parent: a number, "In reply to", a quote with its author."""
    post = posts[ordinal]
    opening = [*post.head.split("\n"), *post.body.split("\n", 3)[:3]]
    for line in (each.strip()[:200] for each in opening):
        numbered = re.sub(r"^\d{1,4}[.)]\s", "", line)
        if found := _TO_NUMBER.match(numbered):
            target = _by_number(posts, int(found[1]), ordinal)
            if target is not None:
                return Thread("reply", target, (f"to-number:{found[1]}",), _NUMBERED)
        if found := _REPLY_LINE.search(line) or _QUOTE.search(line):
            key = author_key(found[1])
            earlier = [
                index for index in range(max(0, ordinal - 500), ordinal)
                if (name := people[index].name) and author_key(name) == key
            ]  # fmt: skip
            if earlier:
                quoted = found.re is _QUOTE
                evidence = f"quotes:{key}" if quoted else f"in-reply-to:{key}"
                return Thread(
                    "reply", _quoted(posts, earlier, post.body) if quoted else earlier[-1], (evidence,), _QUOTED
                )
    return None


def _by_number(posts: Sequence[Posted], number: int, ordinal: int) -> int | None:
    if posts[ordinal].number is None:
        return None
    for offset in range(max(0, number - 3), min(ordinal, number + 3)):
        if posts[offset].number == number:
            return offset
    return next((index for index in range(max(0, ordinal - 500), ordinal) if posts[index].number == number), None)


def _quoted(posts: Sequence[Posted], earlier: Sequence[int], body: str) -> int:
    """Return the latest of these comments whose first words the body repeats, else the latest."""
    for index in reversed(earlier):
        words = posts[index].body.split()[:6]
        if words and " ".join(words) in " ".join(body.split()):
            return index
    return earlier[-1]
