"""Where the article ends and the discussion begins."""

from __future__ import annotations

from tests.unit.parsing.pages import codes, page_of, parse


def test_a_quoted_head_inside_a_body_is_no_comment_when_the_counter_says_so() -> None:
    page = page_of(
        "Thumb ann 09 May 2014, 16:33\n\nFirst.",
        "Thumb bob 09 May 2014, 16:40\n\nYou wrote:\nThumb ann 09 May 2014, 16:33\nFirst.",
    )
    record = parse(page)
    assert [comment.author for comment in record.comments] == ["ann", "bob"]
    assert record.comments[1].body == "You wrote:\nThumb ann 09 May 2014, 16:33\nFirst."
    assert codes(record) == []


def test_a_dated_line_without_avatar_in_a_body_is_no_comment_where_all_have_one() -> None:
    page = page_of(
        "Thumb ann 09 May 2014, 16:33\n\nCome to the meeting:\n\nTown hall 12 May 2014, 19:00",
        "Thumb bob 09 May 2014, 16:40\n\nI will.",
        counter="",
    )
    record = parse(page)
    assert [comment.author for comment in record.comments] == ["ann", "bob"]
    assert record.comments[0].body.endswith("Town hall 12 May 2014, 19:00")


def test_counter_that_differs_is_reported_and_the_comments_are_kept() -> None:
    record = parse(page_of("Thumb a 09 May 2014, 16:33\n\nHi.", counter="Comments 4"))
    assert len(record.comments) == 1
    assert record.article.comment_count_declared == 4
    assert codes(record) == ["comment_count_differs"]


def test_a_line_between_counter_and_first_head_is_set_apart_and_counted() -> None:
    record = parse(page_of("Sort by date\nThumb a 09 May 2014, 16:33\n\nHi."))
    assert [(piece.text, piece.why) for piece in record.report.furniture] == [
        ("Comments 1", "comment_counter"),
        ("Sort by date", "unexplained"),
    ]
    assert record.report.unexplained_lines == 1


def test_names_with_times_are_comments_with_or_without_a_counter() -> None:
    heads = ["ann 09 May 2014, 16:33\n\nOne.", "bob 09 May 2014, 16:40\n\nTwo.", "ann 09 May 2014, 17:00\n\nThree."]
    assert len(parse(page_of(*heads)).comments) == 3
    assert len(parse(page_of(*heads, counter="")).comments) == 3


def test_heads_that_too_little_proves_are_a_suspicion_and_the_text_stays_whole() -> None:
    entries = ["Treaty signed 09 May 2011, 10:00\n\nIn Paris.", "Treaty broken 01 June 2013, 12:00\n\nIn London."]
    record = parse(page_of(*entries, counter=""))
    assert record.comments == ()
    assert record.article.body.endswith("In London.")
    assert codes(record) == ["comments_suspected"]
    assert record.report.grammar is None
    assert record.report.score is not None
    assert record.report.unexplained_lines == 2


def test_one_sentence_that_ends_in_a_date_is_not_even_a_suspicion() -> None:
    record = parse("Head\n\nThe meeting was set for 09 May 2014, 16:33\n\nNobody came.")
    assert codes(record) == ["comments_not_recognised"]


def test_page_of_comments_alone_has_no_title() -> None:
    record = parse("Thumb ann 09 May 2014, 16:33\n\nOne.\n\nThumb bob 09 May 2014, 16:40\n\nTwo.\n")
    assert (record.article.title, record.article.body) == ("", "")
    assert len(record.comments) == 2


def test_a_paragraph_is_not_taken_for_a_title() -> None:
    paragraph = "It rained all day. " * 20
    record = parse(paragraph + "\n\nAnd all night.")
    assert record.article.title == ""
    assert record.article.body == f"{paragraph.strip()}\n\nAnd all night."


def test_windows_line_ends_make_no_difference() -> None:
    page = page_of("Thumb a 09 May 2014, 16:33\n\nHi.\nYou.")
    assert parse(page.replace("\n", "\r\n")) == parse(page)


def test_lines_broken_at_a_width_are_not_made_paragraphs() -> None:
    body = "The council met on\nthe first day of\nthe month and did\nnot agree."
    assert parse("Head\n" + body).article.body == body


def test_words_of_a_link_inside_the_article_stay_in_it() -> None:
    page = "Head\n\nRead this story in English class.\n\nEnd."
    assert parse(page).article.body == "Read this story in English class.\n\nEnd."


def test_a_short_first_line_alone_does_not_make_a_print_version() -> None:
    record = parse("Storm\n\nIt was loud.\n\nSource: Agence France Presse")
    assert record.article.title == "Storm"
    assert record.article.source is None
    assert record.article.body.endswith("Source: Agence France Presse")
