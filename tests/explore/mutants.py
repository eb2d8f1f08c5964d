"""Ingestion with one rule of its protocol left out: what the explorer must find, or it proves nothing."""

from __future__ import annotations

from collections.abc import Mapping

from tests.explore.mutant import Mutant
from tests.explore.mutants_beside import BESIDE
from tests.explore.mutants_claims import CLAIMS
from tests.explore.mutants_writing import WRITING

MUTANTS: Mapping[str, Mutant] = {**CLAIMS, **WRITING, **BESIDE}
