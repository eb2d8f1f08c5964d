"""The event source mapping of Lambda: polls a queue, invokes a function with batches, deletes what succeeded.

As on AWS (Lambda Developer Guide, "Using Lambda with Amazon SQS"): an invocation that raises, or that reports
failures which cannot be understood, returns its whole batch; a message that is not deleted is seen again after its
visibility timeout; the queue's own redrive policy moves it to the dead letters. Unlike there, one batch is worked on
at a time, and an invocation that is too long is not ended.
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.invocation import Handler, InvocationContext

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import MessageTypeDef

Say = Callable[[str], object]

# A stop waits this long at most for an empty queue's answer.
POLL_SECONDS = 1
RETRY_SECONDS = 1.0
# SQS takes no more in one call, to receive or to delete.
SQS_BATCH = 10


class BatchFailedError(Exception):
    """The answer of a function counts as a failure of its whole batch."""


class EventSourceMapping:
    """Delivers a queue's messages to a handler, in one thread between ``start`` and ``stop``.

    ``context`` begins an invocation; ``say`` gets a line for every failure.
    """

    def __init__(
        self,
        *,
        sqs: SQSClient,
        queue_url: str,
        queue_arn: str,
        handler: Handler,
        context: Callable[[], InvocationContext],
        batch_size: int,
        say: Say,
    ) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._queue_arn = queue_arn
        self._handler = handler
        self._context = context
        self._batch_size = min(batch_size, SQS_BATCH)
        self._say = say
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="event-source-mapping", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop: the batch in work is finished first, as by a Lambda that is scaled down."""
        self._stopping.set()
        self._thread.join()

    def deliver(self, *, wait_seconds: int = 0) -> int:
        """Deliver one batch, waiting this long for a first message; return how many messages it had."""
        messages = self._sqs.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=self._batch_size,
            WaitTimeSeconds=wait_seconds,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if messages:
            failed = self._invoke(messages)
            done = [message["ReceiptHandle"] for message in messages if message["MessageId"] not in failed]
            if done:
                self._sqs.delete_message_batch(
                    QueueUrl=self._queue_url,
                    Entries=[{"Id": str(n), "ReceiptHandle": handle} for n, handle in enumerate(done)],
                )
        return len(messages)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.deliver(wait_seconds=POLL_SECONDS)
            except (BotoCoreError, ClientError) as error:
                self._say(f"the queue does not answer, trying again: {error}")
                self._stopping.wait(RETRY_SECONDS)

    def _invoke(self, messages: Sequence[MessageTypeDef]) -> set[str]:
        """Invoke the handler; return the ids of the messages that must come again."""
        batch = {message["MessageId"] for message in messages}
        event = {"Records": [_record(message, self._queue_arn) for message in messages]}
        context = self._context()
        try:
            return failed_messages(self._handler(event, context), batch)
        except BaseException as error:  # noqa: BLE001  whatever ends a Lambda ends only this invocation of it
            # Where the function's own log goes.
            traceback.print_exc(file=sys.stdout)
            self._say(f"{context.function_name} failed, {len(batch)} message(s) will come again: {error!r}")
            return batch


def failed_messages(answer: Any, batch: set[str]) -> set[str]:
    """Return which messages of a batch a function's answer reports as failed.

    Nothing, and no entry, is success. Raise BatchFailedError for an entry without id, or with one that is not of the
    batch, and for anything that is not such a report.
    """
    if not answer:
        return set()
    try:
        failures = answer.get("batchItemFailures") or []
        failed = {failure["itemIdentifier"] for failure in failures}
    except (AttributeError, KeyError, TypeError) as error:
        raise BatchFailedError(f"not a batch response: {answer!r}") from error
    if not failed <= batch:
        raise BatchFailedError(f"not messages of the batch: {sorted(map(str, failed - batch))}")
    return failed


def _record(message: MessageTypeDef, queue_arn: str) -> dict[str, Any]:
    """Build the record of a message in an SQS event of Lambda."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: {
                "stringValue": attribute.get("StringValue"),
                "dataType": attribute["DataType"],
                "stringListValues": [],
                "binaryListValues": [],
            }
            for name, attribute in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }
