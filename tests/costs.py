"""What it costs, computed: counted calls and the parts of the stack, times ``infra/prices.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from broadsheet.settings import IngestSettings
from infra.resources import FUNCTIONS, LEDGER_INDEXES, QUEUE
from infra.stages import STAGES, Stage
from tests.call_counts import BATCH, NEW_FILE, WAITS

ROOT = Path(__file__).parents[1]
PRICES: dict[str, Any] = json.loads((ROOT / "infra" / "prices.json").read_text(encoding="utf-8"))
HOURS_OF_A_MONTH = 730
MILLION = 1_000_000
ARCHIVE = 1_000
BULK_BYTES = IngestSettings.bulk_bytes
# One call of S3 or DynamoDB takes about so long, and an article with its comments so much of a CPU (make bench).
CALL_SECONDS = 0.015
ARTICLE_SECONDS = 0.007
ARTICLE_BYTES = 51_000  # of documents
# Lambda's poller receives and deletes a message of a batch of ten.
POLLER_CALLS = 1.2
GIB = 1_024
CUSTOM_METRICS = 20  # those of tests/infra/test_operations, by dimension


def per_million() -> list[tuple[str, float, float]]:
    """Return what a million articles cost: (what, one object each and ten a batch, archives of 1,000 each)."""
    each = PRICES["each"]
    memory = next(function.memory for function in FUNCTIONS if function.name == "ingest") / GIB
    tables = 1 + len(LEDGER_INDEXES)

    def rows(articles: int, batch: int) -> list[tuple[str, float]]:
        files = MILLION / articles
        batches = files / batch
        # A longer file raises its marks, and notes in the ledger how far it is, once for each bulk.
        notes = articles * ARTICLE_BYTES // BULK_BYTES + (articles > 1)
        writes = files * (NEW_FILE.ledger_writes + notes)
        looks = files * (NEW_FILE.s3_heads + NEW_FILE.s3_gets) + batches * BATCH.s3_heads
        reads = files * NEW_FILE.ledger_reads + batches * BATCH.ledger_reads
        seconds = batches * WAITS * CALL_SECONDS + MILLION * ARTICLE_SECONDS
        return [
            ("your PUTs", files * each["s3_put"]),
            ("receipts (PUT)", files * NEW_FILE.s3_puts * each["s3_put"]),
            ("HEAD and GET", looks * each["s3_get"]),
            ("ledger reads", reads * each["ledger_read"]),
            (f"ledger writes, each also in {len(LEDGER_INDEXES)} indexes", writes * tables * each["ledger_write"]),
            ("SQS", files * POLLER_CALLS * each["sqs_call"]),
            ("Lambda", batches * each["lambda_request"] + seconds * memory * each["lambda_gb_second"]),
        ]

    single, packed = rows(1, QUEUE.batch_size), rows(ARCHIVE, 1)
    return [(name, one, other) for (name, one), (_, other) in zip(single, packed, strict=True)]


def per_million_table() -> str:
    """Return the table of the README."""
    rows = per_million()
    sums = (sum(one for _, one, _ in rows), sum(other for _, _, other in rows))
    return "\n".join(
        [
            "| | one object per article, ten a batch | archives of 1,000 articles |",
            "|---|---|---|",
            *(f"| {name} | {_dollars(one)} | {_dollars(other)} |" for name, one, other in rows),
            f"| **sum** | **{_dollars(sums[0])}** | **{_dollars(sums[1])}** |",
        ]
    )


def monthly(stage: Stage, alarms: int) -> list[tuple[str, float]]:
    """Return what a stage costs in a month in which nothing happens."""
    hour, month = PRICES["hour"], PRICES["month"]
    managers = stage.manager_nodes * hour[stage.manager_instance] if stage.manager_nodes else 0.0
    return [
        ("data nodes of the domain", stage.data_nodes * hour[stage.data_instance] * HOURS_OF_A_MONTH),
        ("its managers", managers * HOURS_OF_A_MONTH),
        ("its storage", stage.data_nodes * stage.volume_gb * month["gp3_gib"]),
        ("alarms and dashboard", alarms * month["alarm"] + month["dashboard"]),
        ("metrics", CUSTOM_METRICS * month["metric"]),
    ]


def monthly_table(alarms: int) -> str:
    """Return the table of infra's README."""
    columns = [monthly(stage, alarms) for stage in STAGES.values()]
    rows = [(name, *(column[number][1] for column in columns)) for number, (name, _) in enumerate(columns[0])]
    sums = [sum(value for _, value in column) for column in columns]
    return "\n".join(
        [
            f"| dollars a month | {' | '.join(STAGES)} |",
            "|---|" + "---|" * len(STAGES),
            *(f"| {name} | {' | '.join(f'{value:.0f}' for value in values)} |" for name, *values in rows),
            f"| **sum** | {' | '.join(f'**{value:.0f}**' for value in sums)} |",
        ]
    )


def _dollars(value: float) -> str:
    return "< 0.01" if value < 0.005 else f"{value:.2f}"
