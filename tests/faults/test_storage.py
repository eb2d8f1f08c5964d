"""What the services' own errors mean: later, never, or gone; by the real adapters, whose clients get no further."""

from __future__ import annotations

import boto3
import pytest

from broadsheet.adapters.dynamodb import DynamoLedger
from broadsheet.adapters.s3 import S3Objects, S3Receipts
from broadsheet.adapters.sqs import SqsQueue
from broadsheet.errors import InfrastructureError, PermanentError, ThrottledError
from tests.fakes import BUCKET
from tests.faults.injectors import Faulty, answers_with, raises
from tests.faults.world import World, page

LATER = [
    (503, "SlowDown"),
    (500, "InternalError"),
    (403, "AccessDenied"),
    (400, "ExpiredToken"),
    (400, "RequestTimeout"),
]
NEVER = [(403, "InvalidObjectState"), (400, "KMS.DisabledException"), (400, "KMS.NotFoundException")]


@pytest.fixture
def s3():
    return boto3.client("s3")


@pytest.fixture
def world():
    world = World()
    world.put("a.txt", page("words", ["first"]))
    return world


@pytest.mark.parametrize(("status", "code"), LATER)
def test_an_error_of_the_storage_that_passes_leaves_the_file_for_later(world, s3, status, code):
    with answers_with(s3, "s3", status, code):
        for _ in range(6):
            world.next(world.runtime(objects=S3Objects(s3)))
            assert (world.item("a.txt").status, world.item("a.txt").attempts) == ("processing", 0)
    world.drain()

    world.assert_quiet()


@pytest.mark.parametrize(("status", "code"), NEVER)
@pytest.mark.parametrize("method", ["head", "open"])
def test_an_object_that_cannot_be_read_fails_at_once_with_what_to_do_and_others_are_read(
    world, s3, method, status, code
):
    world.put("b.txt", page("other"))
    with answers_with(s3, "s3", status, code), pytest.raises(PermanentError) as caught:
        getattr(S3Objects(s3), method)(*((BUCKET, "a.txt") if method == "head" else (stored(world),)))

    def of_this_file(first, *_rest):
        if first == BUCKET and not _rest[0].startswith("a.txt"):
            return
        if first != BUCKET and first.key != "a.txt":
            return
        raise caught.value

    world.drain(world.runtime(objects=Faulty(world.objects, method, before=of_this_file)))

    assert (world.item("a.txt").status, world.item("b.txt").status) == ("failed", "indexed")
    (problem,) = world.item("a.txt").problems
    assert problem["code"] == "object_unreadable"
    assert "retry the file" in problem["message"] or "again" in problem["message"]
    assert (world.queue.messages, world.queue.dead) == ({}, {})


def stored(world):
    return world.objects.head(BUCKET, "a.txt")


def test_an_object_that_can_be_read_again_is_read_by_the_next_event(world):
    cold = PermanentError("it lies in an archive", code="object_unreadable")
    world.drain(world.runtime(objects=Faulty(world.objects, "open", before=raises(cold))))
    assert world.item("a.txt").status == "failed"

    world.put("a.txt", page("words", ["first"]))
    world.drain()

    world.assert_quiet()


def calls():
    """One call of every kind, with the client that makes it."""
    s3, sqs, dynamodb = boto3.client("s3"), boto3.client("sqs"), boto3.client("dynamodb")
    ledger, queue = DynamoLedger("t", dynamodb), SqsQueue("https://sqs.us-east-1.amazonaws.com/123456789012/q", sqs)
    return [
        ("s3", s3, lambda: S3Objects(s3).head(BUCKET, "k")),
        ("s3", s3, lambda: S3Receipts("o", s3).put("k", b"{}")),
        ("dynamodb", dynamodb, lambda: ledger.get("x")),
        ("dynamodb", dynamodb, lambda: ledger.put({"file_id": "x", "epoch": 1}, expected={"epoch": 1})),
        ("sqs", sqs, lambda: queue.send("body")),
        ("sqs", sqs, lambda: queue.hold("receipt", 5)),
    ]


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ProvisionedThroughputExceededException", ThrottledError),
        ("ThrottlingException", ThrottledError),
        ("SlowDown", ThrottledError),
        ("InternalServerError", InfrastructureError),
        ("ExpiredTokenException", InfrastructureError),
    ],
)
def test_a_service_that_refuses_is_infrastructure_and_says_its_own_word(number, code, kind):
    service, client, call = calls()[number]
    with answers_with(client, service, 400, code), pytest.raises(kind) as caught:
        call()

    assert caught.value.code == f"{service}_{code}"
