"""Lines that open a discussion: counters in all wordings, section heads, forms.

All work on a stripped line in its plain form and lower case.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from broadsheet.parsing.heads.feet import FORM
from broadsheet.parsing.heads.wording import wording

MAX_CHARS = 250
_MAX_FORM_CHARS = 110
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: number for number, word in enumerate(_WORDS, 1)} | {"no": 0}
_N = rf"(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}|{'|'.join(_WORDS)}|no)"
_WHOSE = r"(?:reader(?:s'?|'s)? |user |public |blog |approved |total |new )?"
_WHAT = (
    _WHOSE + r"(?:comments?(?:\(s\))?|responses?|replies|reply|thoughts?|posts? in this discussion|reactions?|opinions?"
    r"|messages?|talkbacks?)"
)
_ABOUT = r"(?:to|on|for|so far|in this|about|yet|posted|below|received|have|has|were)\b.{0,200}"
# Each with an example of what it is for.
_COUNTERS = tuple(
    re.compile(pattern.replace(" ", r"\s"))
    for pattern in (
        # 12 Comments; 3 thoughts on “…”; 10 responses to …; 12 Comments | Leave a comment
        (
            rf"[({{\[•*\-]? ?{_N} {_WHAT} ?[)\]]?(?: ?[:.»↓]| {_ABOUT}| ?[|/·•,»\-–(].{{0,60}}"
            r"| (?:add|leave|post|write)\b.{0,40}| ?and \d+ \w{1,20}.{0,60})?"
        ),
        # Comments (12); Comments: 12; Comments on this story (3)
        (
            r"(?:the |all |view |view all |total |reader(?:s'?|'s)? |user |latest |your |recent |join the )?"
            r"(?:comments?|responses?|replies|discussion|feedback|conversation|talkbacks?)(?: (?:on|to|for) .{1,60}?)?"
            r" ?[:\-–(\[|]{0,2} ?(?P<n>\d{1,6}) ?(?:[)\]]|total)?(?: ?[|/·•,»\-–].{0,60})?"
        ),
        # There are 4 comments on this article
        rf"there (?:is|are|have been) (?:currently |now |already )?{_N} {_WHAT}\b.{{0,120}}",
        # Showing 10 of 12 comments; Displaying 1 - 10 of 23 comments
        (
            r"(?:showing|displaying|viewing|view|read|see) (?:all )?(?:\d{1,6} ?(?:-|to|through) ?)?(?:\d{1,6} )?"
            rf"(?:of )?(?:the |all )?(?P<n>\d{{1,6}}) {_WHAT}.{{0,40}}"
        ),
        # Join the discussion: 4 comments
        rf"(?:this (?:entry|post|article|story) has|join the discussion:?|discuss(?:ion)?:?) {_N} {_WHAT}\b.{{0,60}}",
        # التعليقات (٢); عدد التعليقات: 3
        (
            r"(?:عدد )?(?:ال)?(?:تعليقات|ردود|اراء|مشاركات|تعليق)(?: (?:القراء|الزوار|علي .{1,60}?))? ?[:(\[]?"
            r" ?(?P<n>\d{1,6}) ?[)\]]?"
        ),
        # 3 تعليقات; 5 تعليقات علي “…”
        (
            r"[(\[]? ?(?P<n>\d{1,6}) ?[)\]]? (?:من )?(?:تعليقات|تعليقا|تعليق|ردود|ردا|رد|اراء|راي|مشاركات)"
            r"(?: ?[:.]| (?:علي|حول|في|الي).{1,200})?"
        ),
    )
)
_DIGIT = re.compile(r"\d")
# Those that take a number in words; the others need not be tried on a line without a digit.
_SPELLED = tuple(pattern for pattern in _COUNTERS if _WORDS[0] in pattern.pattern)
_ARABIC_COUNTS = {
    "تعليق واحد": 1, "تعليقان": 2, "تعليقين": 2, "رد واحد": 1, "ردان": 2, "رايان": 2,
    "لا يوجد تعليقات": 0, "لا توجد تعليقات": 0,
}  # fmt: skip
_HEADS = re.compile(
    wording(
        r"(?:the |all |view |post a )?(?:(?:reader(?:s'?|'s)?|user|users'|visitor|your|latest|recent|public|facebook"
        r"|blog|site|most recent|newest|story|article|member) )?(?:comments?|responses|replies|discussion|feedback"
        r"|talkbacks?|reactions|reader views)(?: (?:from|by|of) (?:our )?(?:readers|users|visitors|members))?"
        r"(?: (?:on|to|about|for) (?:this )?.{1,150})? ?[:.»↓]?(?: ?\(?(?:rss|feed|newest first|oldest first)\)?)?"
    )
    + "|"
    + wording(r"""
    have your say.{0,40}|what do you think\??|join the (?:discussion|conversation|debate).{0,40}
    (?:your|readers'|reader) (?:views|thoughts|opinions|letters)|discuss(?:ion)? (?:this|about) .{0,60}
    what (?:readers|people|others) (?:are|have) (?:saying|said).{0,30}|talk ?back|speak your mind|soundoff
    sound off.{0,30}|you can follow .{0,120}|(?:rss|atom) feed for comments.{0,60}|subscribe to comments.{0,40}
    (?:the )?comments (?:below )?(?:have|are) (?:not )?(?:been )?moderated.{0,60}
    comments? (?:rss|feed|policy|\[.{0,20}\]).{0,40}|sort (?:comments )?by.{0,60}|comments closed
    (?:ال)?تعليقات(?: (?:القراء|الزوار|المشاهدين|حول .{1,100}|علي .{1,100}))? ?:?|(?:اراء|ردود) القراء ?:?
    تعليقاتكم ?:?|شارك برايك|ما رايك\؟?
    """)
)
# What such a line can begin with: few lines go on to the patterns.
_STARTS = re.compile(
    r"[\d([{•*\-]|comment|response|repl|discuss|feedback|thought|there|show|display|view|read|see|this|join|so|no|one"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|the|all|total|user|latest|you|rss|atom|subscribe"
    r"|recent|have|what|talk|sound|speak|sort|react|public|facebook|blog|site|most|new|story|article|member|visitor"
    r"|post|leave|add|write|submit|make|share|enter|conversation|[^\x00-\x7f]"
)
# How sure each kind of line opens a discussion.
_COUNTED, _NAMED, _ASKED = 1.0, 0.8, 0.4


class Section(NamedTuple):
    """A line that may open the discussion; ``declared`` is the number of comments it states."""

    unit: int
    strength: float
    declared: int | None


def section_of(unit: int, line: str) -> Section | None:
    """Read a line that opens a discussion."""
    if len(line) > MAX_CHARS or not _STARTS.match(line):
        return None
    for pattern in _COUNTERS if _DIGIT.search(line) else _SPELLED:
        if found := pattern.fullmatch(line):
            written = found["n"].replace(",", "")
            known = _NUMBERS.get(written)
            return Section(unit, _COUNTED, int(written) if known is None else known)
    counted = None
    if not line.isascii():
        counted = next((count for words, count in _ARABIC_COUNTS.items() if line.startswith(words)), None)
    if counted is not None:
        return Section(unit, _COUNTED, counted)
    if _HEADS.fullmatch(line):
        return Section(unit, _NAMED, None)
    return Section(unit, _ASKED, None) if len(line) <= _MAX_FORM_CHARS and FORM.match(line) else None
