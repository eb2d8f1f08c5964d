"""Feeds and exports of blogs for tests, in the shapes that the programs write."""

from __future__ import annotations

WXR_HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is an export of a site. It holds <item> elements. -->
<rss version="2.0"
\txmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:wfw="http://wellformedweb.org/CommentAPI/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:wp="http://wordpress.org/export/1.2/"
>
<channel>
\t<title>Harbour Notes</title>
\t<link>https://harbour.example</link>
\t<language>en-GB</language>
\t<wp:wxr_version>1.2</wp:wxr_version>
\t<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[rima]]></wp:author_login>\
<wp:author_display_name><![CDATA[Rima Haddad]]></wp:author_display_name></wp:author>
"""
WXR_END = "</channel>\n</rss>\n"


def wxr_comment(
    number: int, author: str, body: str, *, parent: int = 0, approved: str = "1", kind: str = "comment", user: int = 0
) -> str:
    """Return one comment as WordPress writes it."""
    return f"""\t\t<wp:comment>
\t\t\t<wp:comment_id>{number}</wp:comment_id>
\t\t\t<wp:comment_author><![CDATA[{author}]]></wp:comment_author>
\t\t\t<wp:comment_author_email><![CDATA[x@example.org]]></wp:comment_author_email>
\t\t\t<wp:comment_author_url>https://{author}.example</wp:comment_author_url>
\t\t\t<wp:comment_date><![CDATA[2014-05-09 16:{number:02}:10]]></wp:comment_date>
\t\t\t<wp:comment_date_gmt><![CDATA[2014-05-09 13:{number:02}:10]]></wp:comment_date_gmt>
\t\t\t<wp:comment_content><![CDATA[{body}]]></wp:comment_content>
\t\t\t<wp:comment_approved><![CDATA[{approved}]]></wp:comment_approved>
\t\t\t<wp:comment_type><![CDATA[{kind}]]></wp:comment_type>
\t\t\t<wp:comment_parent>{parent}</wp:comment_parent>
\t\t\t<wp:comment_user_id>{user}</wp:comment_user_id>
\t\t</wp:comment>
"""


def wxr_item(number: int, title: str, body: str, *comments: str, kind: str = "post", status: str = "publish") -> str:
    """Return one post as WordPress writes it."""
    return f"""\t<item>
\t\t<title>{title}</title>
\t\t<link>https://harbour.example/{number}</link>
\t\t<pubDate>Fri, 09 May 2014 12:00:00 +0000</pubDate>
\t\t<dc:creator><![CDATA[rima]]></dc:creator>
\t\t<guid isPermaLink="false">https://harbour.example/?p={number}</guid>
\t\t<description></description>
\t\t<content:encoded><![CDATA[{body}]]></content:encoded>
\t\t<excerpt:encoded><![CDATA[]]></excerpt:encoded>
\t\t<wp:post_id>{number}</wp:post_id>
\t\t<wp:post_date><![CDATA[2014-05-09 15:00:00]]></wp:post_date>
\t\t<wp:post_date_gmt><![CDATA[2014-05-09 12:00:00]]></wp:post_date_gmt>
\t\t<wp:status><![CDATA[{status}]]></wp:status>
\t\t<wp:post_type><![CDATA[{kind}]]></wp:post_type>
\t\t<category domain="category" nicename="sea"><![CDATA[Sea]]></category>
\t\t<category domain="post_format" nicename="aside"><![CDATA[Aside]]></category>
{"".join(comments)}\t</item>
"""


def wxr(*items: str) -> bytes:
    """Return a whole export."""
    return (WXR_HEAD + "".join(items) + WXR_END).encode()


RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Coast Daily</title><link>https://coast.example</link><language>ar</language>
<atom:link href="https://coast.example/feed" rel="self"/>
<item><title>Rain &amp; wind</title><link>https://coast.example/1</link><guid>https://coast.example/?p=1</guid>
<atom:link href="https://coast.example/other"/>
<dc:creator>Samir</dc:creator><pubDate>Fri, 09 May 2014 12:00:00 +0300</pubDate><category>Weather</category>
<description>Short.</description><content:encoded><![CDATA[<p>It rained.</p><p>Then it blew.</p>]]></content:encoded>
<slash:comments>12</slash:comments></item>
<item><title>Only a summary</title><guid>https://coast.example/2</guid><description>&lt;b&gt;Bold&lt;/b&gt; words&#8230;
</description></item>
</channel></rss>
"""

ATOM = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" xml:lang="en">
<title type="text">Coast Weekly</title>
<entry><id>urn:1</id><title type="html">Nets &amp;amp; boats</title><published>2014-05-09T12:00:00Z</published>
<updated>2014-05-10T12:00:00Z</updated><author><name>Nadia</name></author><category term="sea" label="Sea"/>
<link rel="alternate" href="https://weekly.example/1"/><link rel="edit" href="https://weekly.example/edit/1"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>First.</p><p>Second &amp; last.</p></div></content>
</entry>
</feed>
"""

_KIND = "http://schemas.google.com/g/2005#kind"
_BLOG = "tag:blogger.com,1999:blog-7"


def _blogger_entry(number: int, kind: str, title: str, content: str, more: str = "") -> str:
    return f"""<entry><id>{_BLOG}.post-{number}</id><published>2014-05-09T1{number % 10}:00:00.001+03:00</published>
