"""What a user does with a deployed system, each thing a step with a name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from infra.local.waiting import wait_for
from tests.deploy.run import Step
from tests.deploy.world import World
from tests.samples import HOMS, HOMS_ARABIC

# The queue's first delivery, a cold start, the engine's refresh.
SOON = 60.0
_HOMS_WORD = "taqiya"
"""A word of one comment of the sample."""


def bootstrap(world: World) -> None:
    """cdk bootstrap"""
    world.cdk.bootstrap()


def deploy(world: World) -> None:
    """cdk deploy"""
    world.deploy("dev")


def doors(world: World) -> None:
    """the API: open, with a key, signed"""
    person = world.person
    status = person.request("GET", "/status")
    check(status.status == 200, status)
    check(status.json["engine"]["status"] == "available", status)
    check(status.json["bucket"] == person.bucket, status)
    check(person.request("GET", "/openapi.json").status == 200, "the description is open")
    without = person.request("GET", "/search?q=homs")
    check((without.status, without.json["code"]) == (403, "api_key_required"), without)
    check(person.get("/search", q="homs").status == 200, "with the key")
    check(person.get("/search", nonsense="1").status == 400, "an unknown parameter")
    if world.enforced:
        for method, path in (("POST", "/uploads"), ("POST", "/reconcile"), ("GET", "/generations")):
            unsigned = person.request(method, path, headers={"x-api-key": person.api_key})
            check((unsigned.status, unsigned.json["code"]) == (403, "unknown_path_or_unsigned"), unsigned)


def upload_by_command(world: World) -> None:
    """upload by the command, outcome, search"""
    person = world.person
    said = person.command("upload", str(HOMS), "--prefix", "command")
    check("indexed" in said, said)
    soon(lambda: person.search(_HOMS_WORD), "the sample")
    status = person.command("status", f"command/{HOMS.name}")
    check("30 comments" in status, status)
    shown = person.command("search", _HOMS_WORD)
    check(_HOMS_WORD in shown, shown)


def upload_by_form(world: World) -> None:
    """upload by a form of POST /uploads"""
    person = world.person
    said = person.command("upload", str(HOMS_ARABIC), "--prefix", "form", "--via-api")
    check("indexed" in said, said)
    soon(lambda: person.search("حمص", lang="ar"), "the Arabic sample")
    hidden = person.folder / "suppress.jsonl"
    hidden.write_text("{}\n", encoding="utf-8")
    refused = person.try_command("upload", str(hidden), "--prefix", ".broadsheet", "--via-api", "--no-wait")
    check(refused.returncode != 0, "what hides things takes no form")


def upload_by_copy(world: World) -> None:
    """s3 cp, original, overwrite, delete"""
    person, key = world.person, "copied/a b.txt"
    put(world, key, "Rain over Tyre\n\nThe harbour was closed by zephyrine winds.\n")
    soon(lambda: person.search("zephyrine"), "the copied file")
    file = person.file(key)
    assert file is not None
    check(file["status"] == "indexed", file)
    link = person.get(f"/files/{file['file_id']}/original").json["url"]
    original = person.pool.request("GET", link)
    check((original.status, b"zephyrine" in original.data) == (200, True), original.data)
    put(world, key, "Sun over Tyre\n\nThe harbour was opened by halcyon skies.\n")
    soon(lambda: person.search("halcyon") and not person.search("zephyrine"), "the new text in place of the old")
    world.clients("s3").delete_object(Bucket=person.bucket, Key=key)
    soon(lambda: person.search("halcyon") == 0, "the deleted text gone")
    soon(lambda: (person.file(key) or {}).get("status") == "deleted", "the outcome of the deletion")


def look_around(world: World) -> None:
    """every reader's path of the API"""
    person = world.person
    article = person.get("/search", q="homs", type="article").json["results"][0]["article"]["article_id"]
    comment = person.get("/search", q=_HOMS_WORD, type="comment").json["results"][0]["comment"]["comment_id"]
    author = person.get("/authors").json["authors"][0]["key"]
    file = person.get("/files", limit="1").json["files"][0]["file_id"]
    page = person.get("/search", type="comment", limit="2", sort="relevance", q="homs").json
    check(page["next"], page)
    paths: list[tuple[str, dict[str, str]]] = [
        ("/search", {"q": "homs", "type": "comment", "limit": "2", "sort": "relevance", "cursor": page["next"]}),
        ("/search", {"q": "homs", "facet": "source", "timeline": "auto", "highlight": "html"}),
        (f"/articles/{article}", {}),
        (f"/articles/{article}/comments", {"view": "tree"}),
        (f"/articles/{article}/similar", {}),
        (f"/comments/{comment}", {}),
        (f"/authors/{author}", {}),
        ("/suggest", {"q": "ho"}),
        ("/feeds/search.atom", {"q": "homs"}),
        ("/export", {"q": "homs", "format": "csv"}),
        (f"/files/{file}", {}),
        (f"/files/{file}/problems", {}),
        ("/reference", {}),
    ]
    for path, parameters in paths:
        answer = person.get(path, **parameters)
        check(answer.status == 200, (path, answer))
    headers = {"x-api-key": person.api_key, "content-type": "text/plain; charset=utf-8"}
    parsed = person.request("POST", "/parse", headers=headers, body=HOMS.read_bytes())
    check((parsed.status, len(parsed.json["records"][0]["comments"])) == (200, 30), parsed.body[:300])


