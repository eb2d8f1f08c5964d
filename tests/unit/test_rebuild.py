"""A generation's life: filled, compared, swapped, rolled back, dropped; nothing is moved too early."""

from __future__ import annotations

from dataclasses import replace

import pytest

from broadsheet.errors import ConflictError, EngineError, InfrastructureError, RequestError
from broadsheet.generations import Control, change_control, ensure_generations, read_control
from broadsheet.index.generations import CURRENT_GENERATION
from broadsheet.ledger_item import LedgerItem
from broadsheet.rebuild import Rebuild
from broadsheet.settings import IndicesSettings
from tests.fakes import MemoryAdmin, MemoryLedger

SETTINGS = IndicesSettings(opensearch_url="http://engine", ledger_table="ledger", index_prefix="t")


def always() -> float:
    return 1.0


class Counts:
    """ports.SearchEngine that counts by alias, and refuses aliases that point nowhere."""

    def __init__(self, admin: MemoryAdmin) -> None:
        self.admin = admin
        self.documents: dict[str, int] = {}

    def search(self, index, body):
        raise NotImplementedError

    def multi_search(self, searches):
        if any(not self.admin.aliases(index) for index, _ in searches):
            raise EngineError("no such alias")
        return [{"hits": {"total": {"value": self.documents.get(index, 0)}}} for index, _ in searches]


class System:
    def __init__(self) -> None:
        self.admin = MemoryAdmin()
        self.ledger = MemoryLedger()
        self.counts = Counts(self.admin)
        ensure_generations(self.admin, self.ledger, SETTINGS)
        self.rebuild = Rebuild(self.admin, self.ledger, self.ledger, self.counts, SETTINGS)

    @property
    def control(self) -> Control:
        return read_control(self.ledger)

    def store(self, name: str, *generations: int, status="indexed") -> None:
        item = LedgerItem(name, "uploads", name, generations=generations, status=status, updated_at="t")
        if self.ledger.add(item.to_json()):
            assert self.ledger.put(item.to_json(), expected={"epoch": 0})

    def act(self, action, remaining=always, **fields):
        return self.rebuild.act({"action": action, **fields}, remaining=remaining)

    def searched(self) -> set[str]:
        return {index for kind in ("articles", "comments") for index in self.admin.aliases(f"t-{kind}")}

    def filled(self) -> None:
        self.act("fill")
        assert self.rebuild.state(remaining=always)["filled"]


@pytest.fixture
def system():
    return System()


def code_of(error):
    return error.value.code


def test_a_fill_makes_the_indices_before_anybody_writes_to_them(system):
    state = system.act("fill")

    assert (state["active"], state["search"], state["filling"]) == ([1, 2], 1, 2)
    assert system.searched() == {"t-articles-v1", "t-comments-v1"}
    assert system.admin.aliases("t-comments-v2-write") == ["t-comments-v2"]
    released = [system.admin.indices[f"t-articles-v{number}"]["mappings"] for number in (1, 2)]
    assert released[0] == released[1]
    assert system.control.release(2) == CURRENT_GENERATION


def test_a_deployment_with_a_newer_mapping_moves_nothing_until_an_operator_does(system):
    older = system.control
    change_control(system.ledger, older, replace(older, releases={1: CURRENT_GENERATION - 1}))
    system.store("a", 1)
    before = dict(system.admin.indices)

    ensured = ensure_generations(system.admin, system.ledger, SETTINGS)

    assert (ensured.active, ensured.search, ensured.created, ensured.recreated) == ((1,), 1, [], [])
    assert system.admin.indices == before
    assert system.rebuild.state(remaining=always)["outdated"] is True
    system.act("fill")
    # Deployments in between leave the search where it is, too.
    ensure_generations(system.admin, system.ledger, SETTINGS)
    assert system.searched() == {"t-articles-v1", "t-comments-v1"}
    system.store("a", 1, 2)
    system.act("swap")
    assert system.searched() == {"t-articles-v2", "t-comments-v2"}
    assert system.rebuild.state(remaining=always)["outdated"] is False


def test_a_fill_that_is_under_way_is_not_begun_again(system):
    assert system.act("fill") == system.act("fill")
    assert system.control.highest == 2


def test_numbers_are_never_used_again(system):
    system.act("fill")
    system.act("drop", generation=2)

    system.act("fill")

    assert system.control.active == (1, 3)
    assert set(system.admin.indices) == {"t-articles-v1", "t-comments-v1", "t-articles-v3", "t-comments-v3"}


def test_what_a_fill_that_died_left_is_not_reused_and_goes_with_the_next_drop(system):
    system.admin.create("t-articles-v2", {"aliases": {"t-articles-v2-write": {}}})

    system.filled()
    assert system.control.active == (1, 3)
    system.act("swap")
    system.act("drop")

    assert set(system.admin.indices) == {"t-articles-v3", "t-comments-v3"}


@pytest.mark.parametrize("status", ["processing", "indexed", "partial", "empty", "deleted"])
def test_a_fill_is_not_done_while_an_item_lacks_it(system, status):
    system.store("a", 1, 2)
    system.store("b", 1, status=status)
    system.store("c", 1, 2)

    assert system.act("fill")["filled"] is False
    with pytest.raises(ConflictError) as error:
        system.act("swap")
    assert code_of(error) == "not_filled"

    system.store("b", 1, 2, status=status)
    assert system.rebuild.state(remaining=always)["filled"] is True


@pytest.mark.parametrize("status", ["failed", "skipped"])
def test_what_is_in_no_index_blocks_no_fill(system, status):
    system.store("a", 1, status=status)

    assert system.act("fill")["filled"] is True


