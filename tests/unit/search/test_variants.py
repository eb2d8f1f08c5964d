"""Names meet across spellings and scripts; words that only look alike do not."""

from __future__ import annotations

import pytest

from broadsheet.search.names import FAMILIES
from broadsheet.search.variants import MAX_OTHER_WORDS, units
from broadsheet.text import words


def spellings(text):
    return {spelling for unit in units(text.split()) for spelling in (unit.text, *unit.others)}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Hizbullah", "Hezbollah"),
        ("Hizbullah", "حزب الله"),
        ("حزب الله", "Hezbollah"),
        ("حِزبُ الله", "Hizballah"),
        ("الأسد", "Assad"),
        ("ASSAD'S", "الأسد"),
        ("al-Assad", "Assad"),
        ("Da’esh", "داعش"),
        ("daish", "ISIL"),
        ("I.S.I.S.", "داعش"),
        ("Al Qaeda", "Qaida"),
        ("al-Qa'ida", "Qaeda"),
        ("Homs", "حمص"),
        ("نبل", "Nubol"),
        ("Zahra", "Zahraa"),
        ("Islamic State", "داعش"),
        ("Deir ez-Zor", "دير الزور"),
        ("dayr az zawr", "Deir Ezzor"),
        ("Nasr Allah", "Nasrallah"),
        ("بيروت", "Beirut"),
        ("Muhammad", "محمد"),
        ("Hussain", "Hussein"),
        ("Shi'ite", "Shia"),
        ("Koran", "القرآن"),
        ("Nouri al-Maliki", "المالكي"),
        ("Mohamed bin Salman", "MBS"),
        ("Ansarallah", "الحوثيين"),
        ("Hudaydah", "الحديدة"),
        ("Peking", "بكين"),
        ("October", "تشرين الأول"),
        ("أكتوبر", "Oct"),
        ("7", "seven"),
        ("سبعة", "7"),
        ("17", "17th"),
        ("air strike", "airstrike"),
        ("ceasefire", "cease fire"),
        ("1,500", "1500"),
    ],
)
def test_a_name_is_looked_for_in_its_other_spellings(typed, found):
    assert found in spellings(typed)


@pytest.mark.parametrize(
    ("typed", "never"),
    [
        ("Hama", "Hamas"),
        ("Hamas", "Hama"),
        ("hamas", "حماة"),
        ("home", "Homs"),
        ("hums", "Homs"),
        ("is", "ISIS"),
        ("state", "ISIS"),
        ("الله", "Hezbollah"),
        ("حزب", "Hezbollah"),
        ("army", "Free Syrian Army"),
        ("نصر", "Nusra"),
        ("an ISIS", "an"),
        ("على", "Ali"),
        ("أمل", "Amal Movement"),
        ("فتح", "Fatah"),
        ("عون", "Aoun"),
        ("said", "Saeed"),
        ("Joseph", "Youssef"),
        ("march", "March 14"),
        ("may", "أيار"),
        ("صدر", "Sadr"),
        ("Saleh", "Salah"),
        ("عمان", "Oman"),
        ("الجزيرة", "Jazeera"),
        ("strike", "airstrike"),
    ],
)
def test_words_that_only_resemble_a_name_stay_themselves(typed, never):
    assert never not in spellings(typed) - {typed, *typed.split()}


def test_the_longest_name_wins_and_order_is_kept():
    found = units(["the", "Free", "Syrian", "Army", "in", "Deir", "ez-Zor"])
    assert [unit.text for unit in found] == ["the", "Free Syrian Army", "in", "Deir ez-Zor"]
    assert [unit.stopword for unit in found] == [True, False, True, False]


def test_initials_with_dots_are_no_stop_word():
    assert [unit.stopword for unit in units(["it", "I.T.", "I.T"])] == [True, False, False]


def test_a_spelling_belongs_to_one_family():
    keys = [" ".join(words(spelling)) for family in FAMILIES for spelling in family]
    assert len(set(keys)) == len(keys)


def test_the_region_is_covered():
    assert len(FAMILIES) >= 160


def test_every_family_has_a_head_and_another_spelling():
    assert all(len(family) > 1 for family in FAMILIES)


def test_a_query_gains_a_bounded_number_of_spellings():
    heads = [family[0] for family in FAMILIES if " " not in family[0]] * 3
    found = units(heads)
    assert sum(unit.other_words for unit in found) <= MAX_OTHER_WORDS
    assert found[0].others
    assert [unit.text for unit in found] == heads
