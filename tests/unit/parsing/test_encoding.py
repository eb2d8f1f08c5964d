"""How bytes become text."""

from __future__ import annotations

import codecs
import time

import pytest

from broadsheet.model import Hints
from broadsheet.parsing.encoding import decode
from tests.unit.parsing.exports import outline, read_file
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


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        (FRENCH, "cp1252 mac_roman cp850"),
        (SPANISH, "cp1252"),
        ("Die Brücke über den Fluß wird für Fußgänger gesperrt. Schöne Grüße aus Köln.", "cp1252 cp437"),
        ("It was “fine”, he said – but the council’s plan didn’t pass.", "cp1252 mac_roman"),
        ("The café was closed on Monday, and it will not open again.", "cp1252"),
        ("Сильные дожди на побережье. Жители такого не видели.", "cp1251 koi8_r iso8859_5 cp866 mac_cyrillic"),
        ("Ισχυρές βροχές στην ακτή. Οι κάτοικοι δεν έχουν δει κάτι τέτοιο.", "cp1253"),
        ("Güneşli günler geçti, yağmur başladı. Şehirde ılık bir rüzgâr esiyor.", "cp1254"),
        ("Żółta łódź płynie szybko. Mieszkańcy mówią, że nie widzieli takiej ulewy.", "cp1250 iso8859_2"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy. Obyvatelé to ještě neviděli.", "cp1250 iso8859_2"),
        ("גשמים כבדים בחוף. התושבים אומרים שלא ראו דבר כזה מעולם.", "cp1255"),
        (ARABIC, "iso8859_6 cp720"),
        ("باران شدید در ساحل. ساکنان می گویند چنین چیزی ندیده بودند.", "cp1256"),
        ("海岸で大雨が降った。住民は、こんな雨は見たことがないと話している。", "cp932 iso2022_jp"),
        ("沿海地区下了大雨。居民说他们从未见过这样的雨。", "gb18030"),
        ("해안에 큰 비가 내렸다. 주민들은 이런 비를 본 적이 없다고 말했다.", "cp949"),
        ("ฝนตกหนักที่ชายฝั่ง ชาวบ้านบอกว่าไม่เคยเห็นมาก่อน", "cp874"),
    ],
)
def test_legacy_text_is_recognised_by_its_bytes_and_reported(text: str, encodings: str) -> None:
    for encoding in encodings.split():
        data = text.encode(encoding, "ignore")
        decoded = decode(data)
        assert decoded.text == data.decode(encoding), (encoding, decoded.encoding)
        assert (decoded.origin, decoded.replacements) == ("detected", 0)
        assert [problem.code for problem in decoded.problems()] == ["encoding_guessed"]


@pytest.mark.parametrize("text", [FRENCH, ARABIC, "Сильные дожди на побережье. Yes.", "Plain text, nothing else."])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_two_bytes_per_character_are_recognised_without_a_mark(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text
    assert parse(text.encode(encoding)).report.encoding == encoding


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_json_may_be_in_two_bytes_per_character(encoding: str, name: str) -> None:
    (record,) = read_file('{"title": "أمطار", "body": "It rained."}'.encode(encoding), name)
    assert outline([record]) == ["أمطار"]


def test_bytes_that_nothing_explains_are_replaced_and_the_encoding_is_assumed() -> None:
    decoded = decode(b"text \xff\xfe\xfd\xfc and more")
    assert (decoded.encoding, decoded.origin, decoded.replacements) == ("utf-8", "assumed", 4)


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<?xml version="1.0" encoding="windows-1256"?><a>', "cp1256"),
        ("<html><head><meta charset=windows-1251>", "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', "cp1252"),
        ('<meta charset="shift_jis">', "cp932"),
    ],
)
def test_markup_may_declare_its_encoding(head: str, encoding: str) -> None:
    data = head.encode() + {"cp1251": "Да", "cp932": "雨", "cp1252": "é", "cp1256": "مطر"}[encoding].encode(encoding)
    decoded = decode(data, markup=True)
    assert (decoded.text, decoded.encoding, decoded.origin) == (data.decode(encoding), encoding, "declared")
    assert decode(data, "text/html; charset=koi8-r", markup=True).encoding == "koi8-r", "the server's word comes first"


@pytest.mark.parametrize("text", [FRENCH, ARABIC, "Don’t.", "Сильные дожди", "海岸で大雨が降った。"])
def test_mojibake_of_a_whole_text_is_undone_and_reported(text: str) -> None:
    spoiled = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())
    decoded = decode(spoiled.encode())
    assert decoded.text == text
    assert [problem.code for problem in decoded.problems()] == ["mojibake_repaired"]


def test_arabic_that_was_read_as_arabic_windows_is_undone() -> None:
    assert decode(ARABIC.encode().decode("cp1256").encode()).text == ARABIC


def test_one_spoiled_comment_in_a_sound_page_is_undone() -> None:
    spoiled = "شكراً على الخبر".encode().decode("cp1256")
    decoded = decode(f"{ARABIC}\n{spoiled}\n{FRENCH}".encode())
    assert decoded.text == f"{ARABIC}\nشكراً على الخبر\n{FRENCH}"
    assert decoded.repaired == 1


@pytest.mark.parametrize(
    "text",
    [
        "The sign “Ã©” is an é that was saved twice.",
        "AMANHÃ… disse ele, à noite.",
        "Il est allé…” she said.",
        "فقط، كان المطر غزيراً.",
        "ÃŸ",
        "25°C, 3 µm, £5",
        ARABIC,
        FRENCH,
    ],
)
def test_what_only_looks_like_mojibake_stays(text: str) -> None:
    assert decode(text.encode()).text == text


def test_hostile_bytes_are_decoded_in_linear_time() -> None:
    started = time.process_time()
    for piece in ("Ã©", "ط§ x", "é…”\n", "Ã\n", "a\u0301"):
        decode((piece * 400_000 + "é").encode())
    for data in (b"\xc3" * 4_000_000, b"\x1b$B" * 500_000, b"\xe1\x80" * 1_000_000, b"<meta " * 500_000):
        decode(data, markup=True)
    assert time.process_time() - started < 30


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
