"""The life of a generation of the indices: filled beside the one in use, compared, put in its place, dropped.

A fill begins by creating the indices and adding the generation to the active ones: from then on every outcome is
written to both. Reconciliation re-drives every file that the new one lacks. When no item of the ledger lacks it, the
search aliases move in one step. The old generation is written until it is dropped, so that rolling back loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from broadsheet.errors import ConflictError, ParameterProblem
from broadsheet.generations import (
    Control,
    change_control,
    control_of_engine,
    create_generation,
    generations_of_engine,
    read_control,
)
from broadsheet.index.generations import CURRENT_GENERATION
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.ports import GenerationAdmin, JsonObject, LedgerScan, LedgerStore, SearchEngine
from broadsheet.request_body import read_fields
from broadsheet.search.parameters import refusal
from broadsheet.settings import IndicesSettings

ACTION_FIELDS: Mapping[str, type] = {"action": str, "generation": int, "accept_difference": bool}
ACTIONS = ("fill", "swap", "rollback", "drop", "recover")
# Nothing of them is in any generation.
_NOT_INDEXED = frozenset({"failed", "skipped"})


class Rebuild:
    """Every method but ``state`` raises ConflictError when something else has to come first, and can be repeated."""

    def __init__(
        self,
        admin: GenerationAdmin,
        control: LedgerStore,
        table: LedgerScan,
        engine: SearchEngine,
        settings: IndicesSettings,
    ) -> None:
        self._admin = admin
        self._control = control
        self._table = table
        self._engine = engine
        self._settings = settings
        self._names = IndexNames(settings.index_prefix)

    def act(self, given: Mapping[str, Any], *, remaining: Callable[[], float]) -> JsonObject:
        """Do what ``{"action", "generation", "accept_difference"}`` asks for and answer the state after it.

        Raise RequestError with one problem per wrong field.
        """
        fields = read_fields(given, ACTION_FIELDS)
        match fields.get("action"):
            case "fill":
                self.begin_fill()
            case "swap":
                self.swap(accept_difference=fields.get("accept_difference", False), remaining=remaining)
            case "rollback":
                self.roll_back()
            case "drop":
                self.drop(fields.get("generation"))
            case "recover":
                self.recover()
            case _:
                sentence = f"action must be one of {', '.join(ACTIONS)}."
                raise refusal([ParameterProblem("action", "not_a_choice", sentence)])
        return self.state(remaining=remaining)

    def state(self, *, remaining: Callable[[], float]) -> JsonObject:
        """Answer which generations there are, how many documents each has, and whether the newest is filled.

        ``outdated`` says that there is a newer mapping than that of the newest generation.
        ``remaining`` bounds the look through the ledger in seconds; the next call goes on where this one ended.
        """
        control = self._checked(read_control(self._control), remaining)
        return {
            "active": list(control.active),
            "search": control.search,
            "filling": _filling(control),
            "filled": control.complete if _filling(control) else None,
            "outdated": control.release(max(control.active)) < CURRENT_GENERATION,
            "documents": {str(number): counts for number, counts in self._documents(control.active).items()},
        }

    def begin_fill(self) -> int:
        """Create a generation with a number that was never used, and have everything written to it; return it.

        One that is being filled already is returned instead: to begin anew, drop it first.
        """
        control = read_control(self._control)
        if under_way := _filling(control):
            return under_way
        return self._add(control, control)

    def swap(self, *, accept_difference: bool, remaining: Callable[[], float]) -> None:
        """Move searching to the generation that was filled.

        Refused while a file lacks it, and when it holds fewer documents than the one in use, unless the difference is
        accepted: another reader or a take-down may be the reason.
        """
        control = self._checked(read_control(self._control), remaining)
        number = _filling(control)
        if number is None:
            raise ConflictError("no generation is being filled: fill one first", code="nothing_to_swap")
        if not control.complete:
            raise ConflictError(
                f"generation {number} is not filled yet: some files are not in it. Run reconcile, and wait until the "
                "queue is empty.",
                code="not_filled",
            )
        documents = self._documents((control.search, number))
        fewer = [kind for kind in KINDS if documents[number][kind] < documents[control.search][kind]]
        if fewer and not accept_difference:
            differences = ", ".join(
                f"{documents[number][kind]} {kind} instead of {documents[control.search][kind]}" for kind in fewer
            )
            raise ConflictError(
                f"generation {number} holds {differences}. What was just indexed shows after some seconds; if the "
                "difference is wanted, accept it.",
                code="fewer_documents",
            )
        self._search(control, number)

    def roll_back(self) -> None:
        """Move searching back to the generation before: it was written all the time."""
        control = read_control(self._control)
        previous = [number for number in control.active if number < control.search]
        if not previous:
            raise ConflictError("there is no earlier generation to go back to", code="nothing_to_roll_back")
        self._search(control, previous[-1])

    def drop(self, generation: int | None = None) -> None:
        """Stop writing the generations before the one in use, and delete their indices.

        ``generation`` names another one, to give up its fill, unless that repairs what a restored ledger has forgotten.
        Indices that an earlier drop left are deleted with them.
        """
        control = read_control(self._control)
        if generation is None:
            dropped = {number for number in control.active if number < control.search}
        else:
            dropped = {generation} & set(control.active)
        if generation == control.search:
            raise ConflictError(f"generation {generation} is the one that is searched", code="in_use")
        if generation == control.recovering and generation in dropped:
            raise ConflictError(
                f"generation {generation} was begun because the ledger was restored: those before it may hold text "
                "that nobody remembers to remove. Fill it and swap; or recover again, then this one can be dropped.",
                code="recovering",
            )
        left = {
            number
            for number in generations_of_engine(self._admin, self._names)
            if number not in control.active and number <= control.highest
        }
        if not dropped and not left:
            raise ConflictError("there is no such generation to drop: swap comes first", code="nothing_to_drop")
        if dropped:
            # First nobody writes there any more: a write to a deleted alias is refused and its message comes back.
            active = tuple(number for number in control.active if number not in dropped)
            releases = {number: release for number, release in control.releases.items() if number in active}
            change_control(self._control, control, replace(control, active=active, releases=releases))
        for number in sorted(dropped | left):
            for kind in KINDS:
                self._admin.delete(self._names.index(kind, number))

    def recover(self) -> None:
        """Make the control item say what the engine has, after the ledger was restored from an older state.

        Every epoch of the ledger may be behind the index then, in a generation under way too: a new one above all is
        begun. Fill it, swap, and drop all others.
        """
        control = read_control(self._control)
        found = control_of_engine(self._admin, self._names)
        if found is None:
            raise ConflictError("the engine has no indices; run the indices function first", code="nothing_to_recover")
        known = {number: control.release(number) for number in found.active if number in control.active}
        recovered = replace(found, highest=max(found.highest, control.highest), releases={**found.releases, **known})
        self._add(control, recovered, recovers=True)

    def _add(self, control: Control, base: Control, *, recovers: bool = False) -> int:
        """Create a generation above all and put it into the control item, on top of ``base``; return its number."""
        number = max([base.highest, *generations_of_engine(self._admin, self._names)]) + 1
        create_generation(self._admin, self._names, number, self._settings, release=CURRENT_GENERATION)
        changed = replace(
            base,
            active=(*base.active, number),
            highest=number,
            releases={**base.releases, number: CURRENT_GENERATION},
            checked="",
            complete=False,
            recovering=number if recovers else base.recovering,
        )
        change_control(self._control, control, changed)
        return number

    def _search(self, control: Control, number: int) -> None:
        # The aliases first: whoever finds them ahead of the item repeats this.
        self._admin.move({self._names.search_alias(kind): self._names.index(kind, number) for kind in KINDS})
        change_control(self._control, control, replace(control, search=number))

    def _checked(self, control: Control, remaining: Callable[[], float]) -> Control:
        """Look through the ledger for files that the newest generation lacks, from where the last look ended.

        An item that has a generation never loses it, and one that is claimed after the fill began gets it: what was
        passed once need not be looked at again. It is read from the table, not from an index of it, which lags.
        """
        number = _filling(control)
        if number is None or control.complete:
            return control
        checked, complete = control.checked, True
        for item in self._table.scan(after=checked):
            if remaining() <= 0 or (number not in item["generations"] and item["status"] not in _NOT_INDEXED):
                complete = False
                break
            checked = item["file_id"]
        if (checked, complete) == (control.checked, control.complete):
            return control
        return change_control(self._control, control, replace(control, checked=checked, complete=complete))

    def _documents(self, generations: tuple[int, ...]) -> dict[int, dict[str, int]]:
        count = {"size": 0, "track_total_hits": True}
        asked = [(number, kind) for number in generations for kind in KINDS]
        answers = self._engine.multi_search([(self._names.write_alias(kind, number), count) for number, kind in asked])
        documents: dict[int, dict[str, int]] = {number: {} for number in generations}
        for (number, kind), answer in zip(asked, answers, strict=True):
            documents[number][kind] = answer["hits"]["total"]["value"]
        return documents


def _filling(control: Control) -> int | None:
    """Return the generation that is newer than the one in use."""
    newest = max(control.active)
    return newest if newest > control.search else None