def repair(world: World) -> None:
    """retry and reconcile"""
    person, key = world.person, f"command/{HOMS.name}"
    before = person.file(key)
    person.command("retry", key)
    soon(lambda: (person.file(key) or {}).get("updated_at") != (before or {}).get("updated_at"), "the file read again")
    put(world, "lost.txt", "Lost and found\n\nNobody was told of quixotries.\n", told=False)
    person.command("reconcile")
    soon(lambda: person.search("quixotries"), "the file that no event told of")


def dead_letters(world: World) -> None:
    """outage, dead letter, redrive"""
    person, key = world.person, "late.txt"
    with first_failure_is_the_last(world):
        world.gate.away.set()
        try:
            put(world, key, "After the outage\n\nOnly then came syzygies.\n")
            soon(lambda: person.get("/status").json["dead_letters"], "the dead letter")
        finally:
            world.gate.away.clear()
    check("1 dead letter" in person.command("redrive"), "redrive")
    # Whose lease is kept as long as the bulk that got no answer may still be applied.
    soon(lambda: person.search("syzygies"), "the file of the dead letter", seconds=3 * SOON)
    check(person.get("/status").json["dead_letters"] == 0, "no dead letter is left")


def generations(world: World) -> None:
    """fill, swap and drop a generation"""
    person = world.person
    before = {word: person.search(word) for word in (_HOMS_WORD, "homs", "حمص")}

    def state() -> dict[str, Any]:
        return dict(json.loads(person.command("generations", "--json")))

    person.command("generations", "fill")
    soon(lambda: state()["filled"], "every file in the new generation")
    # It refuses as long as the new one shows fewer documents: they show after the engine's next refresh.
    soon(lambda: person.try_command("generations", "swap").returncode == 0, "the swap")
    check(state()["search"] == 2, "the new one is searched")
    soon(lambda: {word: person.search(word) for word in before} == before, "the same results")
    person.command("generations", "drop")
    check(state()["active"] == [2], "the old one is gone")
    check({word: person.search(word) for word in before} == before, "the same results still")


def put(world: World, key: str, text: str, *, told: bool = True) -> None:
    """Put a file into the bucket as ``aws s3 cp`` does; ``told=False`` loses its event."""
    s3, bucket = world.clients("s3"), world.person.bucket
    if not told:
        configuration = s3.get_bucket_notification_configuration(Bucket=bucket)
        configuration.pop("ResponseMetadata")
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    path = Path(world.person.folder, "upload")
    path.write_text(text, encoding="utf-8")
    s3.upload_file(str(path), bucket, key)
    if not told:
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=configuration)


@contextmanager
def first_failure_is_the_last(world: World) -> Iterator[None]:
    """Let messages die after one failure instead of a thousand: what else takes days takes seconds then."""
    sqs = world.clients("sqs")
    queue = world.queue_url("Files")
    policy = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["RedrivePolicy"])["Attributes"]["RedrivePolicy"]
    short = json.dumps({**json.loads(policy), "maxReceiveCount": 1})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": short})
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": policy})


def soon(look: Callable[[], Any], what: str, *, seconds: float = SOON) -> Any:
    """Look until there is something true, and return it."""
    return wait_for(partial(_or_none, look), what, seconds=seconds)


def _or_none(look: Callable[[], Any]) -> Any:
    return look() or None


def check(right: object, said: object) -> None:
    """Raise AssertionError that shows what was said."""
    if not right:
        raise AssertionError(str(said)[:2000])


USER_STEPS: tuple[Step, ...] = (
    bootstrap,
    deploy,
    doors,
    upload_by_command,
    upload_by_form,
    upload_by_copy,
    look_around,
    repair,
    dead_letters,
    generations,
)
