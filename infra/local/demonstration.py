"""What a newcomer sees: files go in by the bucket, and a comment under one of them comes out by the search.

It uses the same client as the command ``broadsheet``, over the same addresses.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from broadsheet.cli.addresses import Addresses
from broadsheet.cli.api import Api
from broadsheet.cli.results import result_lines
from broadsheet.cli.selection import Selection, select
from broadsheet.cli.terminal import Screen
from broadsheet.cli.upload import Upload
from broadsheet.errors import InfrastructureError
from infra.local.waiting import wait_for

SAMPLE = Path(__file__).parents[2] / "events" / "uploads" / "naharnet-homs-2014-05-09.txt"
PREFIX = "samples"
SAMPLE_KEY = f"{PREFIX}/{SAMPLE.name}"
# A word that is in one comment under the sample and nowhere else.
QUERY = "taqiya"
# Without any outcome: three tries of a file that ends its function, and the waits between them.
PATIENCE_SECONDS = 600.0
# The engine makes documents searchable once a second.
SEARCHABLE_SECONDS = 30.0


def upload(selection: Selection, addresses: Addresses, screen: Screen) -> bool:
    """Upload files and show what became of them; tell whether each has been read."""
    uploading = Upload(addresses, screen, waits=True)
    uploading.wait(uploading.store(selection), patience=PATIENCE_SECONDS)
    return uploading.finish() == 0


def demonstrate(addresses: Addresses, screen: Screen) -> None:
    """Upload the sample, show what became of it, and find one of its comments.

    Raise a BroadsheetError that says which step failed.
    """
    begun = time.monotonic()
    if not upload(select([str(SAMPLE)], PREFIX), addresses, screen):
        raise InfrastructureError(f"the sample {SAMPLE_KEY} was not indexed", code="sample_not_indexed")
    api = Api(addresses)
    result = wait_for(lambda: _find_comment(api), f"a comment with the word {QUERY}", seconds=SEARCHABLE_SECONDS)
    screen.line(f"{time.monotonic() - begun:.1f} s after the upload, GET {addresses.api_url}/search?q={QUERY} finds")
    for line in result_lines(1, result):
        screen.line(*line)


def _find_comment(api: Api) -> dict[str, Any] | None:
    """Return the first comment among the results, None while there is none."""
    results = api.get("/search", {"q": QUERY})["results"]
    return next((result for result in results if result["type"] == "comment"), None)


def examples(bucket: str, environment: Path) -> list[str]:
    """Return commands to go on with, to be typed in another terminal."""
    return [
        f". {environment}",
        f"aws s3 cp FILE s3://{bucket}/",
        'curl "$BROADSHEET_API_URL/search?q=homs"',
        'curl "$BROADSHEET_API_URL/files"',
        f"aws s3 rm s3://{bucket}/{SAMPLE_KEY}",
    ]
