"""What each function finds in its environment, written by the class that reads it there."""

from __future__ import annotations

from broadsheet.index.names import IndexNames
from broadsheet.settings import (
    FilesSettings,
    IndicesSettings,
    IngestSettings,
    ParseSettings,
    ReconcileSettings,
    SearchSettings,
    TelemetrySettings,
    UploadsSettings,
)
from infra.parts.engine import Engine
from infra.parts.ledger import Ledger
from infra.parts.queueing import Queueing
from infra.parts.storage import Storage
from infra.resources import QUEUE
from infra.stages import Stage


def environments(
    *, stage: Stage, names: IndexNames, storage: Storage, queueing: Queueing, ledger: Ledger, engine: Engine
) -> dict[str, dict[str, str]]:
    """Return the variables of every function, by its name."""
    url = engine.url
    prefix = names.prefix
    table = ledger.table.table_name
    uploads = storage.uploads.bucket_name
    outcomes = storage.outcomes.bucket_name
    dead_letters = queueing.dead_letters.queue_url
    settings = {
        "ingest": IngestSettings(
            opensearch_url=url,
            index_prefix=prefix,
            ledger_table=table,
            uploads_bucket=uploads,
            outcomes_bucket=outcomes,
            queue_url=queueing.queue.queue_url,
            # Traffic between zones is billed, and a domain in two of them is in another one half of the time.
            compress_bulks=stage.data_nodes > 1,
        ),
        "search": SearchSettings(opensearch_url=url, index_prefix=prefix),
        "files": FilesSettings(
            opensearch_url=url,
            index_prefix=prefix,
            ledger_table=table,
            uploads_bucket=uploads,
            outcomes_bucket=outcomes,
            dead_letters_url=dead_letters,
        ),
        "parse": ParseSettings(),
        "uploads": UploadsSettings(uploads_bucket=uploads),
        "indices": IndicesSettings(opensearch_url=url, index_prefix=prefix, ledger_table=table),
        "reconcile": ReconcileSettings(
            ledger_table=table,
            uploads_bucket=uploads,
            queue_url=queueing.queue.queue_url,
            dead_letters_url=dead_letters,
            visibility_seconds=QUEUE.visibility,
        ),
    }
    telemetry = TelemetrySettings(metrics_namespace=stage.named("metrics")).to_environ()
    return {name: values.to_environ() | telemetry for name, values in settings.items()}
