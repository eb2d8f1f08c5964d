"""Which generations of the indices are in use: created at deploy, recorded in one control item of the ledger's table.

The item says which generations ingestion writes (``active``), which one queries see (``search``), the highest number
there ever was (``highest``: numbers are not used again, since items of the ledger remember them), and of which released
files each is made (``releases``). It is written after the indices and their aliases exist, so that whoever reads it can
rely on them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from broadsheet.errors import ConfigurationError, InfrastructureError
from broadsheet.index.generations import CURRENT_GENERATION, index_body
from broadsheet.index.names import KINDS, IndexNames, Kind
from broadsheet.ports import IndexAdmin, JsonObject, LedgerStore
from broadsheet.settings import IndicesSettings

CONTROL_ID = "control:generations"
"""``file_id`` of the control item; no hash of a file has a colon."""


@dataclass(frozen=True, slots=True)
class Control:
    """The control item; ``epoch`` grows with every change of it.

    ``checked`` is how far the table was found to have the newest generation, see ``rebuild``. ``recovering`` is the
    generation that was begun because the ledger was restored: those before it may hold what nobody remembers.
    """

    active: tuple[int, ...] = (1,)
    search: int = 1
    highest: int = 1
    releases: Mapping[int, int] = field(default_factory=lambda: {1: CURRENT_GENERATION})
    checked: str = ""
    complete: bool = False
    recovering: int = 0
    epoch: int = 1

    def release(self, generation: int) -> int:
        """Return the number of the files a generation is made of."""
        return self.releases.get(generation, generation)

    def to_json(self) -> JsonObject:
        """Return the stored form."""
        return {
            "file_id": CONTROL_ID,
            "epoch": self.epoch,
            "active": list(self.active),
            "search": self.search,
            "highest": self.highest,
            "releases": {str(number): release for number, release in self.releases.items()},
            "checked": self.checked,
            "complete": self.complete,
            "recovering": self.recovering,
        }

    @classmethod
    def from_json(cls, item: JsonObject) -> Control:
        """Read the stored form."""
        return cls(
            active=tuple(item["active"]),
            search=item["search"],
            highest=item.get("highest", max(item["active"])),
            releases={int(number): release for number, release in item.get("releases", {}).items()},
            checked=item.get("checked", ""),
            complete=item.get("complete", False),
            recovering=item.get("recovering", 0),
            epoch=item["epoch"],
        )


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


def read_control(control: LedgerStore) -> Control:
    """Return the control item; raise InfrastructureError before there is any."""
    item = control.get(CONTROL_ID)
    if item is None:
        raise InfrastructureError(
            "the indices are not created yet; run the indices function", code="indices_not_created"
        )
    return Control.from_json(item)


def active_generations(control: LedgerStore) -> tuple[int, ...]:
    """Return the generations that every document is written to; raise InfrastructureError before there are any."""
    return read_control(control).active


def ensure_generations(admin: IndexAdmin, control: LedgerStore, settings: IndicesSettings) -> Ensured:
    """Make the indices in use exist, the first ones when none are; safe to repeat and to run twice at once.

    A search alias that points somewhere is left alone: moving queries to another generation is no matter of a
    deployment. Raise ConfigurationError when it points elsewhere than the control item says.
    """
    names = IndexNames(settings.index_prefix)
    known = control.get(CONTROL_ID)
    # A ledger that was lost: the engine still knows what there was.
    item = Control.from_json(known) if known else control_of_engine(admin, names) or Control()
    newest = max(item.releases.values(), default=0)
    if newest > CURRENT_GENERATION:
        raise ConfigurationError(
            f"the indices are made of mapping {newest}, and this package knows none after {CURRENT_GENERATION}: it is "
            "older than what is deployed. Deploy the newer package; to go back, make a generation of the older mapping "
            "first (generations fill, swap, drop)."
        )
    missing = [
        index
        for generation in item.active
        for index in create_generation(admin, names, generation, settings, release=item.release(generation))
    ]
    pointed = [alias for kind in KINDS if (alias := _point(admin, names, kind, item.search))]
    if known is None and control.add(item.to_json()):
        # Another run was faster: what it recorded counts, and repeating the rest does no harm.
        return ensure_generations(admin, control, settings)
    return Ensured(
        active=item.active,
        search=item.search,
        created=[] if known else missing,
        recreated=missing if known else [],
        pointed=pointed,
    )


def control_of_engine(admin: IndexAdmin, names: IndexNames) -> Control | None:
    """Return what the indices themselves say, None when there are none.

    Every generation that has an index is active, so that none is behind; the files they are made of are not known, and
    the newest are assumed.
    """
    found = generations_of_engine(admin, names)
    if not found:
        return None
    targets = admin.aliases(names.search_alias("articles"))
    pointed = [number for number in found if names.index("articles", number) in targets]
    return Control(
        active=tuple(found),
        search=pointed[0] if pointed else found[-1],
        highest=found[-1],
        releases=dict.fromkeys(found, CURRENT_GENERATION),
    )


def generations_of_engine(admin: IndexAdmin, names: IndexNames) -> list[int]:
    """Return the numbers of all generations that have an index, in order."""
    pattern = re.compile(rf"{re.escape(names.prefix)}-(?:{'|'.join(KINDS)})-v(\d+)")
    indices = admin.aliases(f"{names.prefix}-*-write")
    return sorted({int(match[1]) for index in indices if (match := pattern.fullmatch(index))})


def create_generation(
    admin: IndexAdmin, names: IndexNames, generation: int, settings: IndicesSettings, *, release: int
) -> list[str]:
    """Create what is missing of a generation, from the files of a release; return the names of the indices made."""
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
            release=release,
        )
        if admin.create(index, body):
            created.append(index)
        elif not admin.aliases(write_alias):
            admin.point(write_alias, index)
    return created


def change_control(control: LedgerStore, old: Control, new: Control) -> Control:
    """Store a change of the control item and return it; raise InfrastructureError when somebody else changed it."""
    changed = replace(new, epoch=old.epoch + 1)
    if not control.put(changed.to_json(), expected={"epoch": old.epoch}):
        raise InfrastructureError("the generations were changed by somebody else meanwhile; try again", code="changed")
    return changed


def _point(admin: IndexAdmin, names: IndexNames, kind: Kind, generation: int) -> str | None:
    """Point a search alias that points nowhere; return its name when that was so."""
    alias, index = names.search_alias(kind), names.index(kind, generation)
    target = admin.aliases(alias)
    if target == [index]:
        return None
    if target:
        raise ConfigurationError(
            f"the alias {alias} points to {', '.join(target)}, but the control item says {index}; "
            "point the alias back; or, if the ledger was restored, have the item follow the engine (action recover)"
        )
    admin.point(alias, index)
    return alias
