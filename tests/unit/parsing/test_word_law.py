"""No visible word is lost: on generated pages, whose parts must be found again, and on any text at all."""

from __future__ import annotations

from collections import Counter

from hypothesis import assume, given
from hypothesis import strategies as st

from broadsheet.errors import PermanentError
from broadsheet.text import clean, words
from tests.unit.parsing.pages import held_words, parse

LETTERS = st.sampled_from("abcdefgh éżнأسدحمصهي")
WORD = st.text(LETTERS, min_size=2, max_size=8).map(lambda word: word.replace(" ", "") or "x")
SENTENCE = st.lists(WORD, min_size=1, max_size=12).map(lambda each: " ".join(each) + ".")
TEXT = st.lists(st.lists(SENTENCE, min_size=1, max_size=3).map("\n".join), min_size=1, max_size=4).map("\n\n".join)
NAME = st.sampled_from(["cedre", "Mystic", "s.o.s", "mohammad_ca", "حر", "7asan"])
GUEST = st.sampled_from(["Hanoun", "MUSTAPHA O. GHALAYINI", "سمير"])
WHO = st.one_of(
    st.tuples(st.sampled_from(["Thumb", "Missing"]), NAME),
    st.tuples(st.sampled_from(["Default-user-icon", "Default user icon"]), GUEST.map(lambda name: f"{name} (Guest)")),
)
MONTH = st.sampled_from(["May", "June", "أيار", "تشرين الأول"])
PARTS = st.tuples(st.integers(1, 28), MONTH, st.integers(2009, 2026), st.integers(0, 23), st.integers(0, 59))
DAY_FIRST = PARTS.map(lambda part: f"{part[0]:02} {part[1]} {part[2]}, {part[3]:02}:{part[4]:02}")
TIME_FIRST = PARTS.map(lambda part: f"{part[3]:02}:{part[4]:02} ,{part[2]} {part[1]} {part[0]}")
LINK = st.sampled_from(["", "إقرأ هذا الخبر بالعربية W460\n\n", "Read this story in English W460\n\n", "W460\n\n"])
COUNTER = st.sampled_from(["Comments {}\n", "التعليقات {}\n", "Comments ({})\n\n", ""])
# Lines of many layouts, in any order: whatever is made of them, none may be lost.
LINES = (
    """
Ann says:|Bob said...|May 9, 2014 at 4:33 pm|10 May 2014 08:41|Cem • 3 hours ago|Posted by: Dan, May 9, 2014 4:40 pm
Comment by|at 4:33 pm|Eva - 9.5.2014 16:33|3 Comments|Leave a Reply|Reply|Report abuse|12|1. Fred Avatar|Subject
Submitted by Gus (not verified) on Fri, 05/09/2014 - 16:33.|I think so!|    indented text, you see|Related posts
No comments yet|H.K.|أحمد يقول:|منذ ساعتين|٩ أيار ٢٠١٤، ١٦:٣٣|التعليقات (٢)|Join Date: Mar 2004|Senior Member
Home News Sport|© 2014 X|The council met on Tuesday, and nothing came of it that anybody would have noticed there.
""".strip("\n")
    .replace("\n", "|")
    .split("|")
)
ALPHABET = st.characters(exclude_categories=["Cs"])


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, str, list[tuple[str, str]]]:
    """Draw a page, its title, and the author and body of each comment."""
    date = draw(st.sampled_from([DAY_FIRST, TIME_FIRST]))
    comments = draw(st.lists(st.tuples(WHO, date, TEXT), min_size=1, max_size=6))
    title = draw(SENTENCE)
    head = f"{title}\n\n{draw(LINK)}{draw(TEXT)}\n\n{draw(COUNTER).format(len(comments))}"
    tail = "\n\n".join(f"{' '.join(who)} {when}\n\n{body}" for who, when, body in comments)
    expected = [(who[1].removesuffix(" (Guest)"), body) for who, _, body in comments]
    return draw(st.sampled_from([head + tail, (head + tail).replace("\n", "\r\n")])), title, expected


@given(pages())
def test_generated_page_is_taken_apart_as_it_was_put_together(page: tuple[str, str, list[tuple[str, str]]]) -> None:
    text, title, expected = page
    record = parse(text)
    assert record.article.title == clean(title).text
    assert [(comment.author, comment.body) for comment in record.comments] == [
        (author, clean(body).text) for author, body in expected
    ]
    assert held_words(record) == Counter(words(clean(text).text))


@given(st.text(ALPHABET, min_size=1))
def test_no_word_of_any_text_is_lost(text: str) -> None:
    assert_word_law(text)


@given(
    st.lists(
        st.one_of(
            st.text(ALPHABET, max_size=30),
            st.tuples(WHO, DAY_FIRST).map(lambda head: f"{' '.join(head[0])} {head[1]}"),
            st.tuples(NAME, TIME_FIRST).map(" ".join),
            st.sampled_from(LINES),
            st.sampled_from(["", "Naharnet", "Source: AFP", "Copyright ©", "Comments 2", "إقرأ هذا الخبر بالعربية x"]),
        ),
        max_size=24,
    ).map("\n".join)
)
def test_no_word_of_a_jumble_of_page_lines_is_lost(text: str) -> None:
    assert_word_law(text)


def assert_word_law(text: str) -> None:
    try:
        held = held_words(parse(text))
    except PermanentError as error:
        assume(error.code == "empty_file")
        held = Counter()
    assert held == Counter(words(clean(text).text))
