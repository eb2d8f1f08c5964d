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
_MOST_LINES = 200
_MENU_WORDS = """
    home news sport sports world business opinion politics culture lifestyle jobs what's on weather video
    photos photo menu search login log in register subscribe sign up skip to content main navigation about
    contact us archive forum forums blog blogs shop store help latest local national international tech
    technology science health arts travel food entertainment e-paper newsletter advertise rss more sections
    print email share tweet obituaries classifieds horoscope crossword podcasts podcast events calendar letters
    editorial editorials columns columnists galleries gallery multimedia comment comments facebook twitter google+
    linkedin pinterest reddit digg stumbleupon e-mail pdf font a+ a- rss feed feeds archives links topics tags back
    main menu donate careers faq staff all previous next prev activity recommend بلوجز ارشيف طباعه ارسال شارك
    مشاركه انشر الرئيسيه الصفحه اخبار محليه عربيه دوليه رياضه اقتصاد ثقافه منوعات راي مقالات فيديو
    صور اتصل بنا بحث القائمه سياسه مجتمع صحه علوم
"""
_MENU = frozenset(_MENU_WORDS.split())
_MENU_JOINTS = frozenset(("a", "the", "on", "to", "this", "of", "by", "via", "in", "for", "و", "في", "علي"))
_MENU_SIGNS = "|·•,،.:>»«<-–—/()[]"
_MAX_MENU_WORDS = 24
_BREADCRUMBS = re.compile(r"\S\s[>»›/]\s\S")
_BYLINE = re.compile(
    r"(?:by|posted|published|updated|written|reported|submitted|by:|بقلم|كتب|نشرت?|بواسطه)\b", re.IGNORECASE
)
# What newspapers, blogs and forums are called.
_PUBLICATION = re.compile(
    r"\b(?:herald|times|gazette|journal|tribune|chronicle|courier|observer|blog|weblog|forums?|daily|weekly|magazine"
    r"|news|online|examiner|dispatch|sentinel|telegraph|mirror|bulletin|register|star|post)$|\.(?:com|org|net|info)$"
    r"|^(?:the daily|جريده|صحيفه|مدونه|منتدي|منتديات|موقع|شبكه|وكاله|مجله)\s"
)
_PAGE_TITLE_SIGNS = (" - ", " | ", " – ", " — ", " « ", " » ", " :: ", ": ", " • ")
_WORDS = re.compile(r"[^\W\d_]{4,}")
_QUOTE_SIGNS = re.compile('[“«"]')
_MAX_NAME_WORDS = 4
_MAX_TAGLINE_WORDS = 7
_COMMON_WORDS = """
    about after again also been before being from have into more most much only other over some such than that their
    them then there these they this those very were what when where which will with would your
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_NAMED = re.compile(r"[“\"«]([^”\"»]{8,200})[”\"»]")
_RIGHTS = re.compile(r"©|\(c\)|copyright|rights reserved|powered by|حقوق", re.IGNORECASE)
_FOOT_LINES = 12
_SENTENCE_ENDS = (".", "؟", ":", ",", ";", "…", "...")


def is_menu(text: str) -> bool:
    """Tell whether a line has only words of a site's navigation or of its buttons for sharing."""
    known = joints = 0
    for written in plain(text).lower().split():
        word = written.strip(_MENU_SIGNS)
        if word in _MENU:
            known += 1
        elif word in _MENU_JOINTS:
            joints += 1
        elif word:
            return False  # nearly always at the first word
    return known > 0 and known + joints <= _MAX_MENU_WORDS


def is_byline(text: str) -> bool:
    """Tell whether a line says who wrote an article, or when it was published."""
    return bool(_BYLINE.match(plain(text).lower())) or (len(text) <= 100 and _mostly_date(text))


