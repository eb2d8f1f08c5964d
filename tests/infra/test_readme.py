"""The tables of the READMEs say what the code says."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from broadsheet.settings import (
    PREFIX,
    ClientSettings,
    FilesSettings,
    IndicesSettings,
    IngestSettings,
    Limits,
    ParseSettings,
    ReconcileSettings,
    SearchSettings,
    TelemetrySettings,
    UploadsSettings,
)
from infra.options import Options
from infra.parts.python_layer import ROOT
from tests.costs import PRICES, monthly_table, per_million_table
from tests.infra.conftest import synthesise
from tests.infra.template import Synthesised

pytestmark = pytest.mark.xdist_group("infra")

README = (ROOT / "README.md").read_text(encoding="utf-8")
INFRA = (ROOT / "infra" / "README.md").read_text(encoding="utf-8")
SETTINGS = (
    ClientSettings,
    FilesSettings,
    IndicesSettings,
    IngestSettings,
    ParseSettings,
    ReconcileSettings,
    SearchSettings,
    TelemetrySettings,
    UploadsSettings,
)
LIMITS = {field.name for field in fields(Limits)}


def told(pattern: str) -> set[str]:
    return set(re.findall(pattern, INFRA, re.MULTILINE))


def test_every_option_is_told() -> None:
    expected = {field.name for field in fields(Options)} | {"stage", "architecture", "bytecode"}
    assert told(r"^\| `-c (\w+)=`") == expected


def test_every_output_is_told(dev: Synthesised) -> None:
    other = synthesise(
        {
            "uploads_bucket": "papers",
            "api_domain": "api.example.org",
            "api_certificate": "arn:aws:acm:eu-central-1:123456789012:certificate/0b8f",
        }
    )
    assert told(r"^\| `([A-Z][a-z]\w+)` \|") == set(dev.template["Outputs"]) | set(other.template["Outputs"])


def test_every_variable_is_told() -> None:
    variables = {PREFIX + field.name.upper() for kind in SETTINGS for field in fields(kind) if field.name not in LIMITS}
    assert told(rf"^\| `({PREFIX}\w+)` \|") == variables


def test_every_alarm_is_told(dev: Synthesised) -> None:
    names = {
        item["Properties"]["AlarmName"].removeprefix("broadsheet-dev-") for item in dev.of("CloudWatch::Alarm").values()
    }
    assert told(r"^\| `([a-z-]+)` \|") == {name for name in names if not name.endswith("-errors")}


def test_the_costs_are_those_that_are_computed_from_counted_calls_and_dated_prices(dev: Synthesised) -> None:
    assert per_million_table() in README
    assert monthly_table(len(dev.of("CloudWatch::Alarm"))) in INFRA
    for text in (README, INFRA):
        assert f"{PRICES['region']}, {PRICES['date']}" in text
