"""Messages of the queue given to ingest by hand, as the mapping from one to the other does it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.deploy.steps import check, soon
from tests.deploy.world import World

# What a returned message is hidden for at first, and a little more; the queue's own time is half an hour.
BACK_SECONDS = 10.0


@contextmanager
def delivered_by_hand(world: World) -> Iterator[None]:
    """Stop the mapping from the queue to ingest, so that every invocation is one of ours."""
    client = world.clients("lambda")
    (mapping,) = client.list_event_source_mappings()["EventSourceMappings"]
    client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    soon(lambda: is_quiet(world), "the end of what is under way")
    try:
        yield
    finally:
        client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def purge(world: World) -> None:
    """Empty the queue."""
    world.clients("sqs").purge_queue(QueueUrl=world.queue_url("Files"))


def invoke(world: World, function: str, event: Mapping[str, Any]) -> dict[str, Any]:
    """Invoke a function and return its answer; raise AssertionError when it failed."""
    answer = world.clients("lambda").invoke(FunctionName=world.function(function), Payload=json.dumps(event).encode())
    payload = json.loads(answer["Payload"].read())
    check("FunctionError" not in answer, payload)
    return dict(payload)


def deliver(world: World) -> None:
    """Give the waiting messages to ingest, as the mapping does; raise AssertionError when one must come back."""
    answer, messages = try_to_deliver(world)
    check(answer["batchItemFailures"] == [], answer)
    for message in messages:
        world.clients("sqs").delete_message(QueueUrl=world.queue_url("Files"), ReceiptHandle=message["ReceiptHandle"])


def try_to_deliver(world: World) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Give the waiting messages to ingest; return its answer, and the messages, which stay in the queue."""
    messages: list[dict[str, Any]] = soon(lambda: receive(world), "a message", seconds=BACK_SECONDS)
    records = [
        {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": {"ApproximateReceiveCount": "1"},
        }
        for message in messages
    ]
    return invoke(world, "ingest", {"Records": records}), messages


def receive(world: World) -> list[dict[str, Any]]:
    """Return waiting messages, at most ten."""
    answer = world.clients("sqs").receive_message(QueueUrl=world.queue_url("Files"), MaxNumberOfMessages=10)
    return list(answer.get("Messages", ()))


def waiting(world: World) -> int:
    """Return how many messages wait."""
    return count(world.clients("sqs"), world.queue_url("Files"))


def count(sqs: Any, url: str) -> int:
    """Return how many messages of a queue wait."""
    wanted = "ApproximateNumberOfMessages"
    return int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[wanted])["Attributes"][wanted])


def is_quiet(world: World) -> bool:
    """Tell whether no message waits, or is being worked on."""
    wanted = [f"ApproximateNumberOfMessages{which}" for which in ("", "NotVisible", "Delayed")]
    counted = world.clients("sqs").get_queue_attributes(QueueUrl=world.queue_url("Files"), AttributeNames=wanted)
    return set(counted["Attributes"].values()) == {"0"}
