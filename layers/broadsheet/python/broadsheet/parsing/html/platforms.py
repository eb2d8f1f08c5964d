"""Comment systems and themes that are known by what they call the element of one comment.

To add one, add a row: its name (the grammar in the report) and a pattern of the group's key (see ``items.groups_of``:
``tag.class``, ``tag#id-#`` or ``parent>tag``). The parts inside are found by their names for all platforms alike.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Platform(NamedTuple):
    """``marks`` are what else the class of its first comment has, where the key alone does not tell."""

    name: str
    key: re.Pattern[str]
    marks: re.Pattern[str] | None = None


def _row(name: str, key: str, marks: str | None = None) -> Platform:
    return Platform(name, re.compile(key), re.compile(marks) if marks else None)


PLATFORMS: tuple[Platform, ...] = (
    _row("microdata", r"microdata"),
    _row("disqus", r"(?:li|div)#dsq-comment-#|(?:li|div)\.(?:dsq-comment|post)#?$(?<=dsq-comment)"),
    _row("intensedebate", r"div\.idc-c|div#idcomment#|div#idc-c#"),
    _row("livefyre", r"(?:article|div)\.fyre-comment-article|div\.lf-comment"),
    _row("echo", r"div\.(?:js-singlecomment|js-commentitem|echo-item-content)"),
    _row("reddit", r"div\.comment", r"\bthing\b"),
    _row("hacker-news", r"tr\.athing|tr\.comtr"),
    _row("phpbb", r"div#p#|div\.postbody|table\.postbody"),
    _row("vbulletin", r"li\.postbit\w*|li#post_#|table#post#|div#edit#"),
    _row("discuz", r"div#post_#|table#pid#"),
    _row("discourse", r"(?:div|article)\.(?:topic-post|crawler-post)"),
    _row("blogger", r"dt\.comment-author|dd\.comment-body|li#c#|dt#c#|dl\.blogger-comment|div\.comment-block"),
    _row("typepad", r"(?:div|li)#comment-#a#|div\.comment-content-.*"),
    _row("wordpress", r"(?:li|div|article|section)#(?:div-|li-)?comment-#|li\.comment|article\.comment"),
    _row("drupal", r"(?:div|article)\.comment(?:-published|-by-.*)?|div\.comment-inner"),
    _row("naharnet", r"div\.comment-(?:box|item|row)"),
)


@lru_cache(maxsize=4096)
def platform_of(key: str, classes: str | None = None) -> Platform | None:
    """Return the platform whose comments have this key, the first of them with these classes; None for none."""
    for platform in PLATFORMS:
        if platform.key.fullmatch(key) and (platform.marks is None or (classes and platform.marks.search(classes))):
            return platform
    return None
