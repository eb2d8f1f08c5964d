"""The indices in use exist after every deployment, and whoever reads the control item can rely on it."""

from __future__ import annotations

import pytest

from broadsheet.errors import ConfigurationError, InfrastructureError
from broadsheet.generations import CONTROL_ID, Control, active_generations, ensure_generations, read_control
from broadsheet.index.generations import CURRENT_GENERATION
from broadsheet.ports import JsonObject
from broadsheet.settings import IndicesSettings
from tests.fakes import MemoryAdmin, MemoryLedger

SETTINGS = IndicesSettings(opensearch_url="http://engine", ledger_table="ledger", index_prefix="t")
ARTICLES, COMMENTS = "t-articles-v1", "t-comments-v1"


def test_a_new_deployment_gets_indices_aliases_and_a_control_item():
    admin, control = MemoryAdmin(), MemoryLedger()

    ensured = ensure_generations(admin, control, SETTINGS)

    assert set(admin.indices) == {ARTICLES, COMMENTS}
    assert admin.pointers == {
        "t-articles": ARTICLES,
        "t-comments": COMMENTS,
        f"{ARTICLES}-write": ARTICLES,
        f"{COMMENTS}-write": COMMENTS,
    }
    assert read_control(control) == Control(active=(1,), search=1, highest=1, releases={1: CURRENT_GENERATION}, epoch=1)
    assert (ensured.active, ensured.search) == ((1,), 1)
    assert (ensured.created, ensured.recreated) == ([ARTICLES, COMMENTS], [])
    assert ensured.pointed == ["t-articles", "t-comments"]


def test_the_stage_settings_reach_the_indices():
    admin = MemoryAdmin()
    settings = IndicesSettings(
        opensearch_url="http://engine", ledger_table="ledger", index_prefix="t", shards=2, refresh_interval="1s"
    )

    ensure_generations(admin, MemoryLedger(), settings)

    index = admin.indices[ARTICLES]["settings"]["index"]
    assert (index["number_of_shards"], index["auto_expand_replicas"], index["refresh_interval"]) == (2, "0-1", "1s")


def test_a_second_run_changes_nothing():
    admin, control = MemoryAdmin(), MemoryLedger()
    ensure_generations(admin, control, SETTINGS)
    before = (dict(admin.indices), dict(admin.pointers), control.writes)

    ensured = ensure_generations(admin, control, SETTINGS)

    assert (admin.indices, admin.pointers, control.writes) == before
    assert (ensured.created, ensured.recreated, ensured.pointed) == ([], [], [])


def test_of_two_runs_at_once_one_records_and_both_agree():
    admin, control = MemoryAdmin(), MemoryLedger()

    class Overtaken(MemoryAdmin):
        """Lets another run do everything after this one looked for the control item."""

        def create(self, index: str, body: JsonObject) -> bool:
            if not admin.indices:
                ensure_generations(admin, control, SETTINGS)
            return admin.create(index, body)

        def aliases(self, name: str) -> list[str]:
            return admin.aliases(name)

    ensured = ensure_generations(Overtaken(), control, SETTINGS)

    assert ensured.active == (1,)
    assert ensured.created == []
    assert control.writes == 1


def test_a_run_that_died_before_the_control_item_is_completed():
    admin, control = MemoryAdmin(), MemoryLedger()
    complete = MemoryAdmin()
    ensure_generations(complete, MemoryLedger(), SETTINGS)
    admin.create(ARTICLES, complete.indices[ARTICLES])

    ensured = ensure_generations(admin, control, SETTINGS)

    assert ensured.created == [COMMENTS]
    assert active_generations(control) == (1,)


def test_an_index_in_use_that_vanished_is_made_again_and_reported():
    admin, control = MemoryAdmin(), MemoryLedger()
    ensure_generations(admin, control, SETTINGS)
    admin.delete(COMMENTS)

    ensured = ensure_generations(admin, control, SETTINGS)

    assert (ensured.created, ensured.recreated) == ([], [COMMENTS])
    assert admin.aliases("t-comments") == [COMMENTS]


def test_a_lost_write_alias_is_set_again():
    admin, control = MemoryAdmin(), MemoryLedger()
    ensure_generations(admin, control, SETTINGS)
    del admin.pointers[f"{ARTICLES}-write"]

    ensure_generations(admin, control, SETTINGS)

    assert admin.aliases(f"{ARTICLES}-write") == [ARTICLES]


def test_a_search_alias_that_points_elsewhere_is_neither_moved_nor_accepted():
    admin, control = MemoryAdmin(), MemoryLedger()
    ensure_generations(admin, control, SETTINGS)
    admin.indices["t-articles-v2"] = {}
    admin.point("t-articles", "t-articles-v2")

    with pytest.raises(ConfigurationError, match="t-articles points to t-articles-v2"):
        ensure_generations(admin, control, SETTINGS)
    assert admin.aliases("t-articles") == ["t-articles-v2"]


def test_ingestion_is_told_when_there_are_no_indices_yet():
    with pytest.raises(InfrastructureError) as raised:
        active_generations(MemoryLedger())
    assert raised.value.code == "indices_not_created"


def test_a_control_item_of_before_there_were_fills_is_read():
    control = MemoryLedger()
    control.add({"file_id": CONTROL_ID, "epoch": 7, "active": [1, 3], "search": 1})

    assert read_control(control) == Control(active=(1, 3), search=1, highest=3, releases={}, epoch=7)


def test_after_the_loss_of_the_ledger_the_engine_says_what_there_is():
    admin, lost = MemoryAdmin(), MemoryLedger()
    ensure_generations(admin, lost, SETTINGS)
    for kind in ("articles", "comments"):
        admin.create(f"t-{kind}-v5", {"aliases": {f"t-{kind}-v5-write": {}}})
    admin.create("t-other-articles-v9", {"aliases": {"t-other-articles-v9-write": {}}})
    admin.move({"t-articles": "t-articles-v5", "t-comments": "t-comments-v5"})
    control = MemoryLedger()

    ensured = ensure_generations(admin, control, SETTINGS)

    assert (ensured.active, ensured.search, ensured.pointed) == ((1, 5), 5, [])
    assert read_control(control).highest == 5
    assert set(admin.indices) == {ARTICLES, COMMENTS, "t-articles-v5", "t-comments-v5", "t-other-articles-v9"}
