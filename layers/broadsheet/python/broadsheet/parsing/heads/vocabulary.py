"""Words around names and dates in the heads of comments, and words of buttons, in English and Arabic (plain form).

Sources: the default templates of WordPress, Blogger, Drupal, Movable Type, Disqus, phpBB, vBulletin, Reddit and Hacker
News, and what readers of English and Arabic news sites see around their comments.
"""

from __future__ import annotations

import re

# A verb of these after (or, in Arabic, before) a name makes a line the head of a comment: "Ahmad says:".
_SAYING = """
    says said say writes wrote replied replies responded responds commented comments answered answers added
    adds stated يقول قال كتب تقول قالت كتبت علق علقت رد ردت اضاف يكتب
"""
SAYING = frozenset(_SAYING.split())
# Words before a name: "Posted by", "Comment from"; and between a name and a date.
_LABELS = """
    posted submitted written comment commented reply replied response left added sent published by from author
    name user username guest date time on at in @ via is message re originally نشر نشرت ارسل ارسلت بواسطه تعليق
    التعليق من قبل في بتاريخ بقلم الاسم يوم اضيف اضافه مشاركه الكاتب منذ عضو
"""
LABELS = frozenset(_LABELS.split())
# A label of these is as good as a verb.
_STRONG_LABELS = """
    posted submitted comment commented reply written نشر ارسل بواسطه تعليق
"""
STRONG_LABELS = frozenset(_STRONG_LABELS.split())
# Buttons, counters and states around a comment; a line of nothing else is no text of anybody.
_BUTTONS = """
    reply replies report abuse flag share like likes liked dislike dislikes unlike link permalink permanent
    quote edit edited delete recommend recommended recommends recommendation up down vote votes voted thumbs
    rate rating ratings click best worst newest oldest rated good bad poor helpful inappropriate spam mark as
    to this comment comments hide show more less parent root prev next child children points point context
    save embed give award gold collapse expand view see read top log in login sign register offline online
    ignore profile send pm private message contact follow unfollow following followers favorite favourite
    suggest removal violation complain
    avatar gravatar photo picture image icon user member guest anonymous's respond · • | - – — # + ▲ ▼ △ ▽ ⚑ ↑
    ↓ ← → ↩ ∞ » « › ‹ / ( ) [ ] : , . ✓ ★ ☆ × x − twitter facebook email e-mail tweet or a the of was رد ردود
    الرد ابلاغ بلغ عن تبليغ اساءه مخالفه اعجبني اعجاب لا يعجبني مشاركه شارك اقتباس رابط ثابت موافق غير حذف
    تعديل ابلغ تعليق مسيء اضف التعليق
"""
BUTTONS = frozenset(_BUTTONS.split())
# One of these at least makes a line of BUTTONS one: "to the more" is none.
_BUTTON_HEARTS = """
    reply report flag share like likes dislike link permalink quote edit delete recommend vote votes up down
    thumbs permanent parent context respond log login sign avatar gravatar hide collapse ▲ ▼ ↩ ⚑ ∞ # spam
    removal violation complain
    inappropriate abuse profile offline online click rate rating رد الرد ابلاغ بلغ تبليغ اعجبني شارك اقتباس رابط ابلغ
"""
BUTTON_HEARTS = frozenset(_BUTTON_HEARTS.split())
_ASKED = re.compile(
    r"was this (?:comment|review|post|answer) (?:helpful|useful)\s?\??(?:\s?[/|]?\s?(?:yes|no|\d{1,5})){0,4}"
)
_SPLIT = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)?|\d+|[^\w\s]")
# What follows a name or opens a body without being text of its author.
DETAILS = re.compile(
    r"(?:join(?:ed)?(?: date)?|member since|registered|posts?|location|from|total posts|reputation|rank|karma|threads?"
    r"|thanks|likes?|liked|points|level|user id|status|gender|age|country|city|occupation|my mood|rep power"
    r"|تاريخ التسجيل|المشاركات|الدوله|البلد|المدينه|عدد المشاركات)\s?:\s?\S.{0,60}"
    r"|\d{1,3}(?:,?\d{3})?\s(?:posts|reviews|fans|friends|followers|karma|messages|مشاركه)",
)
MAX_BUTTON_CHARS = 80
_MAX_BUTTON_WORDS = 14


def is_buttons(line: str) -> bool:
    """Tell whether a line (plain, lower case) has nothing but buttons and counters: ``Reply · Report abuse · 12``."""
    if len(line) > MAX_BUTTON_CHARS:
        return False
    if _ASKED.fullmatch(line):
        return True
    found = False
    for count, match in enumerate(_SPLIT.finditer(line), 1):
        word = match[0]
        if word in BUTTON_HEARTS:
            found = True
        elif not (word in BUTTONS or word.isdecimal()):
            return False  # nearly always at the first word
        if count > _MAX_BUTTON_WORDS:
            return False
    return found


def is_number(line: str) -> bool:
    """Tell whether a line is a bare counter: ``12``, ``+3``, ``12 13``, ``(4)``, ``0 up, 1 down`` is none."""
    return len(line) <= 12 and any(map(str.isdecimal, line)) and not any(map(str.isalpha, line)) and ":" not in line


_LETTERS = re.compile(r"[^\W\d_]+")


def words_of(text: str) -> list[str]:
    """Return the runs of letters of a short text."""
    return _LETTERS.findall(text)
