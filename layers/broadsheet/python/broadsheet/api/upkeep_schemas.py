"""What the rest of the API answers, as JSON Schema: files, status, dry runs, repair, generations, problems."""

from __future__ import annotations

from broadsheet.api.schemas import COUNT, ID, NEXT, TEXT, YES, Schema, listed, named, record
from broadsheet.index.names import KINDS
from broadsheet.ledger_item import STATUSES

_problem_of_file = {
    "code": TEXT,
    "message": TEXT,
    "count": COUNT,
    "record": COUNT,
    "line": COUNT,
    "member": TEXT,
    "article_id": ID,
    "offset": COUNT,
}
_file = {
    "file_id": ID,
    "bucket": TEXT,
    "key": TEXT,
    "status": {"enum": [*STATUSES]},
    "counts": {"type": "object", "additionalProperties": COUNT},
    "problems": listed(named("FileProblem")),
    "etag": TEXT,
    "size": COUNT,
    "last_modified": TEXT,
    "reader": TEXT | {"description": "The version of the reader that read it."},
    "updated_at": TEXT,
}
_documents = record(dict.fromkeys(KINDS, COUNT))

UPKEEP: dict[str, Schema] = {
    "FileProblem": record(
        _problem_of_file,
        optional=tuple(name for name in _problem_of_file if name not in {"code", "message"}),
        description="What was odd in a file, and where.",
    ),
    "File": record(_file, optional=("etag", "size", "last_modified", "reader"), description="What became of one file."),
    "FileList": record({"files": listed(named("File")), "next": NEXT}),
    "FileProblems": record({"problems": listed(named("FileProblem")), "next": NEXT}),
    "Original": record({"url": TEXT, "expires_at": TEXT}, description="A link to the file that works for a while."),
    "UploadForm": record(
        {"url": TEXT, "fields": {"type": "object", "additionalProperties": TEXT}, "key": TEXT, "expires_at": TEXT},
        description="Send the fields and then the file, as the field named file, by a form POST to url.",
    ),
    "Status": record(
        {
            "version": TEXT,
            "reader": TEXT,
            "bucket": TEXT,
            "files": {"type": "object", "additionalProperties": COUNT},
            "dead_letters": {"type": ["integer", "null"]},
            "engine": record(
                {"status": {"enum": ["available", "unavailable"]}, "code": TEXT, **dict.fromkeys(KINDS, COUNT)},
                optional=("code", *KINDS),
            ),
        }
    ),
    "DryRun": record(
        {
            "file": TEXT,
            "status": {"enum": [*STATUSES]},
            "counts": {"type": "object", "additionalProperties": COUNT},
            "problems": listed(named("FileProblem")),
            "truncated": YES | {"description": "The answer ends before the file; problems says why."},
            "records": listed({"type": "object"}) | {"description": "What `broadsheet parse` prints."},
        },
        description="What would become of a file, and every record of it.",
    ),
    "Reconciliation": record(
        {
            "files": COUNT,
            "in_work": COUNT,
            "sent": COUNT,
            "stale_readers": COUNT,
            "reasons": {
                "type": "object",
                "additionalProperties": record({"count": COUNT, "file_ids": listed(TEXT)}),
            },
            "cursor": {"type": ["string", "null"]},
            "done": YES,
        },
        description="What differs between bucket and outcomes; until done is true, ask again with the cursor.",
    ),
    "Redriven": record({"redriven": COUNT, "left": COUNT}),
    "Generations": record(
        {
            "active": listed(COUNT),
            "search": COUNT,
            "filling": {"type": ["integer", "null"]},
            "filled": {"type": ["boolean", "null"]},
            "outdated": YES,
            "documents": {"type": "object", "additionalProperties": _documents},
        }
    ),
    "Problem": record(
        {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": TEXT,
            "code": TEXT,
            "instance": TEXT | {"description": "The request, as the operator's log names it."},
            "errors": listed(record({"parameter": TEXT, "code": TEXT, "message": TEXT})),
        },
        optional=("instance", "errors"),
        description="Why a request was not done (RFC 9457).",
    ),
}
