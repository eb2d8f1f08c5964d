"""What the press spells in many ways: names, terms, months, numbers and compounds, in Latin and Arabic script.

A query for any spelling finds all of its family. Countries' adjectives, irregular plurals and broken plurals are not
here: the analyzers bring them together.
"""

from __future__ import annotations

from broadsheet.search.lexicon import calendar, compounds, given_names, groups, people, places, terms

_LISTS = (people, given_names, places, groups, terms, calendar, compounds)

FAMILIES: tuple[tuple[str, ...], ...] = tuple(
    tuple(line.split(", ")) for each in _LISTS for line in each.SPELLINGS.strip().splitlines()
)
"""The families, each with its head form first; the rules that they keep are those of ``lexicon``."""
