"""Curated spellings: per module one family per line, the head form first, separated by commas.

Rules, which tests hold:

- A spelling belongs to one family, and means what its family means wherever it stands: no ``IS`` for the Islamic State,
  no ``Said`` (it said) for Saeed, no ``Hums`` for Homs.
- The engine's stems count: بري (a name) would find wild animals, مشعل a torch, ظواهري phenomena, and علي the
  preposition على, so such words stand with one that makes them names, or not at all.
- Case, vowel marks, hamza, tatweel, apostrophes, hyphens, possessive endings and a leading al or el do not matter.
"""