def headline(lines: Sequence[str], first: int) -> int:
    """Return the line of the headline: the first visible one unless a better one follows what is evidently none."""
    text = lines[first].strip()
    none = len(text) <= _MAX_HEADLINE_CHARS and _is_none(text)
    long = not none and (len(text) > _MAX_MASTHEAD_CHARS or len(text.split()) > _MAX_TAGLINE_WORDS)
    if long and not any(sign in text for sign in _PAGE_TITLE_SIGNS):
        return first
    candidates = _candidates(lines, first)
    whole = next((number for number in candidates if _is_page_title(text, lines[number].strip())), first)
    if whole != first or long:
        return whole
    article = plain("\n".join(lines[first + 1 :])[:_ARTICLE_CHARS]).lower()
    quoted = {name.strip() for name in _NAMED.findall(article)} if _QUOTE_SIGNS.search(article) else set()
    if not candidates or (not none and plain(text).lower() in quoted):
        return first
    named = next((number for number in candidates if plain(lines[number].strip()).lower() in quoted), None)
    if named is not None and (none or len(text.split()) <= _MAX_NAME_WORDS):
        return named
    if none:
        return max(candidates, key=lambda number: (_worth(lines, number, article), -number))
    behind = range(candidates[-1] + 1, min(len(lines), _MOST_LINES))
    if (counter := next((number for number in behind if _is_counter(lines[number].strip())), None)) is not None:
        article = plain("\n".join(lines[first + 1 : counter])[:_ARTICLE_CHARS]).lower()
    return _after_masthead(lines, first, candidates, article)


def _after_masthead(lines: Sequence[str], first: int, candidates: Sequence[int], article: str) -> int:
    """Return the candidate that the page proves to be the headline below a site's name, else the first line.

    Proofs: the article speaks of it and not of the first line; it stands where the text begins; a menu or a date is
    between. A headline with its standfirst lacks the last, so the first line then must share nothing with the text.
    """
    short = len(lines[first].split()) <= _MAX_NAME_WORDS
    if short and (named := _after_site_name(lines, first, candidates)) != first:
        return named
    following = _next_visible(lines, first)
    if following is not None and _BYLINE.match(plain(lines[following].strip()).lower()):
        return first
    best = max(candidates, key=lambda number: (_worth(lines, number, article), -number))
    own, other = _content(lines[first], article), _content(lines[best], article)
    words = len(lines[best].split())
    # Several headlines with their texts are a list of stories under its own heading.
    if words < 3 or not _begins_text(lines, best) or _is_list(lines, candidates):
        return first
    set_off = any(_is_none(lines[number].strip()) for number in range(first + 1, best) if lines[number].strip())
    if set_off:
        return best if short and (own == 0 or (other >= 2 and other > own)) else first
    if short and _PUBLICATION.search(plain(lines[first]).lower()):
        return best if other >= 2 else first
    return best if other >= 3 and own == 0 else first


def _is_page_title(text: str, headline: str) -> bool:
    """Tell whether a line is the headline with the site's name: ``Council moves the market | Bay Courier``."""
    if len(headline) >= len(text):
        return False
    begins, ends = text.startswith(headline), text.endswith(headline)
    return (begins and text[len(headline) :].startswith(_PAGE_TITLE_SIGNS)) or (
        ends and text[: -len(headline)].endswith(_PAGE_TITLE_SIGNS)
    )


def _is_list(lines: Sequence[str], candidates: Sequence[int]) -> bool:
    """Tell whether several candidates have a byline or a date each, but for a motto's date and a title's byline."""
    begun = [number for number in candidates if _begins_dated(lines, number)]
    if len(begun) < 2:
        return False
    between = [text for number in range(begun[0] + 1, begun[-1]) if (text := lines[number].strip())]
    return len(begun) > 2 or len(between) > 1 or _begins_byline(lines, begun[0]) or not _begins_byline(lines, begun[1])


def _begins_byline(lines: Sequence[str], number: int) -> bool:
    later = _next_visible(lines, number)
    return later is not None and bool(_BYLINE.match(plain(lines[later].strip()).lower()))


def _next_visible(lines: Sequence[str], number: int) -> int | None:
    return next((later for later in range(number + 1, len(lines)) if lines[later].strip()), None)


