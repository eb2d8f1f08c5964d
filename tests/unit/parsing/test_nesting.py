"""Threads that a page shows."""

from __future__ import annotations

from tests.unit.parsing.pages import page_of, parse

TEXT = "I think so, do you?"


def parents(*comments: str) -> list[tuple[str, int | None]]:
    record = parse(
        page_of(*comments, body="The article says what happened in the town on the day before.\n\nIt was late.")
    )
    assert len(record.comments) == len(comments)
    return [(comment.thread.role, comment.thread.parent) for comment in record.comments]


def test_indented_heads_are_replies() -> None:
    found = parents(
        f"  1. ann says:\n     May 9, 2014 at 4:33 pm\n     {TEXT}",
        f"      1. bob says:\n         May 9, 2014 at 4:40 pm\n         {TEXT}",
        f"          1. ann says:\n             May 9, 2014 at 4:50 pm\n             {TEXT}",
        f"      2. cem says:\n         May 9, 2014 at 5:21 pm\n         {TEXT}",
        f"  2. dan says:\n     May 9, 2014 at 6:02 pm\n     {TEXT}",
    )
    assert found == [("root", None), ("reply", 0), ("reply", 1), ("reply", 0), ("root", None)]


def test_second_name_in_the_head_is_the_parents() -> None:
    record = parse(
        page_of(
            f"ann • 7 years ago\n{TEXT}",
            f"bob ann • 7 years ago\n{TEXT}",
            f"ann bob • 7 years ago\n{TEXT}",
            f"Cem Kaya • 7 years ago\n{TEXT}",
        )
    )
    assert [comment.author for comment in record.comments] == ["ann", "bob", "ann", "Cem Kaya"]
    assert [comment.thread.parent for comment in record.comments] == [None, 0, 1, None]
    assert record.comments[1].thread.evidence == ("second-name",)


def test_one_family_name_that_is_a_commenters_is_no_second_name() -> None:
    record = parse(page_of(f"Ahmad • 7 years ago\n{TEXT}", f"Sara Ahmad • 7 years ago\n{TEXT}"))
    assert [comment.author for comment in record.comments] == ["Ahmad", "Sara Ahmad"]


def test_counted_children_give_the_whole_tree() -> None:
    found = parents(
        f"[–]ann 5 points 3 hours ago (3 children)\n{TEXT}",
        f"[–]bob 5 points 3 hours ago (1 child)\n{TEXT}",
        f"[–]cem 5 points 3 hours ago (0 children)\n{TEXT}",
        f"[–]dan 5 points 3 hours ago (0 children)\n{TEXT}",
        f"[–]eva 5 points 3 hours ago (0 children)\n{TEXT}",
    )
    assert found == [("root", None), ("reply", 0), ("reply", 1), ("reply", 0), ("root", None)]


def test_links_to_parent_and_root_give_roles() -> None:
    found = parents(
        f"ann 3 hours ago | next [–]\n{TEXT}",
        f"bob 2 hours ago | parent | next [–]\n{TEXT}",
        f"cem 1 hour ago | root | parent | next [–]\n{TEXT}",
        f"dan 1 hour ago | root | parent | next [–]\n{TEXT}",
    )
    assert found == [("root", None), ("reply", 0), ("reply", 1), ("reply", None)]


def test_first_comment_with_links_to_parent_and_root_answers_none() -> None:
    found = parents(
        f"cem 1 hour ago | root | parent | next [–]\n{TEXT}",
        f"dan 1 hour ago | root | parent | next [–]\n{TEXT}",
        f"ann 3 hours ago | next [–]\n{TEXT}",
    )
    assert found == [("reply", None), ("reply", None), ("root", None)]


def test_number_named_in_the_subject_is_the_parents() -> None:
    found = parents(
        f"1. Too late\nDavid, Haifa (25.09.14)\n{TEXT}",
        f"2. Too early\nRivka, Jaffa (25.09.14)\n{TEXT}",
        f"3. To No. 1\nTal, Jaffa (25.09.14)\n{TEXT}",
    )
    assert found[2] == ("reply", 0)


def test_quoted_author_is_the_parent() -> None:
    found = parents(
        "ann\nMay 9, 2014 at 4:33 pm\nHeat shield first, it costs nothing.",
        f"bob\nMay 9, 2014 at 4:40 pm\n{TEXT}",
        f"cem\nMay 9, 2014 at 4:52 pm\nOriginally Posted by ann\nHeat shield first, it costs nothing.\n{TEXT}",
    )
    assert found[2] == ("reply", 0)
