"""Lines below the last comment that are no part of it: forms, lists of other stories, the foot of the page.

All work on a stripped line in its plain form and lower case.
"""

from __future__ import annotations

import re

from broadsheet.parsing.heads.wording import wording

_MAX_CHARS = 110
# Notices of the publisher are longer than other lines at the foot.
_MAX_NOTICE_CHARS = 400

# A form may stand above the comments as well as below them.
FORM = re.compile(
    wording(r"""
    (?:leave|post|add|write|submit|make|share|enter) (?:a|your|an|new|another) (?:new )?(?:public )?(?:reply|comments?)
    (?:leave|post|add|write|submit|make|share|enter) (?:a|your|an) (?:response|opinion|own|thoughts?)
    add comment|post comment|reply to this post|comment on this|to comment|speak your mind|cancel reply
    (?:ال)?تعليقات مغلقه|اترك (?:تعليقا|ردا|رد|تعليق|تعليقك)|ا?ضف (?:تعليق|تعليقا|تعليقك|ردا)|اكتب تعليق
    شارك ب(?:تعليق|راي)
    """)
    + r"\b"
)
_FOOT = re.compile(
    wording(r"""
    your (?:email|e-mail) (?:address )?(?:will|is)|you (?:must|need to|have to) (?:be|log|login|sign|register)
    (?:log|sign) ?in (?:or register )?(?:to|with) (?:post|comment|leave|reply|join|facebook)|login or register
    (?:please )?(?:log|sign) ?in (?:to|or)\b|please (?:login|register|note that comments)
    (?:sorry,? )?(?:the )?comments? (?:form |to this \w{1,10} |for this \w{1,10} )?(?:are|is) (?:now |currently )?closed
    (?:the )?comments? (?:are|have been|has been|is) (?:now |currently )?(?:closed|disabled|turned off|off)\b
    comment(?:ing)? (?:has been |is (?:now )?)closed
    this (?:thread|entry|discussion|item|post|topic) (?:is|has been) (?:now )?closed
    related (?:posts?|articles?|stor(?:y|ies)|news|links?|content|items?|topics?|coverage)
    more (?:from|in|stories|news|on this|like this|articles|posts)\b|more comments
    you (?:may|might) (?:also )?(?:like|enjoy|be interested)|recommended (?:for you|stories|reading|articles)
    recent (?:posts|comments|entries|articles|stories|tweets|activity)|popular (?:posts|articles|stories|this week)
    latest (?:tweets|comments|activity|entries)|twitter updates|search for:?$|meta$|tag cloud|tags$|my blog list
    most (?:read|popular|viewed|commented|shared|emailed|recent)|trending\b
    latest (?:news|stories|posts|headlines|articles)|top stories|also (?:read|see|on)\b|read (?:next|also|more:)
    don't miss|around the web|from the web|elsewhere on
    (?:previous|next|older|newer) (?:post|article|entry|entries|posts|story|comments|page)\b
    (?:«|‹|<) ?(?:older|previous|prev)|(?:older|newer) (?:›|»)|archives?$|categories$|blogroll|tags?:|filed under
    posted in\b|about (?:us|the author|this (?:site|blog|entry))|contact(?: us)?$|home [|·] |©
    copyright (?:©|\(c\)|\d)|copyright$|\(c\) (?:19|20)\d\d|all rights reserved|(?:proudly )?powered by
    terms (?:of (?:use|service)|and conditions|& conditions)|privacy policy|cookies? (?:policy|settings)|we use cookies
    subscribe\b|advertise (?:with|in|on|here)\b
    follow (?:us|me)|share this|back to\b|return to\b|sponsored\b|advertisements?$|site ?map
    trackbacks?(?: (?:url|uri|from|pings|link).{0,80}|/pingbacks.{0,20}| \(\d+\)|:)?$|pingbacks?$|no trackbacks
    the trackback url|listed below are links to|links to this post|create a link|rss feed|notify me of
    name \(?\*?required|name ?\*$|website$|e-?mail ?\*?$|submit$|allowed html|you (?:can|may) use these|xhtml:
    verify your comment|previewing your|comment below or|be the first to|no comments(?: yet.{0,40})?$
    (?:e-?mail|print|share|report) this (?:story|page|article|post)|e-?mail to a friend|print this$
    (?:the )?views (?:and opinions )?expressed|the (?:bbc|editors?|publishers?|site) is not|guidelines\b
    use of this site|(?:view|load|show|read|see) (?:more|all|older) (?:comments|replies)|disclaimer$
    all times are|sign up\b|facebook comments plugin|page \d+ of \d+$
    الاراء (?:المنشوره|الوارده)|التعليقات (?:المنشوره|الوارده)|الرئيسيه|جميع الحقوق|كافه الحقوق|حقوق النشر
    (?:مواضيع|اخبار|مقالات) (?:ذات صله|متعلقه|مشابهه|اخرى)|اقرا (?:ايضا|المزيد)|ذات صله|قد يعجبك
    الاكثر (?:قراءه|مشاهده|تعليقا|تداولا)|المزيد من|اخر الاخبار|تابعنا|اشترك|اتصل بنا|من نحن|عرض المزيد|لن يتم نشر
    """)
)
_NOTICE = re.compile(
    wording(r"""
    (?:the )?(?:views|opinions|comments) (?:and \w{1,12} )?(?:expressed|posted|published|above|in the)\b
    the (?:bbc|editors?|publishers?|site) is not|©|copyright (?:©|\(c\)|\d)|all (?:content|material|rights)\b
    use of this site|(?:your )?(?:email|e-mail) address will|you (?:can|may) use these|xhtml
    please (?:note that|read our|keep comments)|by (?:posting|submitting)|comments are (?:moderated|subject)
    الاراء (?:المنشوره|الوارده)|التعليقات (?:المنشوره|الوارده)|جميع الحقوق
    """)
)


# What a site says of the comments above the first one: at least three of these words stand in it.
_POLICY_WORDS = """
    comments comment commenting commenters readers post posts posting posted please moderated moderate moderator
    moderators removed remove delete deleted guidelines rules policy terms registered register civil respectful
    off-topic topic offensive abusive profanity insults personal attacks responsible editors opinions views approved
    approval reserve right notice violate language account subscribers respect abuse spam flag report rules.
    التعليقات التعليق نشر القراء الاساءه حذف شروط يرجي الموقع اراء اصحابها تعبر مسؤوليه الادب قواعد المراجعه
"""
_POLICY = frozenset(_POLICY_WORDS.split())
_FEWEST_POLICY_WORDS = 4
_PERSONAL = frozenset(("i", "i'm", "i've", "my", "me", "انا"))
_POLICY_CHARS = 600


def is_policy(line: str) -> bool:
    """Tell whether a line tells readers how to comment, in no one's own name."""
    if len(line) > _POLICY_CHARS:
        return False
    if _NOTICE.match(line):
        return True
    words = [word.strip(".,;:!()\"'") for word in line.split()]
    return not _PERSONAL.intersection(words) and len(_POLICY.intersection(words)) >= _FEWEST_POLICY_WORDS


def is_foot(line: str) -> bool:
    """Tell whether a line ends a discussion when it stands below the last comment."""
    if len(line) > _MAX_CHARS:
        return len(line) <= _MAX_NOTICE_CHARS and bool(_NOTICE.match(line))
    return bool(_FOOT.match(line) or FORM.match(line))
