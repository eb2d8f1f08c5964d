"""The bill of materials: every pinned library of the layer, and the same bytes for the same lock."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import pytest

from infra.parts.python_layer import REQUIREMENTS, ROOT
from infra.sbom import LOCK, bill

pytestmark = pytest.mark.xdist_group("infra")


def made(lock: str | None = None) -> Mapping[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return bill(LOCK.read_text(encoding="utf-8") if lock is None else lock, project)


def test_it_lists_what_the_layer_is_built_of_with_every_digest_of_the_lock() -> None:
    assert LOCK == REQUIREMENTS
    text = LOCK.read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))
    components = made()["components"]
    assert {item["name"]: item["version"] for item in components} == pins
    assert all(item["purl"] == f"pkg:pypi/{item['name']}@{item['version']}" for item in components)
    digests = [entry["value"] for item in components for entry in item["properties"]]
    assert sorted(digests) == sorted(re.findall(r"sha256:([0-9a-f]{64})", text))


def test_it_names_the_licence_that_a_library_states() -> None:
    (orjson,) = [item for item in made()["components"] if item["name"] == "orjson"]
    assert "MPL-2.0" in orjson["licenses"][0]["expression"]


def test_the_same_lock_gives_the_same_document_and_another_lock_another_number() -> None:
    assert made() == made()
    other = made("orjson==1.0 \\\n    --hash=sha256:" + "0" * 64)
    assert other["serialNumber"] != made()["serialNumber"]
    assert other["components"][0]["properties"] == [{"name": "broadsheet:sha256", "value": "0" * 64}]
