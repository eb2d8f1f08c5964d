"""The bill of materials of what is deployed: ``make sbom`` writes ``sbom.json`` (CycloneDX 1.6).

It lists the libraries of the dependency layer with the digests of every file that their lock allows; the runtime's own
libraries (boto3) are AWS's. The same lock gives the same bytes: there is no time in it, and its number is made of its
contents.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "layers" / "dependencies" / "requirements.txt"
_PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;\\]+)")
_DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(lock: str, project: dict[str, Any]) -> dict[str, Any]:
    """Return the document for the text of a lock and the ``project`` table of pyproject.toml.

    Licences are those that installed packages of the same version state; without them the entry is left out.
    """
    components: list[dict[str, Any]] = []
    for line in lock.splitlines():
        if pin := _PIN.match(line):
            components.append(_component(pin["name"], pin["version"]))
        if components and (found := _DIGEST.search(line)):
            digest = {"name": "broadsheet:sha256", "value": found[1]}
            components[-1].setdefault("properties", []).append(digest)
    own = _purl(project["name"], project["version"])
    document: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "purl": own,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": own, "dependsOn": [component["bom-ref"] for component in components]}],
    }
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True))
    return {"serialNumber": number.urn, **document}


def _component(name: str, version: str) -> dict[str, Any]:
    purl = _purl(name, version)
    component: dict[str, Any] = {"type": "library", "bom-ref": purl, "purl": purl, "name": name, "version": version}
    try:
        installed = metadata.metadata(name).json
    except metadata.PackageNotFoundError:
        return component
    said = installed.get("license_expression") if installed["version"] == version else None
    return component | ({"licenses": [{"expression": said}]} if said else {})


def _purl(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


def main() -> None:
    """Write ``sbom.json`` into the working directory."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    document = bill(LOCK.read_text(encoding="utf-8"), project)
    Path("sbom.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(f"sbom.json: {len(document['components'])} libraries\n")


if __name__ == "__main__":
    main()
