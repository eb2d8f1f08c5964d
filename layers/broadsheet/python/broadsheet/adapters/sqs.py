"""The queue of notifications in SQS."""

from __future__ import annotations

from typing import Any

from broadsheet.adapters.aws import aws_errors, client


class SqsQueue:
    """ports.MessageQueue on one queue."""

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
