"""Whom a comment addresses."""

from __future__ import annotations

import pytest

from broadsheet.parsing.mentions import Addressed, Directory

PAGE = Directory(["ann", "Mystic", "s.o.s", "M. O. GHALAYINI", "peace", "أحمد", "me", None], "They want Peace at once.")


@pytest.mark.parametrize(
    ("body", "mentions", "missing"),
    [
        ("@ann yes", ("ann",), ()),
        ("@ANN, yes", ("ann",), ()),
        ("yes @ann.", ("ann",), ()),
        ("@ ann yes", ("ann",), ()),
        ("well...@ann", ("ann",), ()),
        ("@s.o.s. right", ("s.o.s",), ()),
        ("@M. O. GHALAYINI hello", ("M. O. GHALAYINI",), ()),
        ("@احمد نعم", ("أحمد",), ()),
        ("@Southern ?", ("Southern",), ("Southern",)),
        ("@Southern and @Southern and @ann", ("Southern", "ann"), ("Southern",)),
        ("write to joe@ann.example", (), ()),
        ("meet @ 5", (), ()),
        ("we meet @ noon", (), ()),
        ("+1@5", (), ()),
        ("@", (), ()),
        ("@@ann", (), ()),
    ],
)
def test_names_after_an_at_sign_are_mentions(body: str, mentions: tuple[str, ...], missing: tuple[str, ...]) -> None:
    found = PAGE.addressed(body, "Mystic")
    assert found.mentions == mentions
    assert found.missing == missing


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("Mystic come on", ("mystic",)),
        ("you fail, ann.", ("ann",)),
        ("“Ann” said so", ("ann",)),
        ("ANN out!", ()),
        ("annual", ()),
        ("give peace a chance", ()),
        ("tell me", ()),
    ],
)
def test_a_bare_name_is_evidence_only_as_a_word_of_its_own(body: str, named: tuple[str, ...]) -> None:
    assert PAGE.addressed(body, None) == Addressed(named=named)


def test_nobody_addresses_themselves() -> None:
    found = PAGE.addressed("@ann and ann", "ann")
    assert (found.known, found.named, found.mentions) == ((), (), ("ann",))


def test_a_mention_is_not_named_twice() -> None:
    assert PAGE.addressed("@ann: ann is right", "Mystic").named == ()
