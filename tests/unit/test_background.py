"""The thread that sends bulks."""

from __future__ import annotations

import sys

import pytest

from broadsheet.adapters.background import SWITCH_SECONDS, Sender


def test_threads_change_turns_fast_only_while_a_call_is_under_way() -> None:
    usual = sys.getswitchinterval()
    during = Sender().submit(lambda _: sys.getswitchinterval(), None).result()
    assert during == pytest.approx(SWITCH_SECONDS)
    assert sys.getswitchinterval() == usual


def test_a_call_that_fails_says_so_and_leaves_nothing_changed() -> None:
    usual = sys.getswitchinterval()
    with pytest.raises(ZeroDivisionError):
        Sender().submit(lambda number: 1 / number, 0).result()
    assert sys.getswitchinterval() == usual
