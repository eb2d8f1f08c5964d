"""What indices are made of: immutable files of analysis and mapping, and the request that creates an index.

Files that were ever deployed are never edited: there are indices whose documents were analysed by them. A change of
analysis or mapping is a new pair of files with the next number (numbers are not reused) and a new CURRENT_GENERATION.
The indices themselves are counted by each archive for itself, from 1: a generation that is filled anew gets a new
number, whether its files are new or not. The files hold nothing that a stage decides: shards, replicas and refresh
are added here.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import orjson

from broadsheet.index.names import IndexNames, Kind

CURRENT_GENERATION = 2
"""The newest files: what a new deployment, and every new generation, is made of."""


def definition(kind: Kind, release: int) -> bytes:
    """Return the file of this number as it was released; raise FileNotFoundError when there is none."""
    return files(__package__).joinpath(f"{kind}.v{release}.json").read_bytes()


def index_body(
    kind: Kind,
    generation: int,
    *,
    shards: int,
    replicas: str,
    refresh_interval: str,
    names: IndexNames,
    release: int = CURRENT_GENERATION,
) -> dict[str, Any]:
    """Return the body that creates the index of a generation with its private write alias.

    ``release`` is the number of the files it is made of.
    ``replicas`` is a range as in OpenSearch's ``auto_expand_replicas``; ``refresh_interval`` a time such as ``5s``.
    """
    body: dict[str, Any] = orjson.loads(definition(kind, release))
    body["settings"]["index"] |= {
        "number_of_shards": shards,
        "auto_expand_replicas": replicas,
        "refresh_interval": refresh_interval,
    }
    body["aliases"] = {names.write_alias(kind, generation): {}}
    return body
