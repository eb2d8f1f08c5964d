"""Dead letters go back to the queue, sent before they are deleted, within limit and time."""

from __future__ import annotations

import pytest

from broadsheet.dead_letters import MOST_REDRIVEN, read_limit, redrive
from broadsheet.errors import InfrastructureError, RequestError
from tests.fakes import MemoryDeadLetters, RecordingQueue, Unreachable


def letters(count):
    return MemoryDeadLetters(*(f"message {number}" for number in range(count)))


def test_every_dead_letter_is_sent_as_it_was():
    dead, queue = letters(25), RecordingQueue()

    answer = redrive(dead, queue, limit=100, remaining=lambda: 1)

    assert answer == {"redriven": 25, "left": 0}
    assert queue.sent == [f"message {number}" for number in range(25)]


@pytest.mark.parametrize("limit", [1, 10, 12])
def test_no_more_than_the_limit_are_sent(limit):
    dead, queue = letters(25), RecordingQueue()

    assert redrive(dead, queue, limit=limit, remaining=lambda: 1) == {"redriven": limit, "left": 25 - limit}
    assert len(queue.sent) == limit


def test_it_ends_when_its_time_does():
    left = iter([1, 1, 0])

    assert redrive(letters(25), RecordingQueue(), limit=100, remaining=lambda: next(left))["redriven"] == 20


def test_what_could_not_be_sent_is_not_deleted():
    dead = letters(3)

    with pytest.raises(InfrastructureError):
        redrive(dead, Unreachable(), limit=100, remaining=lambda: 1)
    assert dead.count() == 3


def test_the_limit_is_all_that_one_call_may_take_unless_given():
    assert (read_limit({}), read_limit({"limit": 3})) == (MOST_REDRIVEN, 3)


@pytest.mark.parametrize("fields", [{"limit": 0}, {"limit": MOST_REDRIVEN + 1}, {"limit": "3"}, {"limits": 3}])
def test_a_mistaken_limit_is_refused(fields):
    with pytest.raises(RequestError):
        read_limit(fields)
