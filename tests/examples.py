"""The examples of the API's description: answers of a real run, shortened.

``python -m tests.examples`` runs the system, asks, and writes them anew; look at the difference before you commit it.
"""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import urllib3

from broadsheet.api.operations import OPERATIONS, SCHEMAS
from broadsheet.api.routes import ROUTES
from infra.local.system import local_system
from infra.local.waiting import wait_for
from tests.samples import HOMS, HOMS_ARABIC

EXAMPLES = Path(__file__).parent.parent / "layers/broadsheet/python/broadsheet/api/examples.json"
# What these answer is a key to a file.
UNSHOWN = frozenset({"get_original", "create_upload"})
QUERIES = {
    "search": "?q=hizbullah&type=article&facet=source&limit=1",
    "search_feed": "?q=hizbullah",
    "export": "?q=hizbullah&type=comment&limit=1",
    "get_discussion": "?view=tree&limit=1",
    "list_authors": "?q=pop&limit=2",
    "suggest": "?q=sy&limit=2",
    "get_timeline": "?q=hizbullah&timeline=day",
    "list_files": "?prefix=homs&limit=1",
    "parse": "?name=homs.txt",
}
BODIES = {"reconcile": b'{"dry_run": true}', "change_generations": b'{"action": "fill"}', "parse": HOMS.read_bytes()}
_TEXT, _ITEMS = 160, 2


def shortened(value: Any) -> Any:
    """Return an answer with the beginnings of its texts and lists."""
    if isinstance(value, str):
        return value if len(value) <= _TEXT else value[:_TEXT].rsplit(" ", 1)[0] + " …"
    if isinstance(value, list):
        return [shortened(each) for each in value[:_ITEMS]]
    if isinstance(value, dict):
        return {name: shortened(each) for name, each in value.items()}
    return value


def shown_operations() -> list[str]:
    """Return the names of the operations that have an example: those whose answer has a schema."""
    return [each.name for each in OPERATIONS.values() if each.answer in SCHEMAS and each.name not in UNSHOWN]


def examples(api_url: str) -> dict[str, Any]:
    """Return an answer to each of these operations, and one problem."""
    pool = urllib3.PoolManager(retries=False)

    def ask(path: str, method: str = "GET", body: bytes | None = None) -> Any:
        return pool.request(method, api_url + path, body=body).json()

    article = ask("/search?q=hizbullah&type=article")["results"][0]["article"]
    comments = ask("/search?q=&type=comment&sort=oldest&limit=50")["results"]
    reply = next(each["comment"] for each in comments if each["comment"]["thread"].get("depth"))
    values = {
        "article_id": article["article_id"],
        "comment_id": reply["comment_id"],
        "file_id": ask("/files?limit=1")["files"][0]["file_id"],
        "key": quote("popeye"),
    }
    answers = {}
    # What is changed comes after what is only read.
    for route in sorted(ROUTES, key=lambda route: route.method):
        name = OPERATIONS[route.method, route.path].name
        if name in shown_operations():
            path = route.path.format(**values) + QUERIES.get(name, "")
            answers[name] = shortened(ask(path, route.method, BODIES.get(name)))
    answers["problem"] = ask("/search?limit=0&lang=&sorting=newest")
    return dict(sorted(answers.items()))


def main() -> int:
    """Write the file."""
    with local_system(environ=os.environ, say=lambda line: sys.stderr.write(f"{line}\n")) as system:
        for path in (HOMS, HOMS_ARABIC):
            bucket = system.aws.uploads_bucket
            system.aws.s3.put_object(Bucket=bucket, Key=f"homs/{path.name}", Body=path.read_bytes())
        wait_for(partial(_is_there, system.api_url), "the sample", seconds=60)
        written = json.dumps(examples(system.api_url), ensure_ascii=False, indent=1)
    EXAMPLES.write_text(f"{written}\n", encoding="utf-8")
    return 0


def _is_there(api_url: str) -> bool | None:
    answer = urllib3.request("GET", f"{api_url}/search?type=comment").json()
    return answer["total"]["value"] >= 33 or None


if __name__ == "__main__":
    sys.exit(main())
