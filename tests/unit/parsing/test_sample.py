"""The sample page, exactly."""

from __future__ import annotations

from collections import Counter

import pytest

from broadsheet.model import ArticleRecord, Dated, Furniture
from broadsheet.text import clean, words
from tests.samples import HOMS
from tests.unit.parsing.pages import held_words, parse


@pytest.fixture(scope="module")
def record() -> ArticleRecord:
    return parse(HOMS.read_bytes(), HOMS.name)


def test_title_and_body_are_the_article_and_nothing_else(record: ArticleRecord) -> None:
    article = record.article
    assert article.title == "Syria Army Enters Homs, Last Rebels Pull Out as U.S. Refuses to Arm Opposition"
    paragraphs = article.body.split("\n\n")
    assert len(paragraphs) == 40
    assert paragraphs[0].startswith("The last Syrian rebels left Homs' Old City Friday")
    assert paragraphs[-1].endswith("as well as on a Russian bank and state-owned oil refineries.")
    assert "W460" not in article.body
    assert article.language == "en"
    assert article.alternate_languages == ("ar",)


def test_link_picture_and_counter_are_furniture(record: ArticleRecord) -> None:
    assert record.report.furniture == (
        Furniture(3, "إقرأ هذا الخبر بالعربية", "language_link"),
        Furniture(3, "W460", "picture"),
        Furniture(85, "Comments 30", "comment_counter"),
    )


def test_all_comments_are_found_with_their_authors(record: ArticleRecord) -> None:
    assert record.article.comment_count_declared == len(record.comments) == 30
    assert Counter(comment.author_kind for comment in record.comments) == {
        "member": 24,
        "member_without_avatar": 4,
        "guest": 2,
    }
    authors = Counter(comment.author for comment in record.comments)
    assert len(authors) == 10
    assert authors["Mystic"] == 12
    assert authors["Hanoun"] == 2


def test_heads_stay_as_printed(record: ArticleRecord) -> None:
    assert record.comments[0].head == "Thumb FlameCatcher 09 May 2014, 16:33"
    assert record.comments[24].head == "Default-user-icon Hanoun (Guest) 09 May 2014, 19:05"


def test_bodies_keep_paragraphs_and_line_breaks(record: ArticleRecord) -> None:
    assert len(record.comments[0].body.split("\n\n")) == 4
    assert record.comments[21].body.endswith("sort it out.\n- Sarah Palin")
    assert record.comments[29].body.endswith("everything would go back as it used to.")


def test_times_are_local_with_the_assumed_zone_and_in_page_order(record: ArticleRecord) -> None:
    times = [comment.posted_at for comment in record.comments]
    assert times[0] is not None
    assert (times[0].value, times[0].zone, times[0].zone_assumed) == ("2014-05-09T16:33+03:00", "Asia/Beirut", True)
    values = [time.value for time in times if time]
    assert [ordinal for ordinal in range(1, 30) if values[ordinal] < values[ordinal - 1]] == [11, 16, 23]
    assert [comment.ordinal for comment in record.comments] == list(range(30))
    assert values[18] == values[20]  # one author, one minute, two comments
    assert record.comments[18].author == record.comments[20].author == "chainsaw"


def test_mentions_are_those_with_an_at_sign(record: ArticleRecord) -> None:
    assert {comment.ordinal: comment.mentions for comment in record.comments if comment.mentions} == {
        0: ("Southern",),
        6: ("popeye",),
    }
    assert record.report.missing_addressees == ("Southern",)


def test_thread_roles_are_what_the_clock_proves(record: ArticleRecord) -> None:
    roles = [comment.thread.role for comment in record.comments]
    assert [number for number, role in enumerate(roles, 1) if role == "root"] == [1, 12, 17, 24]
    assert [number for number, role in enumerate(roles, 1) if role == "reply"] == [*range(3, 12), 15, 16, 23]
    assert roles.count("undecided") == 14
    assert record.comments[2].thread.evidence == ("later-than-root:11", "names:cedre")


def test_only_an_explicit_mention_gives_a_parent(record: ArticleRecord) -> None:
    assert {c.ordinal: c.thread.parent for c in record.comments if c.thread.parent is not None} == {6: 3}


def test_a_name_that_is_a_word_is_no_evidence(record: ArticleRecord) -> None:
    assert record.comments[23].body.endswith("PEACE out!")
    assert record.comments[23].thread.evidence == ("time-steps-back",)
    assert record.comments[22].thread.evidence == ("later-than-root:23",)  # "chain saw" is not chainsaw


def test_date_is_the_leads_weekday(record: ArticleRecord) -> None:
    assert record.article.published_at == Dated(
        "2014-05-09", "weekday-before-first-comment", 0.6, earliest="2014-05-07", latest="2014-05-09"
    )


def test_report_explains_the_whole_page(record: ArticleRecord) -> None:
    report = record.report
    assert (report.format, report.encoding, report.replacements, report.unexplained_lines) == ("text", "utf-8", 0, 0)
    assert report.grammar == "name-day-month-year-time"
    assert report.score is not None
    assert report.score > 0.95
    assert report.problems == ()


def test_no_word_and_no_wide_space_is_lost(record: ArticleRecord) -> None:
    text = HOMS.read_text(encoding="utf-8")
    assert held_words(record) == Counter(words(clean(text).text))
    kept = record.article.body + "".join(comment.body for comment in record.comments)
    assert kept.count("\xa0") == text.count("\xa0") == 3


def test_a_stated_fact_overrides_a_derived_one() -> None:
    from broadsheet.model import Hints

    hints = Hints("a.txt", url="https://news.example/1", source="naharnet", language="en-LB", tags=("syria",))
    article = parse(HOMS.read_bytes(), hints=hints).article
    assert (article.url, article.source, article.language) == ("https://news.example/1", "naharnet", "en-LB")
    assert article.tags == ("syria",)
