"""A template as the tests read it: resources by type, references as short words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# The beginning of a logical id -> the word that stands for it.
WORDS = {
    "StorageUploads": "uploads",
    "StorageOutcomes": "outcomes",
    "QueueingFiles": "queue",
    "QueueingDeadLetters": "dead-letters",
    "LedgerTable": "ledger",
    "EngineDomain": "domain",
}


class Synthesised:
    """The template of one stage."""

    def __init__(self, template: dict[str, Any]) -> None:
        self.template = template
        self.resources: dict[str, dict[str, Any]] = template["Resources"]

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the resources of a type (``AWS::`` may be left out), by logical id."""
        return {id_: item for id_, item in self.resources.items() if item["Type"] in {kind, f"AWS::{kind}"}}

    def one(self, kind: str, start: str = "") -> dict[str, Any]:
        """Return the properties of the only resource of a type whose logical id starts like this."""
        (found,) = [item for id_, item in self.of(kind).items() if id_.startswith(start)]
        properties: dict[str, Any] = found["Properties"]
        return properties

    def functions(self) -> dict[str, dict[str, Any]]:
        """Return the properties of our functions, by the name of their folder."""
        ours = {id_: item for id_, item in self.of("Lambda::Function").items() if id_.startswith("Functions")}
        return {id_.removeprefix("Functions")[:-8].lower(): item["Properties"] for id_, item in ours.items()}

    def text(self, value: Any) -> str:
        """Return a value with its references written out as words."""
        match value:
            case {"Ref": str(name)}:
                return self._word(name)
            case {"Fn::GetAtt": [str(name), str(attribute)]}:
                return self._word(name) if attribute == "Arn" else f"{self._word(name)}.{attribute}"
            case {"Fn::Join": [str(glue), list(parts)]}:
                return glue.join(map(self.text, parts))
            case _:
                return str(value)

    def allowed(self, role: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield (action, resource) of everything the policies inside a role allow."""
        return self._statements(role, "Allow")

    def denied(self, role: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield (action, resource) of everything the policies inside a role deny."""
        return self._statements(role, "Deny")

    def _statements(self, role: dict[str, Any], effect: str) -> Iterator[tuple[str, str]]:
        for policy in role["Properties"].get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                if statement["Effect"] != effect:
                    continue
                for action in _list(statement["Action"]):
                    for resource in _list(statement["Resource"]):
                        yield action, self.text(resource)

    def _word(self, logical_id: str) -> str:
        return next((word for start, word in WORDS.items() if logical_id.startswith(start)), logical_id)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
