"""The name in a comment's head, and what a head is made of beside it: "says", "by", controls, the date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from broadsheet.parsing.html.dates import CLOCK, DATE, find_date, has_number, spelt

MAX_NAME_CHARS = 80
MAX_NAME_WORDS = 7
_MAX_CONTROL_CHARS = 120
_WORD = re.compile(r"\w")
# Lines and links that do something instead of saying it.
_CONTROL = re.compile(
    r"\W*(?:reply(?: to (?:this|.{1,40}))?|respond|report(?: abuse| (?:this )?comment| this| as .{1,20})?"
    r"|flag(?: .{1,30})?|like|unlike|dislike|share"
    r"|tweet|permalink|perma-?link|link(?: to this)?|quote|edit|delete|hide|show|more|collapse|expand"
    r"|parent|up|down|top|vote(?: up| down)?"
    r"|recommend(?:ed)?|log ?in(?: or register)? to (?:reply|post comments?)|click here to reply|avatar"
    r"|gravatar|offline|online|thumbs? (?:up|down)"
    r"|(?:your )?comment is awaiting moderation\.?|awaiting moderation|read more|view (?:all|more"
    r"|profile).{0,30}|add (?:a )?(?:reply|comment)"
    r"|[+\-−]?\d{1,6}(?: (?:likes?|votes?|points?|people like this|recommendations?|replies|reply))?|#\d+"
    r"|\[?[+\-–]\]?|was this comment helpful\??"
    r"|like this comment|complain about this .{1,20}|inappropriate|in reply to .{1,60}|رد"
    r"|إبلاغ)(?:\W{1,5}(?:reply|report|flag|like|dislike|share|link|quote|\d{1,6}))*\W*",
    re.IGNORECASE,
)
_SAYING = spelt(
    "says|said|wrote|writes|replied|responded|commented|comments|adds|asks|thinks"
    "|sagt|sagte|schrieb|schreibt|meint|a dit|a écrit|dit|dice|dijo|escribió|ha scritto|ha detto|scrive|disse|diz"
    "|escreveu|schreef|zegt|zei|skrev|skriver|säger|sier|siger|kirjoitti|pisze|napisał|napisała|mówi|говорит|пишет"
    "|dedi ki|diyor ki|يقول|تقول|قال|قالت"
)
_SAYS = re.compile(rf"\b{_SAYING}\b\s{{0,2}}(?:(?i:on|at|am|le|el|il|om|em|that|to|في)\b|[:,…]|\.\.\.|\.|$)")
_BY = re.compile(
    rf"(?:{spelt('posted|post|commented|comment|submitted|written|left|reply|review|response')}\s){{0,2}}"
    rf"{spelt('by|from|بواسطة|كتبه|كتبها')}\b\s?:?\s*(.{{1,80}})"
    r"|^(?:(?i:(?:publicado|escrito|enviado|geschrieben|verfasst|publié"
    r"|rédigé|écrit|scritto|inviato|postado)\s(?:por|von|par|da))|كتب|كتبت|قال|قالت)\s+:?\s*(.{1,80})"
    r"|^(?i:name|author|nickname|nom|nombre|autor|nome|naam|الاسم|اسم المعلق)\s?:\s*(.{1,80})"
)
_BEFORE_DATE = re.compile(r"[\s,]{0,3}\b(?:on|at|am|le|el|il|om|em|den|في)\s{0,3}$", re.IGNORECASE)
_ANSWERS = re.compile(
    rf"\b{spelt('repl|respond|report|flag|quote|complain|abuse|inappropriate|answer')}"
    rf"|{spelt('antwort|répond|respond|رد|إبلاغ')}"
)
_AROUND_DATE = re.compile(
    r"(?:\b(?:on|at|am|le|el|il|om|em|den|في)\s{0,3})?\x00(?:[\s,]{0,5}(?:\d{2,4}|at|on|am|pm|a\.m\.|p\.m\.)\b){0,4}",
    re.IGNORECASE,
)
# What is left of a date, and no name.
_OF_DATE = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)day|(?:mon|tues?|wed|thurs?|thu|fri|sat)\.?"
    r"|[ecmp][sd]t|gmt|utc|bst|cest|cet",
    re.IGNORECASE,
)
# "Well said." is what a comment says, not who says it.
_NOBODY = frozenset(("well", "enough", "nuff", "'nuff", "as", "that"))
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_BARE_BY = re.compile(
    r"(?:(?:post(?:ed)?|comment(?:ed)?|submitted|written|left|reply|review)\s?)*(?:by|from|on|at|in|the)?\s?:?\s?",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"\s*(?:#?\d{1,5}[.):]?\s+|#\d{1,5}\b|\d{1,5}[.)]\s*|\[[+\-–−]\]\s*|[•*·|\-–—>»+]+\s*)")
# Each step takes one mark and perhaps a word after it.
_AFTER_NAME = re.compile(
    r"(?:(?:[\s,:;…|•·\-–—(]|\.{2,3})(?:(?:says|said|wrote|writes|on|at|posted|commented|replied"
    r"|responded|permalink|reply|in|the|sagt|sagte|schrieb|meint|a dit|dit|a écrit|dice|dijo|scrive|disse"
    r"|diz|schreef|zegt|skrev|pisze|يقول|تقول|قال"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?)\b\.?)?)*$",
    re.IGNORECASE,
)


def said_in(head: str) -> re.Match[str] | None:
    """Find "says", in one of many languages, behind a name at the beginning of a text."""
    return _said(head[:_MAX_SAID])


# A name, the longest word for "says", and what must follow it.
_MAX_SAID = MAX_NAME_CHARS + 25


@lru_cache(maxsize=1024)
def _said(head: str) -> re.Match[str] | None:
    found = _SAYS.search(head)
    if found is None or not 0 < found.start() <= MAX_NAME_CHARS:
        return None
    return None if head[: found.start()].strip().lower() in _NOBODY else found


def is_control(text: str) -> bool:
    """Tell whether a text does something instead of saying it: "Reply", "Report abuse", "12 likes"."""
    return (
        len(text) <= _MAX_CONTROL_CHARS
        and _CONTROL.fullmatch(text) is not None
        and not CLOCK.search(text)
        and not find_date(text)
    )


def answers(text: str) -> bool:
    """Tell whether a control is one that only comments have: one that answers or reports them."""
    return _ANSWERS.search(text) is not None


def joined(texts: Iterable[str]) -> str:
    """Join pieces of a head; words of different elements are kept apart, but for the "th" of "9th"."""
    whole = ""
    for text in texts:
        if (
            whole
            and text
            and (whole[-1].isalnum() or whole[-1] in ".)")
            and text[0].isalnum()
            and not _ORDINAL.match(text)
        ):
            whole += " "
        whole += text
    return " ".join(whole.split())


def name_in_head(head: str, *, says_only: bool = False) -> str | None:
    """Return the name in the text of a head: before "says", after "by", or (unless ``says_only``) beside the date."""
    if found := said_in(head):
        # "At 9:02 AM, May 9, 2014, Ann said": what is nearest to the word.
        before = [piece for piece in _AROUND_DATE.split(_undated(head[: found.start()])) if _WORD.search(piece)]
        if before and (name := clean_name(before[-1])):
            return name
    bare = _undated(head)
    pieces = [piece for piece in _AROUND_DATE.split(bare) if _WORD.search(piece)]
    for piece in pieces:
        if found := _BY.search(piece):
            return clean_name(found[1] or found[2] or found[3])
    if says_only:
        return None
    return next((name for piece in pieces if (name := clean_name(piece))), None)


def _undated(text: str) -> str:
    """Return a text with a mark in the place of each date, and without clock times."""
    if not has_number(text):
        return text
    return _marked(text) if len(text) <= _REMEMBERED else _mark(text)


def _mark(text: str) -> str:
    return CLOCK.sub(" ", DATE.sub("\x00", text))


# A head is asked for a name in several ways.
_REMEMBERED = 150
_marked = lru_cache(maxsize=1024)(_mark)


def words_after_name(text: str) -> int:
    """Count the words of what follows a name, without the date, "says" and the like."""
    text = DATE.sub("", text)
    return len(_AFTER_NAME.sub("", text[:300]).split()) + len(text[300:].split())


def clean_name(text: str) -> str | None:
    """Return a name without numbering, "by", "says" and marks around it; None for what is none.

    >>> clean_name("3. Ahmad says:")
    'Ahmad'
    """
    return _cleaned(text[:300])


@lru_cache(maxsize=2048)
def _cleaned(text: str) -> str | None:
    text = " ".join(text.split())
    if found := find_date(text):
        text = _BEFORE_DATE.sub("", text[: found.start()])
    for _ in range(2):
        if found := _NUMBERING.match(text):
            text = text[found.end() :]
        if found := _BY.match(text):
            text = found[1] or found[2] or found[3]
    if _BARE_BY.fullmatch(text):
        return None
    text = _AFTER_NAME.sub("", text).strip(' \t,:;|•·-–—"“”')
    if text.endswith(")") and "(" not in text:
        text = text[:-1].rstrip()
    if not any(map(str.isalpha, CLOCK.sub("", text) if has_number(text) else text)) and not text.isdecimal():
        return None
    if not 0 < len(text) <= MAX_NAME_CHARS or len(text.split()) > MAX_NAME_WORDS or not _WORD.search(text):
        return None
    return None if _CONTROL.fullmatch(text) or _OF_DATE.fullmatch(text) or _BARE_BY.fullmatch(text) else text