def test_the_look_through_the_ledger_goes_on_where_its_time_ended(system):
    for number in range(10):
        system.store(f"{number}", 1, 2)
    looked = []
    scan = system.ledger.scan

    def recorded(*, after):
        for item in scan(after=after):
            looked.append(item["file_id"])
            yield item

    system.ledger.scan = recorded

    def remaining_for(count):
        left = iter(range(count, -1, -1))
        return lambda: next(left)

    assert system.act("fill", remaining=remaining_for(4))["filled"] is False
    assert system.rebuild.state(remaining=remaining_for(4))["filled"] is False
    assert system.rebuild.state(remaining=always)["filled"] is True
    assert sorted(set(looked)) == sorted(looked[:5] + looked[6:10] + looked[11:])


def test_a_swap_moves_both_aliases_and_the_old_one_is_still_written(system):
    system.filled()

    state = system.act("swap")

    assert system.searched() == {"t-articles-v2", "t-comments-v2"}
    assert (state["active"], state["search"], state["filling"], state["filled"]) == ([1, 2], 2, None, None)


def test_a_generation_with_fewer_documents_needs_a_word(system):
    system.filled()
    system.counts.documents = {"t-articles-v1-write": 5, "t-articles-v2-write": 4, "t-comments-v2-write": 9}

    with pytest.raises(ConflictError, match="4 articles instead of 5") as error:
        system.act("swap")
    assert code_of(error) == "fewer_documents"
    assert system.searched() == {"t-articles-v1", "t-comments-v1"}

    assert system.act("swap", accept_difference=True)["search"] == 2


def test_rolling_back_and_swapping_again(system):
    system.filled()
    system.act("swap")

    assert system.act("rollback")["search"] == 1
    assert system.searched() == {"t-articles-v1", "t-comments-v1"}
    assert system.act("swap")["search"] == 2


def test_only_after_a_swap_the_old_one_is_dropped(system):
    system.filled()
    with pytest.raises(ConflictError) as error:
        system.act("drop")
    assert code_of(error) == "nothing_to_drop"
    system.act("swap")

    state = system.act("drop")

    assert (state["active"], system.control.highest) == ([2], 2)
    assert set(system.admin.indices) == {"t-articles-v2", "t-comments-v2"}


@pytest.mark.parametrize(
    ("action", "fields", "code"),
    [
        ("swap", {}, "nothing_to_swap"),
        ("rollback", {}, "nothing_to_roll_back"),
        ("drop", {}, "nothing_to_drop"),
        ("drop", {"generation": 1}, "in_use"),
        ("drop", {"generation": 7}, "nothing_to_drop"),
    ],
)
def test_what_has_nothing_to_act_on_says_so(system, action, fields, code):
    with pytest.raises(ConflictError) as error:
        system.act(action, **fields)
    assert code_of(error) == code
    assert system.control == Control()


def test_a_drop_that_died_between_its_steps_is_completed(system):
    system.filled()
    system.act("swap")

    class Dying(MemoryAdmin):
        def delete(self, index):
            raise EngineError("away")

    dying = Dying()
    dying.indices, dying.pointers = system.admin.indices, system.admin.pointers
    with pytest.raises(EngineError):
        Rebuild(dying, system.ledger, system.ledger, system.counts, SETTINGS).drop()
    assert system.control.active == (2,)

    system.act("drop")

    assert set(system.admin.indices) == {"t-articles-v2", "t-comments-v2"}


def test_after_a_restored_ledger_the_control_item_follows_the_engine(system):
    old = system.ledger.get("control:generations")
    system.filled()
    system.act("swap")
    system.act("drop")
    system.ledger.put({**old, "epoch": 99}, expected={"epoch": system.control.epoch})

    system.act("recover")

    assert (system.control.active, system.control.search, system.control.highest) == ((2, 3), 2, 3)
    assert system.act("fill")["active"] == [2, 3]


def test_after_a_ledger_restored_during_a_fill_another_generation_is_begun(system):
    old = system.ledger.get("control:generations")
    system.act("fill")
    system.ledger.put({**old, "epoch": 99}, expected={"epoch": system.control.epoch})

    system.act("recover")

    assert (system.control.active, system.control.search) == ((1, 2, 3), 1)


def test_of_two_changes_at_once_one_is_refused(system):
    class Overtaken(MemoryAdmin):
        def create(self, index, body):
            if system.control.highest == 1:
                system.rebuild.begin_fill()
            return super().create(index, body)

    overtaken = Overtaken()
    overtaken.indices, overtaken.pointers = system.admin.indices, system.admin.pointers
    with pytest.raises(InfrastructureError):
        Rebuild(overtaken, system.ledger, system.ledger, system.counts, SETTINGS).begin_fill()
    assert system.control.active == (1, 2)


@pytest.mark.parametrize("fields", [{}, {"action": "fil"}, {"action": "drop", "generation": "1"}, {"action": None}])
def test_a_mistaken_request_changes_nothing(system, fields):
    with pytest.raises(RequestError):
        system.rebuild.act(fields, remaining=always)
    assert system.control == Control()


def test_what_follows_a_restored_ledger_cannot_be_given_up(system):
    system.act("fill")
    system.act("recover")

    with pytest.raises(ConflictError) as caught:
        system.act("drop", generation=3)

    assert caught.value.code == "recovering"
    assert system.control.active == (1, 2, 3)


def test_recovering_again_sets_the_one_before_free(system):
    system.act("recover")
    system.act("recover")

    system.act("drop", generation=2)

    assert system.control.active == (1, 3)
