"""The deployment -> indices and aliases that exist."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import Any

from broadsheet.adapters.dynamodb import DynamoLedger
from broadsheet.adapters.opensearch import OpenSearchAdmin, client
from broadsheet.adapters.telemetry import PowertoolsTelemetry
from broadsheet.generations import Ensured, ensure_generations
from broadsheet.settings import IndicesSettings


@cache
def _telemetry() -> PowertoolsTelemetry:
    return PowertoolsTelemetry("indices")


def run() -> Ensured:
    """Do what the function is for, with what the environment names; raise ConfigurationError naming what is missing."""
    settings = IndicesSettings.from_environ()
    return ensure_generations(OpenSearchAdmin(client(settings)), DynamoLedger(settings.ledger_table), settings)


def handle(_event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Answer which generations are in use, and what was done for them.

    Any error ends the invocation, so that a deployment whose indices are missing fails.
    """
    ensured = asdict(run())
    _telemetry().event("indices", **ensured)
    if ensured["recreated"]:
        _telemetry().count("indices_recreated", len(ensured["recreated"]))
        _telemetry().flush()
    return ensured
