"""How bytes become text."""

from __future__ import annotations

import codecs

import pytest

from broadsheet.model import Hints
from broadsheet.parsing.encoding import decode
from tests.unit.parsing.pages import codes, parse

ARABIC = "أمطار غزيرة على الساحل\n\nتساقطت أمطار غزيرة ليل الثلاثاء، وقال السكان: «لم نرَ مثلها».\n"
FRENCH = "Grève générale à l'école\n\nLes élèves étaient présents, même après midi."
SPANISH = "El año pasó rápido\n\nLos niños jugarán aquí mañana, después de la lección."


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_byte_order_mark_decides(mark: bytes, encoding: str) -> None:
    record = parse(mark + ARABIC.encode(encoding))
    assert record.article.title == "أمطار غزيرة على الساحل"
    assert (record.report.encoding, record.report.replacements) == (encoding, 0)


def test_arabic_windows_text_is_recognised() -> None:
    record = parse(ARABIC.encode("cp1256"))
    assert record.article.title == "أمطار غزيرة على الساحل"
    assert (record.report.encoding, record.report.replacements) == ("cp1256", 0)


def test_english_page_with_an_arabic_link_in_arabic_windows_is_recognised() -> None:
    page = "Head\n\nإقرأ هذا الخبر بالعربية W460\n\nIt was “fine”.".encode("cp1256")
    assert parse(page).article.alternate_languages == ("ar",)


@pytest.mark.parametrize("text", [FRENCH, SPANISH])
def test_other_legacy_text_is_not_taken_for_arabic(text: str) -> None:
    decoded = decode(text.encode("latin-1"))
    assert decoded.encoding == "utf-8"
    assert decoded.replacements > 0


def test_declared_legacy_charset_is_believed() -> None:
    record = parse(FRENCH.encode("cp1252"), hints=Hints("a.txt", content_type='text/plain; charset="windows-1252"'))
    assert record.article.title == "Grève générale à l'école"
    assert (record.report.encoding, codes(record)) == ("cp1252", ["comments_not_recognised"])


@pytest.mark.parametrize("charset", ["rot13", "unicode_escape", "utf-7", "no-such-thing", "iso-8859-1"])
def test_declared_charset_does_not_spoil_utf8(charset: str) -> None:
    assert decode(ARABIC.encode(), f"text/plain; charset={charset}").text == ARABIC


def test_damaged_utf8_is_replaced_counted_and_located() -> None:
    page = ARABIC.encode()
    damaged = page[:3] + b"\xff" + page[3:60] + b"\xc3(" + page[60:]
    record = parse(damaged)
    assert record.report.encoding == "utf-8"
    assert record.report.replacements == 4  # the first one tears a letter apart
    (problem,) = [problem for problem in record.report.problems if problem.code == "undecodable_bytes"]
    assert problem.offset == 2
    assert "Convert the file to UTF-8" in problem.message


def test_replacement_characters_of_the_source_are_not_counted() -> None:
    assert decode("a\ufffdb".encode()).replacements == 0
    assert decode("a\ufffdb".encode() + b"\xff").replacements == 1


def test_offset_counts_the_byte_order_mark() -> None:
    assert decode(codecs.BOM_UTF8 + b"ab\xff").first_offset == 5
    assert decode(codecs.BOM_UTF16_LE + "ab".encode("utf-16-le") + b"\x00").first_offset == 6
