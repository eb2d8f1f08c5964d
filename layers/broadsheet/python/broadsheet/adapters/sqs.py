"""The queue of notifications and its dead letters in SQS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from broadsheet.adapters.aws import aws_errors, client
from broadsheet.errors import InfrastructureError
from broadsheet.ports import DeadLetter

# SQS takes and gives no more in one call.
_BATCH = 10
# What was received and not deleted is seen again after this time: enough for one round.
_DEAD_LETTER_SECONDS = 60
_WAITING = "ApproximateNumberOfMessages"


class SqsQueue:
    """ports.MessageQueue and ports.HintSender on one queue."""

    def __init__(self, queue_url: str, sqs: Any = None) -> None:
        self._queue_url = queue_url
        self._sqs = sqs or client("sqs")

    def hold(self, receipt_handle: str, seconds: int) -> None:
        """Let a message that will be returned appear again only after this time (at most 12 hours)."""
        with aws_errors("sqs"):
            self._sqs.change_message_visibility(
                QueueUrl=self._queue_url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
            )

    def send(self, body: str, *, delay_seconds: int = 0) -> None:
        """Send a message to the queue, visible after this time."""
        with aws_errors("sqs"):
            self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=body, DelaySeconds=delay_seconds)

    def send_all(self, bodies: Sequence[str]) -> None:
        """Send messages, ten in a call; InfrastructureError means that some of them may not have been sent."""
        for start in range(0, len(bodies), _BATCH):
            entries = [
                {"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies[start : start + _BATCH])
            ]
            with aws_errors("sqs"):
                answer = self._sqs.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
            if failed := answer.get("Failed"):
                raise InfrastructureError(f"sqs did not take {len(failed)} messages: {failed[0]['Code']}")

    def waiting(self) -> int:
        """Return about how many messages wait for their turn."""
        return _count(self._sqs, self._queue_url)


class SqsDeadLetters:
    """ports.DeadLetters on one queue."""

    def __init__(self, queue_url: str, sqs: Any = None) -> None:
        self._queue_url = queue_url
        self._sqs = sqs or client("sqs")

    def receive(self) -> list[DeadLetter]:
        """Return a few messages, none when there are none; they are seen again unless deleted."""
        with aws_errors("sqs"):
            answer = self._sqs.receive_message(
                QueueUrl=self._queue_url,
                MaxNumberOfMessages=_BATCH,
                VisibilityTimeout=_DEAD_LETTER_SECONDS,
                # Asks all servers of the queue: a short poll may miss messages that are there.
                WaitTimeSeconds=1,
            )
        return [DeadLetter(message["ReceiptHandle"], message["Body"]) for message in answer.get("Messages", ())]

    def delete(self, receipt_handle: str) -> None:
        """Delete a received message."""
        with aws_errors("sqs"):
            self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=receipt_handle)

    def count(self) -> int:
        """Return about how many there are."""
        return _count(self._sqs, self._queue_url)


def _count(sqs: Any, queue_url: str) -> int:
    with aws_errors("sqs"):
        answer = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=[_WAITING])
    return int(answer["Attributes"][_WAITING])