def _begins_text(lines: Sequence[str], number: int) -> bool:
    """Tell whether a byline, a date or a paragraph is next, as it is below a headline."""
    later = _next_visible(lines, number)
    if later is None:
        return False
    text = lines[later].strip()
    if len(text) > _MAX_HEADLINE_CHARS or text.endswith(_SENTENCE_ENDS):
        return True
    return _begins_dated(lines, number)


def _begins_dated(lines: Sequence[str], number: int) -> bool:
    """Tell whether a byline or a date is next."""
    later = _next_visible(lines, number)
    if later is None:
        return False
    text = lines[later].strip()
    return bool(_BYLINE.match(plain(text).lower())) or (len(text) <= 100 and _mostly_date(text))


def _content(line: str, article: str) -> int:
    """Count the words of a line, but for the commonest, that the text below it has too."""
    body = article.partition(plain(line.strip()).lower())[2] or article
    return sum(word in body for word in set(_WORDS.findall(plain(line).lower())) - _COMMON)


def _after_site_name(lines: Sequence[str], first: int, candidates: Sequence[int]) -> int:
    """Return the line after a site's name, which the foot of the page repeats: ``© 2012 Riverside Blog``."""
    name = lines[first].strip()
    foot = [line for line in lines[-_FOOT_LINES:] if name in line and _RIGHTS.search(line)]
    return candidates[0] if foot and candidates[0] - first <= 4 else first


def _candidates(lines: Sequence[str], first: int) -> list[int]:
    """Return the lines that may be the headline: those between the first one and the first paragraph."""
    candidates: list[int] = []
    seen = 0
    for number in range(first + 1, min(len(lines), first + _MOST_LINES)):
        text = lines[number].strip()
        if not text:
            continue
        none = len(text) <= _MAX_HEADLINE_CHARS and _is_none(text)
        seen += not none
        if seen > _ZONE or len(text) > _PROSE_CHARS or (len(text) > 90 and text.endswith(".")):
            break
        if _is_counter(text):
            break  # what follows is the discussion
        if 8 <= len(text) <= _MAX_HEADLINE_CHARS and not none and not text.endswith(_SENTENCE_ENDS):
            candidates.append(number)
    return candidates


def _is_counter(text: str) -> bool:
    section = section_of(0, plain(text).lower()) if len(text) <= _MAX_MASTHEAD_CHARS else None
    return section is not None and section.declared is not None


def _is_none(text: str) -> bool:
    """Tell whether a line is certainly no headline: a menu, a path, a date, a byline, a counter."""
    lower = plain(text).lower()
    words = lower.replace("|", " ").replace("·", " ").split()
    menu = sum(word.strip("،,.:") in _MENU for word in words)
    if text[:1] in "«‹" and text[-1:] in "»›":
        return True
    if not words or menu * 3 >= len(words) * 2 or _BREADCRUMBS.search(text) or _BYLINE.match(lower):
        return True
    if len(text) <= 100 and (section_of(0, lower) is not None or _is_dated(text)):
        return True
    return not any(map(str.isalpha, lower))


def _is_dated(text: str) -> bool:
    """Tell whether a line is mostly a date, or ends in one with its clock time as heads of comments do."""
    moment = find_moment(text)
    if moment is None:
        return False
    return (moment.end - moment.start) * 2 >= len(text) or (moment.hour is not None and moment.day is not None)


def _mostly_date(text: str) -> bool:
    moment = find_moment(text)
    return moment is not None and (moment.end - moment.start) * 2 >= len(text)


def _worth(lines: Sequence[str], number: int, article: str) -> float:
    text = lines[number].strip()
    words = len(text.split())
    size = 1.0 if 4 <= words <= 18 else 0.4 if words == 3 else 0.0
    # Below a site's motto a date comes next, below a headline mostly the text.
    dated = _begins_dated(lines, number) and not _begins_byline(lines, number)
    place = 0.0 if not _begins_text(lines, number) else 0.3 if dated else 0.6
    return size + place + 0.5 * min(4, _content(text, article)) - (0.5 if text.isupper() and words <= 3 else 0.0)
