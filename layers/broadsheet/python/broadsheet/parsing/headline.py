"""Which line is the headline where a page begins with something else: its site's name, a menu, a date, a byline."""

from __future__ import annotations

import re
from collections.abc import Sequence

from broadsheet.parsing.heads.sections import section_of
from broadsheet.parsing.moments import find_moment
from broadsheet.parsing.moments.months import plain

# Longer first lines are headlines or paragraphs, never mastheads; every other line is looked at only after such a one.
_MAX_MASTHEAD_CHARS = 60
_MAX_HEADLINE_CHARS = 200
_ZONE = 14
_PROSE_CHARS = 160
_ARTICLE_CHARS = 6_000
_MENU_WORDS = """
    home news sport sports world business opinion politics culture lifestyle jobs what's on weather video
    photos photo menu search login log in register subscribe sign up skip to content main navigation about
    contact us archive forum forums blog blogs shop store help latest local national international tech
    technology science health arts travel food entertainment e-paper newsletter advertise rss more sections
    print email share tweet الرئيسيه الصفحه اخبار محليه عربيه دوليه رياضه اقتصاد ثقافه منوعات راي مقالات فيديو
    صور اتصل بنا بحث القائمه سياسه مجتمع صحه علوم
"""
_MENU = frozenset(_MENU_WORDS.split())
_BREADCRUMBS = re.compile(r"\S\s[>»›/]\s\S")
_BYLINE = re.compile(
    r"(?:by|posted|published|updated|written|reported|submitted|by:|بقلم|كتب|نشرت?|بواسطه)\b", re.IGNORECASE
)
_WORDS = re.compile(r"[^\W\d_]{4,}")
_QUOTE_SIGNS = re.compile('[“«"]')
_MAX_NAME_WORDS = 4
_NAMED = re.compile(r"[“\"«]([^”\"»]{8,200})[”\"»]")
_RIGHTS = re.compile(r"©|\(c\)|copyright|rights reserved|powered by|حقوق", re.IGNORECASE)
_FOOT_LINES = 12
_SENTENCE_ENDS = (".", "؟", ":", ",", ";", "…", "...")


def headline(lines: Sequence[str], first: int) -> int:
    """Return the line of the headline: the first visible one unless that is evidently none and a better one follows."""
    text = lines[first].strip()
    if len(text) > _MAX_MASTHEAD_CHARS:
        return first
    none = _is_none(text)
    if not none and len(text.split()) > _MAX_NAME_WORDS:
        return first
    candidates = _candidates(lines, first)
    article = plain("\n".join(lines[first + 1 :])[:_ARTICLE_CHARS]).lower()
    if not candidates or (not none and _supported(text, article)):
        return first
    quoted = {name.strip() for name in _NAMED.findall(article)} if _QUOTE_SIGNS.search(article) else set()
    named = next((number for number in candidates if plain(lines[number].strip()).lower() in quoted), None)
    if named is None and none:
        return max(candidates, key=lambda number: (_worth(lines[number], article), -number))
    return _after_site_name(lines, first, candidates) if named is None else named


def _after_site_name(lines: Sequence[str], first: int, candidates: Sequence[int]) -> int:
    """Return the line after a site's name, which the foot of the page repeats: ``© 2012 Riverside Blog``."""
    name = lines[first].strip()
    foot = [line for line in lines[-_FOOT_LINES:] if name in line and _RIGHTS.search(line)]
    return candidates[0] if foot and candidates[0] - first <= 4 else first


def _candidates(lines: Sequence[str], first: int) -> list[int]:
    """Return the lines that may be the headline: those between the first one and the first paragraph."""
    candidates: list[int] = []
    seen = 0
    for number in range(first + 1, len(lines)):
        text = lines[number].strip()
        if not text:
            continue
        seen += 1
        if seen > _ZONE or len(text) > _PROSE_CHARS or (len(text) > 90 and text.endswith(".")):
            break
        if 8 <= len(text) <= _MAX_HEADLINE_CHARS and not _is_none(text) and not text.endswith(_SENTENCE_ENDS):
            candidates.append(number)
    return candidates


def _is_none(text: str) -> bool:
    """Tell whether a line is certainly no headline: a menu, a path, a date, a byline, a counter."""
    lower = plain(text).lower()
    words = lower.replace("|", " ").replace("·", " ").split()
    menu = sum(word.strip("،,.:") in _MENU for word in words)
    if not words or menu * 3 >= len(words) * 2 or _BREADCRUMBS.search(text) or _BYLINE.match(lower):
        return True
    if len(text) <= 100 and (section_of(0, lower) is not None or _mostly_date(text)):
        return True
    return not any(map(str.isalpha, lower))


def _mostly_date(text: str) -> bool:
    moment = find_moment(text)
    return moment is not None and (moment.end - moment.start) * 2 >= len(text)


def _supported(text: str, article: str) -> int:
    """Count the longer words of a line that the text below it has too."""
    body = article.partition(plain(text).lower())[2] or article
    return sum(word in body for word in set(_WORDS.findall(plain(text).lower())))


def _worth(line: str, article: str) -> float:
    text = line.strip()
    words = len(text.split())
    supported = _supported(text, article)
    size = 1.0 if 4 <= words <= 18 else 0.4 if words == 3 else 0.0
    return size + 0.5 * min(4, supported) - (0.5 if text.isupper() and words <= 3 else 0.0)
