"""Something small that needs each permission: done with it, refused without it."""

from __future__ import annotations

import json
import uuid
from typing import Any

from tests.deploy.delivery import BACK_SECONDS, count, deliver, invoke, receive, try_to_deliver, waiting
from tests.deploy.steps import check, put, soon
from tests.deploy.world import World

# A time limit of ingest at which it goes on by a message after a second, and a file that takes longer.
_SHORT_TIMEOUT = 26
_MANY = 40_000


def ingests_a_file(world: World) -> str:
    """Read a new file and write it to the index; return its key."""
    key = _new_key()
    put(world, key, f"Proof {key}\n\nThe words of a proof.\n")
    deliver(world)
    return key


def returns_a_message_for_a_while(world: World) -> None:
    """While the engine is away, a message comes back after seconds."""
    put(world, _new_key(), "Proof\n\nOf an outage.\n")
    world.gate.away.set()
    try:
        answer, _ = try_to_deliver(world)
        check(answer["batchItemFailures"], answer)
    finally:
        world.gate.away.clear()
    soon(lambda: receive(world), "the message that was returned", seconds=BACK_SECONDS)


def goes_on_with_a_long_file(world: World) -> None:
    """Read a file that takes longer than one invocation has."""
    key = _new_key().replace(".txt", ".jsonl")
    lines = (json.dumps({"id": str(n), "title": f"Long {n}", "body": f"Number {n} of many."}) for n in range(_MANY))
    put(world, key, "\n".join(lines))
    client, name = world.clients("lambda"), world.function("ingest")
    before = client.get_function_configuration(FunctionName=name)["Timeout"]
    client.update_function_configuration(FunctionName=name, Timeout=_SHORT_TIMEOUT)
    try:
        deliver(world)
    finally:
        client.update_function_configuration(FunctionName=name, Timeout=before)
    check(_file(world, key)["status"] == "processing", _file(world, key))
    check(receive(world), "the message to go on with")


def searches_articles(world: World) -> None:
    """Search articles."""
    ok(world, "/search", q="homs", type="article")


def searches_comments(world: World) -> None:
    """Search comments."""
    ok(world, "/search", q="homs", type="comment")


def walks_through_articles(world: World) -> None:
    """Go on with results that hold still."""
    _walks(world, "article")


def walks_through_comments(world: World) -> None:
    """The same with comments."""
    _walks(world, "comment")


def completes_words(world: World) -> None:
    """Suggest."""
    ok(world, "/suggest", q="ho")


def gives_an_original(world: World) -> None:
    """The address of an original, followed."""
    file = _any_file(world)
    link = ok(world, f"/files/{file['file_id']}/original")["url"]
    answer = world.person.pool.request("GET", link)
    check(answer.status == 200, answer.data)


def gives_problems(world: World) -> None:
    """Every problem of a file."""
    check(ok(world, f"/files/{_any_file(world)['file_id']}/problems")["problems"], "problems")


def counts_dead_letters(world: World) -> None:
    """The status names how many dead letters there are."""
    check(isinstance(ok(world, "/status")["dead_letters"], int), "dead letters")


def sees_the_engine(world: World) -> None:
    """The status knows how the engine is."""
    status = ok(world, "/status")
    check(status["engine"]["status"] == "available", status)


def shows_a_file(world: World) -> None:
    """One outcome."""
    ok(world, f"/files/{_any_file(world)['file_id']}")


def lists_files(world: World) -> None:
    """Outcomes."""
    check(ok(world, "/files")["files"], "files")


def takes_a_form(world: World) -> None:
    """Upload by a form."""
    path = world.person.folder / "form.txt"
    path.write_text("A form\n\nWith words.\n", encoding="utf-8")
    world.person.command("upload", str(path), "--prefix", _new_key(), "--via-api", "--no-wait")


def rebuilds(world: World) -> None:
    """Fill, swap and drop a generation."""
    invoke(world, "indices", {"action": "fill"})
    for _ in range(2):
        # As often as one batch holds all that is sent.
        invoke(world, "reconcile", {})
        while waiting(world):
            deliver(world)
    invoke(world, "indices", {"action": "swap", "accept_difference": True})
    state = invoke(world, "indices", {"action": "drop"})
    check(len(state["active"]) == 1, state)


def compares_bucket_and_ledger(world: World) -> None:
    """Walk through both, with a sidecar that is not the next key of its file."""
    key = ingests_a_file(world)
    put(world, f"{key}.meta.json", "{}")
    put(world, f"{key}-2", "Between\n\nThe two.\n")
    deliver(world)
    report = invoke(world, "reconcile", {"dry_run": True, "prefix": key})
    check(report["done"] and not report["reasons"], report)


def sends_what_differs(world: World) -> None:
    """Ask for a file whose event was lost."""
    key = _new_key()
    put(world, key, "Proof\n\nOf a lost event.\n", told=False)
    check(invoke(world, "reconcile", {"prefix": key})["sent"] == 1, "one message")


def compares_by_the_clock(world: World) -> None:
    """Do what the clock asks for, which looks at the queue and keeps its place."""
    check("done" in invoke(world, "reconcile", {"scheduled": True}), "a report")


def redrives(world: World) -> None:
    """Send a dead letter to the queue again."""
    sqs = world.clients("sqs")
    dead = world.queue_url("DeadLetters")
    sqs.purge_queue(QueueUrl=dead)
    sqs.send_message(QueueUrl=dead, MessageBody="{}")
    check("1 dead letter" in world.person.command("redrive"), "redriven")
    soon(lambda: count(sqs, dead) == 0, "no dead letter", seconds=BACK_SECONDS)


def ok(world: World, path: str, **parameters: str) -> dict[str, Any]:
    """Ask the API and return its answer."""
    answer = world.person.get(path, **parameters)
    check(answer.status == 200, (path, answer))
    return answer.json


def _walks(world: World, kind: str) -> None:
    asked = {"q": "homs", "type": kind, "sort": "relevance", "limit": "1"}
    first = ok(world, "/search", **asked)
    second = ok(world, "/search", **asked, cursor=first["next"])
    check(second["results"] and not second.get("drift"), second)


def _any_file(world: World) -> dict[str, Any]:
    return _file(world, "plain.txt")


def _file(world: World, key: str) -> dict[str, Any]:
    """Return an outcome from the ledger itself: what is proven must not decide about it."""
    table = world.clients("dynamodb")
    pages = table.get_paginator("scan").paginate(TableName=world.outputs["LedgerTable"])
    items = [item for page in pages for item in page["Items"] if item.get("key", {}).get("S") == key]
    check(items, f"no outcome of {key}")
    return {"file_id": items[0]["file_id"]["S"], "status": items[0]["status"]["S"]}


def _new_key() -> str:
    return f"proofs/{uuid.uuid4().hex}.txt"
