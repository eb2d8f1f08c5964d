"""What one file costs in calls of services: held to the code by a test, and shown in the README by ``table``."""

from __future__ import annotations

from typing import NamedTuple


class Calls(NamedTuple):
    """Calls of S3 (looks, reads, writes), DynamoDB (consistent reads, writes) and SQS by our own code.

    ``ledger_refused`` are writes whose condition does not hold: they cost a write, but none in the indexes.
    """

    s3_heads: int = 0
    s3_gets: int = 0
    s3_puts: int = 0
    ledger_reads: int = 0
    ledger_writes: int = 0
    ledger_refused: int = 0
    sqs: int = 0

    def times(self, files: int) -> Calls:
        """Return the calls of so many files."""
        return Calls(*(files * calls for calls in self))

    def plus(self, other: Calls) -> Calls:
        """Return the calls of both."""
        return Calls(*map(sum, zip(self, other, strict=True)))


# The list of take-downs, the active generations.
BATCH = Calls(s3_heads=1, ledger_reads=1)
# A batch in which nothing is new ends at its claims.
BATCH_OF_DUPLICATES = Calls(ledger_reads=1)
# Object and sidecar; the object; the summary; claim, outcome.
NEW_FILE = Calls(s3_heads=2, s3_gets=1, s3_puts=1, ledger_writes=2)
# It is first claimed as if it were new.
OVERWRITE = Calls(s3_heads=2, s3_gets=1, s3_puts=1, ledger_writes=2, ledger_refused=1)
# The event does not say what was removed: the state that is found is written down before anything is done.
REMOVAL = Calls(s3_heads=2, s3_puts=1, ledger_reads=1, ledger_writes=3)
DUPLICATE = Calls(ledger_refused=1)

# A batch of new files, which wait side by side: claims, looks, reading, receipt, outcome.
WAITS = 5

ROWS = (
    ("a batch, whatever is in it", BATCH),
    ("a new file", NEW_FILE),
    ("an overwrite", OVERWRITE),
    ("a removal", REMOVAL),
    ("an event that comes again", DUPLICATE),
)


def table() -> str:
    """Return the table of the README."""
    lines = [
        "| | S3 HEAD | S3 GET | S3 PUT | ledger reads | ledger writes | refused writes | SQS |",
        "|---|---|---|---|---|---|---|---|",
        *(f"| {name} | {' | '.join(map(str, calls))} |" for name, calls in ROWS),
    ]
    return "\n".join(lines)
