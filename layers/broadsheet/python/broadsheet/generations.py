"""Which generations of the indices are in use: created at deploy, recorded in one control item of the ledger's table.

The item says which generations ingestion writes (``active``) and which one queries see (``search``). It is written
after the indices and their aliases exist, so that whoever reads it can rely on them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from broadsheet.errors import ConfigurationError, InfrastructureError
from broadsheet.index.generations import CURRENT_GENERATION, index_body
from broadsheet.index.names import KINDS, IndexNames, Kind
from broadsheet.ports import IndexAdmin, JsonObject, LedgerStore
from broadsheet.settings import IndicesSettings

CONTROL_ID = "control:generations"
"""``file_id`` of the control item; no hash of a file has a colon."""


@dataclass(frozen=True, slots=True)
class Ensured:
    """What is in use, and what this call did for it.

    ``recreated`` are indices that were in use and had vanished: they are empty now, although the ledger calls their
    files indexed, so that every file has to be read again.
    """

    active: tuple[int, ...]
    search: int
    created: list[str] = field(default_factory=list)
    recreated: list[str] = field(default_factory=list)
    pointed: list[str] = field(default_factory=list)


def active_generations(control: LedgerStore) -> tuple[int, ...]:
    """Return the generations that every document is written to; raise InfrastructureError before there are any."""
    item = control.get(CONTROL_ID)
    if item is None:
        raise InfrastructureError(
            "the indices are not created yet; run the indices function", code="indices_not_created"
        )
    return tuple(item["active"])


def ensure_generations(admin: IndexAdmin, control: LedgerStore, settings: IndicesSettings) -> Ensured:
    """Make the indices in use exist, the first ones when none are; safe to repeat and to run twice at once.

    A search alias that points somewhere is left alone: moving queries to another generation is no matter of a
    deployment. Raise ConfigurationError when it points elsewhere than the control item says.
    """
    names = IndexNames(settings.index_prefix)
    known = control.get(CONTROL_ID)
    item: JsonObject = known or {
        "file_id": CONTROL_ID,
        "epoch": 1,
        "active": [CURRENT_GENERATION],
        "search": CURRENT_GENERATION,
    }
    missing = [index for generation in item["active"] for index in _create(admin, names, generation, settings)]
    pointed = [alias for kind in KINDS if (alias := _point(admin, names, kind, item["search"]))]
    if known is None and not control.put(item, expected=None):
        # Another run was faster: what it recorded counts, and repeating the rest does no harm.
        return ensure_generations(admin, control, settings)
    return Ensured(
        active=tuple(item["active"]),
        search=item["search"],
        created=[] if known else missing,
        recreated=missing if known else [],
        pointed=pointed,
    )


def _create(admin: IndexAdmin, names: IndexNames, generation: int, settings: IndicesSettings) -> list[str]:
    """Create what is missing of a generation; return the names of the indices made."""
    created = []
    for kind in KINDS:
        index, write_alias = names.index(kind, generation), names.write_alias(kind, generation)
        body = index_body(
            kind,
            generation,
            shards=settings.shards,
            replicas=settings.replicas,
            refresh_interval=settings.refresh_interval,
            names=names,
        )
        if admin.create(index, body):
            created.append(index)
        elif not admin.aliases(write_alias):
            admin.point(write_alias, index)
    return created


def _point(admin: IndexAdmin, names: IndexNames, kind: Kind, generation: int) -> str | None:
    """Point a search alias that points nowhere; return its name when that was so."""
    alias, index = names.search_alias(kind), names.index(kind, generation)
    target = admin.aliases(alias)
    if target == [index]:
        return None
    if target:
        raise ConfigurationError(
            f"the alias {alias} points to {', '.join(target)}, but the control item says {index}; "
            "point the alias back, or restore the control item of the ledger"
        )
    admin.point(alias, index)
    return alias
