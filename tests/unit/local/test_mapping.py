"""The simulator of Lambda's event source mapping, on a queue of moto."""

import json
import threading

import boto3
import pytest
from moto import mock_aws

from infra.local.invocation import invocation
from infra.local.mapping import BatchFailedError, EventSourceMapping, failed_messages
from infra.local.waiting import wait_for
from infra.resources import Function

FUNCTION = Function("ingest", memory=512, timeout=300)
MOST_RECEIVES = 3


@pytest.fixture
def sqs():
    with mock_aws():
        client = boto3.client("sqs")
        yield client
        client.close()


@pytest.fixture
def dead_letters(sqs):
    return sqs.create_queue(QueueName="dead-letters")["QueueUrl"]


@pytest.fixture
def queue(sqs, dead_letters):
    """A queue whose returned messages are visible again at once."""
    arn = sqs.get_queue_attributes(QueueUrl=dead_letters, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = {"deadLetterTargetArn": arn, "maxReceiveCount": MOST_RECEIVES}
    return sqs.create_queue(
        QueueName="files", Attributes={"VisibilityTimeout": "0", "RedrivePolicy": json.dumps(redrive)}
    )["QueueUrl"]


@pytest.fixture
def said():
    return []


@pytest.fixture
def mapping(sqs, queue, said):
    """A function that makes a mapping for a handler."""

    def make(handler, batch_size=10):
        return EventSourceMapping(
            sqs=sqs,
            queue_url=queue,
            queue_arn="arn:aws:sqs:us-east-1:123456789012:files",
            handler=handler,
            context=lambda: invocation(FUNCTION),
            batch_size=batch_size,
            say=said.append,
        )

    return make


def _send(sqs, queue, *bodies):
    return {body: sqs.send_message(QueueUrl=queue, MessageBody=body)["MessageId"] for body in bodies}


def _left(sqs, queue):
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return sorted(message["Body"] for message in messages)


class Recorder:
    """A handler that keeps its events and answers what it is told."""

    def __init__(self, answer=None):
        self.events = []
        self.contexts = []
        self._answer = answer

    def __call__(self, event, context):
        self.events.append(event)
        self.contexts.append(context)
        return self._answer(event) if callable(self._answer) else self._answer

    @property
    def bodies(self):
        return [sorted(record["body"] for record in event["Records"]) for event in self.events]


def test_a_message_is_given_as_lambda_gives_it(sqs, queue, mapping):
    ids = _send(sqs, queue, "one")
    handler = Recorder()

    mapping(handler).deliver()

    [record] = handler.events[0]["Records"]
    assert record["messageId"] == ids["one"]
    assert record["body"] == "one"
    assert record["receiptHandle"]
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["attributes"]["SentTimestamp"].isdigit()
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == "arn:aws:sqs:us-east-1:123456789012:files"
    assert record["awsRegion"] == "us-east-1"
    [context] = handler.contexts
    assert 299_000 < context.get_remaining_time_in_millis() <= 300_000
    assert context.aws_request_id
    assert context.memory_limit_in_mb == FUNCTION.memory


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_what_succeeded_is_deleted(sqs, queue, mapping, answer):
    _send(sqs, queue, "one", "two")

    assert mapping(Recorder(answer)).deliver() == 2

    assert _left(sqs, queue) == []


def test_a_batch_has_at_most_so_many_messages(sqs, queue, mapping):
    _send(sqs, queue, *"abcde")
    handler = Recorder()
    worker = mapping(handler, batch_size=2)

    while worker.deliver():
        pass

    assert [len(bodies) for bodies in handler.bodies] == [2, 2, 1]


def test_only_a_reported_message_comes_again(sqs, queue, mapping):
    ids = _send(sqs, queue, "bad", "good")
    failing = True

    def answer(_event):
        return {"batchItemFailures": [{"itemIdentifier": ids["bad"]}] if failing else []}

    handler = Recorder(answer)
    worker = mapping(handler)
    worker.deliver()
    failing = False
    worker.deliver()

    assert handler.bodies == [["bad", "good"], ["bad"]]
    assert handler.events[1]["Records"][0]["attributes"]["ApproximateReceiveCount"] == "2"
    assert _left(sqs, queue) == []


@pytest.mark.parametrize(
    "answer",
    [
        {"batchItemFailures": [{"itemIdentifier": "of another batch"}]},
        {"batchItemFailures": [{"itemIdentifier": ""}]},
        {"batchItemFailures": [{"itemIdentifier": None}]},
        {"batchItemFailures": [{"item": "wrong name"}]},
        {"batchItemFailures": ["no object"]},
        {"batchItemFailures": 3},
        "text",
    ],
)
def test_an_answer_that_cannot_be_understood_returns_the_whole_batch(sqs, queue, mapping, said, answer):
    _send(sqs, queue, "one", "two")

    mapping(Recorder(answer)).deliver()

    assert _left(sqs, queue) == ["one", "two"]
    assert "2 message(s) will come again" in said[0]


@pytest.mark.parametrize("error", [RuntimeError("broken"), SystemExit(1), MemoryError()])
def test_an_invocation_that_raises_returns_the_whole_batch(sqs, queue, mapping, said, error):
    _send(sqs, queue, "one", "two")

    def handler(_event, _context):
        raise error

    mapping(handler).deliver()

    assert _left(sqs, queue) == ["one", "two"]
    assert len(said) == 1


def test_a_message_that_always_fails_ends_in_the_dead_letters(sqs, queue, dead_letters, mapping):
    ids = _send(sqs, queue, "poison")
    handler = Recorder({"batchItemFailures": [{"itemIdentifier": ids["poison"]}]})
    worker = mapping(handler)

    for _ in range(MOST_RECEIVES + 2):
        worker.deliver()

    assert len(handler.events) == MOST_RECEIVES
    assert _left(sqs, dead_letters) == ["poison"]
    assert _left(sqs, queue) == []


def test_a_message_held_by_the_handler_stays_invisible(sqs, queue, mapping):
    _send(sqs, queue, "held")

    def handler(event, _context):
        [record] = event["Records"]
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=record["receiptHandle"], VisibilityTimeout=600)
        return {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}

    worker = mapping(handler)

    assert [worker.deliver(), worker.deliver()] == [1, 0]


def test_nothing_is_invoked_for_an_empty_queue(mapping):
    handler = Recorder()

    assert mapping(handler).deliver() == 0
    assert handler.events == []


def test_the_worker_delivers_until_it_is_stopped_and_finishes_its_batch(sqs, queue, mapping):
    entered, leave = threading.Event(), threading.Event()

    def wait(_event):
        entered.set()
        assert leave.wait(10)

    handler = Recorder(wait)
    _send(sqs, queue, "one")

    with mapping(handler):
        assert entered.wait(10)
        leave.set()
    _send(sqs, queue, "two")

    assert handler.bodies == [["one"]]
    assert _left(sqs, queue) == ["two"]


def test_the_worker_outlives_a_queue_that_does_not_answer(sqs, queue, mapping, said):
    sqs.delete_queue(QueueUrl=queue)

    with mapping(Recorder()):
        wait_for(lambda: said or None, "a report", seconds=10)

    assert "the queue does not answer" in said[0]


def test_failures_name_messages_of_the_batch():
    assert failed_messages({"batchItemFailures": [{"itemIdentifier": "a"}]}, {"a", "b"}) == {"a"}
    with pytest.raises(BatchFailedError, match="not messages of the batch"):
        failed_messages({"batchItemFailures": [{"itemIdentifier": "c"}]}, {"a", "b"})
