"""Lines of the site around an article and below its last comment: menus, buttons for sharing, other stories."""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.parsing.headline import is_byline, is_menu
from broadsheet.parsing.heads.feet import is_foot
from broadsheet.parsing.heads.vocabulary import is_buttons
from broadsheet.parsing.moments.months import plain

# A line of the foot is a label, a link or a headline, shorter than a paragraph.
_MAX_CHARS = 110
_MAX_NOTICE_CHARS = 400
_MAX_LABEL_CHARS = 30
_MAX_LABEL_WORDS = 3
_MOST_LINES = 60
_MOST_MENU_LINES = 40
# How many lines that nothing names may stand for one that something does: a heading and its list of links.
_MOST_UNNAMED = 3
_SENTENCE_ENDS = (".", "!", "?", "؟", "…", "”", "»", '"', ")", ":", ",", "،")
_TAIL_WORDS = """
    rss|main|log in|login|sign in|sign up|register|log out|logout|latest activity|recent activity|activity|previous
    next|prev|newer|older|first|last|top|top of page|back to top|weather|horoscope|crossword|classifieds|obituaries
    more from our network|from our network|our network|partners|our partners|advertise|advertise with us|careers|staff
    help|faq|feedback|badges|report an issue|terms|privacy|mobile|full site|mobile site|desktop version|help center
    newsletters|newsletter|e-edition|today's paper|follow|connect|connect with us|media kit|site index|jobs|homes|autos
"""
_TAIL = frozenset(words.strip() for line in _TAIL_WORDS.strip().splitlines() for words in line.split("|"))
_ARROWS = "«»‹›<>←→|·•-–—/ "


def is_furniture(text: str) -> bool:
    """Tell whether a line by itself is the site's: a foot, a menu, buttons, "« prev | Main | next »"."""
    lower = plain(text).lower()
    if is_foot(lower) or is_buttons(lower) or is_menu(text):
        return True
    parts = [part.strip(_ARROWS) for part in lower.split("|")]
    return any(parts) and all(part in _TAIL for part in parts if part)


def tail_begin(texts: Sequence[str]) -> int:
    """Return where the site's lines begin at the end of these visible lines, or their number.

    The tail is short lines that are no sentences; it begins at one that is named, and enough of the others are.
    """
    begin, named, unnamed = len(texts), 0, 0
    for number in range(len(texts) - 1, max(-1, len(texts) - 1 - _MOST_LINES), -1):
        text = texts[number]
        if len(text) > _MAX_NOTICE_CHARS:
            break
        if is_furniture(text):
            named += 1
            if unnamed <= _MOST_UNNAMED * named:
                begin = number
        elif len(text) > _MAX_CHARS or text.endswith(_SENTENCE_ENDS):
            break
        else:
            unnamed += 1
    return begin


def is_label(text: str) -> bool:
    """Tell whether a line is as short as a link in a menu."""
    return (
        len(text) <= _MAX_LABEL_CHARS
        and len(text.split()) <= _MAX_LABEL_WORDS
        and not text.endswith(_SENTENCE_ENDS)
        and not any(map(str.isdecimal, text))
    )


def menu_lines(lines: Sequence[str], start: int) -> list[int]:
    """Return the menu lines between a headline and its first paragraph: known ones, and labels in a run of those."""
    found: list[int] = []
    run: list[int] = []
    known: list[int] = []
    for number in range(start, min(len(lines), start + _MOST_MENU_LINES)):
        text = lines[number].strip()
        if not text:
            continue
        if is_menu(text) or is_buttons(plain(text).lower()):
            known.append(number)
        elif not is_label(text) or is_byline(text):
            found += _between_known(run, known)
            run, known = [], []
            if len(text) > _MAX_CHARS or text.endswith(_SENTENCE_ENDS):
                return found
            continue
        run.append(number)
    return []


def _between_known(run: Sequence[int], known: Sequence[int]) -> list[int]:
    """Return the lines of a run from the first menu line to the last, if at least half of them are such lines."""
    if not known:
        return []
    inside = [number for number in run if known[0] <= number <= known[-1]]
    return inside if len(known) * 2 >= len(inside) else list(known)
