"""Whatever is typed has a reading, and every reading can be written down again."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.syntax import MAX_DEPTH, parse
from broadsheet.search.tree import Either, Excluded, Phrase, Together, Within, Word, described, leaves, tokens, written


def terms(text):
    return list(parse(text).nodes)


def test_words_phrases_and_exclusions_keep_their_order():
    assert terms('Homs "pull out" -Assad -"old city" siege') == [
        Word("Homs"),
        Phrase("pull out"),
        Excluded(Word("Assad")),
        Excluded(Phrase("old city")),
        Word("siege"),
    ]


@pytest.mark.parametrize(
    "quoted",
    ['"حزب الله"', "“حزب الله”", "«حزب الله»", "”حزب الله“", "„حزب الله“", "»حزب الله«", '«حزب الله"', "＂حزب  الله＂"],
)
def test_all_kinds_of_quotes_make_a_phrase(quoted):
    assert terms(quoted) == [Phrase("حزب الله")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"pull out', [Word("pull"), Word("out")]),
        ('pull out"', [Word("pull"), Word("out")]),
        ('"a" "b', [Phrase("a"), Word("b")]),
        ('"" homs', [Word("homs")]),
        ('"...!"', []),
    ],
)
def test_a_quote_without_partner_or_content_means_nothing(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("al-Barazi", [Word("al-Barazi")]),
        ("-", []),
        ("--homs", [Excluded(Word("homs"))]),
        ("NOT homs", [Excluded(Word("homs"))]),
        ("a - b", [Word("a"), Word("b")]),
        ("\u2212homs", [Excluded(Word("homs"))]),
        ("U.S. @popeye", [Word("U.S."), Word("@popeye")]),
        ("don’t", [Word("don’t")]),
        ('re-"a b"', [Word("re-"), Phrase("a b")]),
        ("-(-a)", [Word("a")]),
    ],
)
def test_hyphens_exclude_only_at_the_start_of_a_term(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize("sign", ["OR", "|", "||", "أو"])
def test_alternatives_bind_closer_than_standing_side_by_side(sign):
    assert terms(f"a b {sign} c {sign} d e") == [Word("a"), Either((Word("b"), Word("c"), Word("d"))), Word("e")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OR", [Word("OR")]),
        ("a OR", [Word("a")]),
        ("OR a", [Word("a")]),
        ("a OR OR b", [Either((Word("a"), Word("b")))]),
        ("a AND b", [Word("a"), Word("b")]),
        ("a or b", [Word("a"), Word("or"), Word("b")]),
    ],
)
def test_an_operator_without_both_sides_means_nothing_unless_it_is_all_there_is(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(a b) OR c", [Either((Together((Word("a"), Word("b"))), Word("c")))]),
        ("-(a OR b)", [Excluded(Either((Word("a"), Word("b"))))]),
        ("a) b", [Word("a"), Word("b")]),
        ("(a", [Word("a")]),
        ("()", []),
        ("（a） b", [Word("a"), Word("b")]),
    ],
)
def test_brackets_group_and_those_without_partner_mean_nothing(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title:homs", [Within("title", Word("homs"))]),
        ('-author:"Ahmad Ali"', [Excluded(Within("author", Phrase("Ahmad Ali")))]),
        ("tag:(a OR b)", [Within("tag", Either((Word("a"), Word("b"))))]),
        ("title:(-a)", [Excluded(Within("title", Word("a")))]),
        ("عنوان:حمص", [Within("title", Word("حمص"))]),
        ("عنوان：حمص", [Within("title", Word("حمص"))]),
        ("TITLE:homs", [Within("title", Word("homs"))]),
        ("http://a.example/b", [Word("http://a.example/b")]),
        ("title: homs", [Word("title:"), Word("homs")]),
        ("title:(body:a)", [Within("title", Word("body:a"))]),
    ],
)
def test_a_field_narrows_what_directly_follows_it(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("evac*", [Word("evac", "prefix")]),
        ("حمص٭", [Word("حمص", "prefix")]),
        ("a*", [Word("a*")]),
        ("*", []),
        ("Asad~", [Word("Asad", "fuzzy")]),
        ("Asad~2", [Word("Asad", "fuzzy")]),
        ("ab~", [Word("ab~")]),
        ('"pull out"~3', [Phrase("pull out", 3)]),
        ('"pull out"~999', [Phrase("pull out", 10)]),
        ("title:evac*", [Within("title", Word("evac", "prefix"))]),
    ],
)
def test_a_sign_at_the_end_widens_a_word_that_is_long_enough(text, expected):
    assert terms(text) == expected


def test_marks_of_direction_are_no_part_of_a_word():
    assert terms("\u200fحمص\u200f -\u200eHoms") == [Word("حمص"), Excluded(Word("Homs"))]


def test_groups_nest_so_deep_and_brackets_beyond_mean_nothing():
    text = "-(x OR " * 10_000 + "a" + ")" * 10_000
    depth = 0
    node = parse(text).nodes[0]
    while isinstance(node, (Excluded, Either)):
        depth += isinstance(node, Excluded)
        node = node.node if isinstance(node, Excluded) else node.nodes[-1]
    assert depth == MAX_DEPTH


def test_a_tree_is_described_for_people():
    assert described(parse('a OR be* -title:"x y"~2')) == {
        "and": [
            {"or": [{"word": "a"}, {"word": "be", "form": "prefix"}]},
            {"not": {"field": "title", "of": {"phrase": "x y", "slop": 2}}},
        ]
    }


_PIECES = st.sampled_from(
    [
        "a",
        "b",
        "OR",
        "AND",
        "NOT",
        "-",
        "(",
        ")",
        "title:",
        "author:",
        '"x y"',
        '"',
        "*",
        "~",
        "~2",
        " ",
        "أو",
        "body",
        "|",
    ]
)
_TEXTS = (
    st.text(alphabet=st.characters(), max_size=600)
    | st.text(alphabet='"“”«»-() ab:*~|_\n\u2212٭', max_size=100)
    | st.lists(_PIECES, max_size=25).map("".join)
    | st.lists(_PIECES, max_size=25).map(" ".join)
)


@given(_TEXTS)
def test_every_text_has_a_reading_that_holds_its_words(text):
    query = parse(text)
    assert all(leaf.text.strip() for leaf in leaves(query))
    assert tokens(query) >= len(list(leaves(query)))


@given(_TEXTS)
def test_a_reading_that_is_written_down_reads_the_same(text):
    query = parse(text)
    assert parse(written(query)) == query


@pytest.mark.parametrize("piece", ['"', "-", "(", '-"', "“”", "a-", "«", "a OR ", "(a ", "title:", "a*", "-(a OR "])
def test_time_is_linear_on_repeated_marks(piece):
    def seconds(count):
        started = time.perf_counter()
        tokens(parse(piece * count))
        return time.perf_counter() - started

    seconds(1_000)
    assert min(seconds(20_000) for _ in range(2)) < 4
