"""What names of classes and ids say about an element: the words that themes and platforms use for parts of a page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Literal

from lxml import etree

Role = Literal["author", "date", "body", "head", "control", "quote"]

_CAMEL = re.compile(r"([a-z])([A-Z])")
_MAX_NAME_CHARS = 200

# One comment: its word, not that of the list, the form, the counter or a link.
COMMENT = re.compile(
    r"comment(?!ary)|cmnt|\bshout|guest-?book|\bcmt|\brespon[sd]|\brepl(?:y|ies)\b|feedback|talkback|kommentar"
    r"|comentari|commentaire|discuss|disqus|\bdsq\b"
    r"|livefyre|\bfyre\b|\bidc\b|echo-item|js-single|postbit|\bthing\b|message-?board|reader-?(?:post|opinion)"
)
NOT_ONE_COMMENT = re.compile(
    r"comments\b|list\b|thread\b|area|section\b|container|wrap|respond\b|form\b|count|number|\bnum\b|link"
    r"|\badd\b|\bpost-comment\b"
    r"|leave|login|\blike\b|title|heading|header|\bmeta\b|author|\bdate\b|avatar|text\b|content\b|body\b"
    r"|\bnav|pagination|policy|notes?\b"
    r"|replies\b|responses\b|tools?\b|actions?\b|button|bubble|icon|toggle|submit|subscribe|\brss\b|feed\b|notify"
)
# A part of the page that never holds its discussion.
ELSEWHERE = re.compile(
    r"\brecent|\blatest|\bpopular|\brelated|\btrending|\bmost-|\btop-(?:stor|comment|post)|widget|sidebar"
    r"|\bside-?bar|blogroll"
    r"|\btweet|twitter|\bgallery|slideshow|carousel|\bnav\b|navigation|\bmenu|\bfooter|\bsite-foot"
    r"|\bpromo|\bteaser|headlines?\b"
    r"|search-?results?|live-?blog|calendar|\bevents?\b|archives?\b|\bbreadcrumb|\bads?\b|advert|sponsor"
    r"|\bmore-(?:stor|from|news)"
    r"|facebook|rail\b|newsletter"
)
# A list of articles: what its items are called.
ARTICLES = re.compile(
    r"\bh?-?entry\b|\bposts?\b|\barticles?\b|\bstory\b|\bstories\b|\bteaser|\bexcerpt|\bheadline"
    r"|\bproduct|\bsummary|\bitem-list\b|\bissue\b"
)
DISCUSSION = re.compile(
    r"comments?\b(?!ary)|respon[sd]|discuss|disqus|\bdsq\b|replies|feedback|talkback|kommentar|comentari"
    r"|commentaire|livefyre|echo|conversation"
)
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        "body",
        re.compile(
            r"(?:comment|cmt|cmnt|reply|post|message|msg|user|review)-?(?:body|text|txt|content|message|copy"
            r"|entry|bd|inner|description|t-inner)\b"
            r"|\bbody\b|\bcontent\b|\btext\b|\bmessage\b|\bentry(?:-content)?\b|\bmd\b|\bcooked\b|\bcommtext\b"
            r"|\bcomment-?p\b|postmessage"
            r"|\bt-f\b|\bcommenttext\b|\breview-?body\b|\bbd\b"
        ),
    ),
    (
        "control",
        re.compile(
            r"\breply\b|\breply-?(?:to|link|button)|respond|report|\bflag|abuse|\blikes?\b|dislike|\bvot(?:e|es"
            r"|ing)\b|\brat(?:e|ing|ings)\b"
            r"|karma|thumb|\bshare|\bactions?\b|controls?\b|\btools?\b|toolbar|\blinks?\b|buttons?\b|\bedit\b"
            r"|moderat|\bscore\b|\bpoints?\b"
            r"|avatar|gravatar|userpic|photo|\bbadge|\brank|\blevel\b|signature|\bcount\b|recommend|hide\b"
            r"|collapse|expand|permalink"
            r"|awaiting|\bnumber\b|\bnum\b|\bform\b|\bmenu\b|\btoggle|post-?count|user-?title|user-?info-?extra"
            r"|options\b|\bnavi?\b"
        ),
    ),
    (
        "date",
        re.compile(r"date|\btime|timestamp|timeago|posted-(?:on|at)|\bago\b|\bage\b|\bwhen\b|published|created"),
    ),
    (
        "author",
        re.compile(
            r"author|\bfn\b|user-?(?:name|link|id)?\b|\bposter\b|\bnick|screen-?name|display-?name|commenter"
            r"|commentor|(?:comment|cmt)-?(?:name|by|owner)"
            r"|\bname\b|by-?line|\bwho\b|profile-?(?:link|name)|\bcite\b|\bfrom\b|\bmember\b|\bposted-?by\b"
            r"|hnuser|\bperson\b|\bhandle\b"
        ),
    ),
    (
        "head",
        re.compile(
            r"meta\b|head(?:er|ing)?\b|\binfo\b|\bfooter\b|\bfoot\b|\bft\b|details\b|submitted|\bposted\b"
            r"|dateline|credit|attribution|tagline"
            r"|\btitle\b|\bsubject\b|\bpost-?data\b"
        ),
    ),
    ("quote", re.compile(r"\bquote|\bquoted")),
)
_PROPERTIES: dict[str, Role] = {
    "author": "author",
    "creator": "author",
    "name": "author",
    "datepublished": "date",
    "datecreated": "date",
    "commenttime": "date",
    "dateuploaded": "date",
    "text": "body",
    "commenttext": "body",
    "reviewbody": "body",
    "description": "body",
    "articlebody": "body",
    "upvotecount": "control",
    "downvotecount": "control",
}
_TAGS: dict[Any, Role] = {"time": "date", "cite": "author", "button": "control", "form": "control", "label": "control"}


@lru_cache(maxsize=8192)
def plain_name(name: str) -> str:
    """Return a class or id attribute with its words apart, in lower case: ``commentBody_12`` -> ``comment-body-12``."""
    return _CAMEL.sub(r"\1-\2", name[:_MAX_NAME_CHARS]).replace("_", "-").lower()


def name_of(element: etree._Element) -> str:
    """Return what an element is called: its class and id in plain words."""
    class_name, identifier = element.get("class"), element.get("id")
    if class_name is None:
        return "" if identifier is None else plain_name(identifier)
    return plain_name(class_name if identifier is None else f"{class_name} {identifier}")


def role_of(element: etree._Element, name: str, *, stated: bool = True) -> Role | None:
    """Return which part of a comment an element is by its name (see ``name_of``), its property or its tag.

    ``stated`` says whether the page has any properties.
    """
    tag = element.tag
    role = _role_of_name(name) if name else None
    if stated and (role is None or role == "head") and (value := element.get("itemprop")):
        role = _PROPERTIES.get(value.lower().partition(" ")[0], role)
    if role is None and tag == "a" and element.get("rel") == "author":
        return "author"
    return role or _TAGS.get(tag)


@lru_cache(maxsize=8192)
def _role_of_name(name: str) -> Role | None:
    return next((role for role, pattern in _ROLES if pattern.search(name)), None)


@lru_cache(maxsize=8192)
def says_comment(name: str) -> bool:
    """Tell whether a name has a word for comments."""
    return COMMENT.search(name) is not None


@lru_cache(maxsize=8192)
def is_seed(name: str) -> bool:
    """Tell whether a name is that of a comment, of something in one, or of an author."""
    return says_comment(name) or _role_of_name(name) == "author"


@lru_cache(maxsize=8192)
def says_elsewhere(name: str) -> bool:
    """Tell whether a name is that of a part that holds no discussion of this page."""
    return ELSEWHERE.search(name) is not None


@lru_cache(maxsize=8192)
def says_discussion(name: str) -> bool:
    """Tell whether a name is that of a whole discussion."""
    return DISCUSSION.search(name) is not None