<category scheme='{_KIND}' term='http://schemas.google.com/blogger/2008/kind#{kind}'/><title type='text'>{title}</title>
<content type='html'>{content}</content><author><name>Author {number}</name></author>{more}</entry>
"""


def _blogger_comment(number: int, post: int, content: str, parent: int | None = None) -> str:
    related = (
        f"<link rel='related' href='https://x.example/feeds/7/{post}/comments/default/{parent}'/>" if parent else ""
    )
    answered = f"<thr:in-reply-to ref='{_BLOG}.post-{post}' href='https://x.example/{post}.html'/>"
    return _blogger_entry(number, "comment", content[:10], content, answered + related)


BLOGGER = (
    """<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom'
xmlns:thr='http://purl.org/syndication/thread/1.0' xmlns:app='http://purl.org/atom/app#'><title>Sea blog</title>
"""
    + _blogger_entry(1, "template", "Template", "...")
    + _blogger_entry(2, "post", "Squid", "Squid &lt;b&gt;are&lt;/b&gt; back.", "<category term='squid'/>")
    + _blogger_entry(3, "post", "Draft", "Later.", "<app:control><app:draft>yes</app:draft></app:control>")
    + _blogger_entry(4, "post", "Crabs", "Crabs too.")
    + _blogger_comment(11, 2, "I saw one.")
    + _blogger_comment(12, 4, "And I.")
    + _blogger_comment(13, 2, "Where?", parent=11)
    + _blogger_comment(14, 99, "On what?")
    + "</feed>"
)

DISQUS = """<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<category dsq:id="1"><forum>coast</forum><title>General</title></category>
<thread dsq:id="100"><id>coast-1</id><forum>coast</forum><category dsq:id="1"/><link>https://coast.example/1</link>
<title>Rain</title><message/><createdAt>2014-05-09T12:00:00Z</createdAt><author><name>Samir</name></author></thread>
<thread dsq:id="101"><id/><forum>coast</forum><link>https://coast.example/2</link><title>Nobody spoke</title><message/>
<createdAt>2014-05-09T12:00:00Z</createdAt></thread>
<thread dsq:id="102"><id/><forum>coast</forum><link>https://coast.example/3</link><title>Wind</title><message/></thread>
<post dsq:id="1"><id/><message><![CDATA[<p>It was <b>heavy</b>.</p>]]></message>
<createdAt>2014-05-09T13:00:00Z</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam><author><name>Ann</name><isAnonymous>false</isAnonymous>
<username>ann1</username></author><thread dsq:id="100"/></post>
<post dsq:id="2"><id/><message><![CDATA[Not here.]]></message><createdAt>2014-05-09T13:01:00Z</createdAt>
<isDeleted>false</isDeleted><isSpam>false</isSpam><author><name>Bo</name><isAnonymous>true</isAnonymous></author>
<thread dsq:id="102"/></post>
<post dsq:id="3"><id/><message><![CDATA[Very.]]></message><createdAt>2014-05-09T13:02:00Z</createdAt>
<isDeleted>false</isDeleted><isSpam>false</isSpam><author><name/><username>cy</username></author><thread dsq:id="100"/>
<parent dsq:id="1"/></post>
<post dsq:id="4"><id/><message><![CDATA[Buy!]]></message><isDeleted>false</isDeleted><isSpam>true</isSpam>
<thread dsq:id="100"/></post>
<post dsq:id="5"><id/><message><![CDATA[Gone]]></message><isDeleted>true</isDeleted><isSpam>false</isSpam>
<thread dsq:id="100"/></post>
</disqus>
"""

MOVABLE_TYPE = """AUTHOR: Rima
TITLE: The pier
BASENAME: the_pier
STATUS: Publish
DATE: 05/09/2014 04:33:00 PM
UNIQUE URL: https://pier.example/2014/the-pier.html
PRIMARY CATEGORY: Coast
CATEGORY: Coast
TAGS: "pier", sea
-----
BODY:
<p>The pier is open.</p>

<p>Come soon.</p>
-----
EXTENDED BODY:
More: there is tea.
-----
EXCERPT:

-----
COMMENT:
AUTHOR: Ann
EMAIL: ann@example.org
IP: 192.0.2.1
URL:
DATE: 05/09/2014 05:00:12 PM
Note: I came.

It was closed.
-----
PING:
TITLE: About the pier
URL: https://other.example
IP: 192.0.2.2
BLOG NAME: Other
DATE: 05/10/2014 05:00:12 PM
They wrote of it.
-----
--------
AUTHOR: Rima
TITLE: Not yet
STATUS: Draft
DATE: 05/10/2014 04:33:00 PM
-----
BODY:
...
-----
--------
AUTHOR: Rima
TITLE: Second
STATUS: Publish
DATE: 13/10/2014 04:33:00 PM
-----
BODY:
Words.
-----
--------
"""
