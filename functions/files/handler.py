"""GET /files, /files/{file_id} and /status: what became of every file, and how the system is."""

from __future__ import annotations

from functools import cache

from broadsheet.adapters.dynamodb import DynamoLedger
from broadsheet.adapters.opensearch import OpenSearchSearch, client
from broadsheet.files import Files
from broadsheet.index.names import IndexNames
from broadsheet.settings import FilesSettings


@cache
def build_files() -> Files:
    """Build the use case from the environment; raise ConfigurationError naming what is missing."""
    settings = FilesSettings.from_environ()
    ledger = DynamoLedger(settings.ledger_table)
    return Files(
        ledger,
        ledger,
        OpenSearchSearch(client(settings)),
        bucket=settings.uploads_bucket,
        names=IndexNames(settings.index_prefix),
    )
