"""What each route takes and answers: the declarations that requests are read by, and the schemas of the answers.

Loaded only to describe the API, never to answer another request: it knows all use cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from broadsheet.api.routes import ROUTES, Route
from broadsheet.api.schemas import READING, Schema
from broadsheet.api.upkeep_schemas import UPKEEP
from broadsheet.dead_letters import REDRIVE_FIELDS
from broadsheet.files import FILES_PARAMETERS
from broadsheet.parse_request import PARSE_PARAMETERS
from broadsheet.problem_list import PROBLEMS_PARAMETERS
from broadsheet.rebuild import ACTION_FIELDS
from broadsheet.reconcile import REQUEST_FIELDS
from broadsheet.search.authors import AUTHORS_PARAMETERS
from broadsheet.search.discussion import DISCUSSION_PARAMETERS
from broadsheet.search.export import EXPORT_PARAMETERS
from broadsheet.search.feed import FEED_PARAMETERS
from broadsheet.search.parameters import Parameter
from broadsheet.search.request import SEARCH_PARAMETERS
from broadsheet.search.similar import SIMILAR_PARAMETERS
from broadsheet.search.suggest import SUGGEST_PARAMETERS
from broadsheet.search.timeline import TIMELINE_PARAMETERS
from broadsheet.uploads import UPLOAD_FIELDS

SCHEMAS: Mapping[str, Schema] = {**READING, **UPKEEP}


@dataclass(frozen=True, slots=True)
class Operation:
    """One route described.

    ``name`` is its name in generated clients. ``answer`` names a schema, or is a media type for what is not JSON, more
    than one separated by spaces. ``fields`` are those of a JSON body; ``takes_file`` marks a body of any bytes.
    """

    name: str
    group: str
    summary: str
    answer: str
    parameters: tuple[Parameter, ...] = ()
    status: int = 200
    fields: Mapping[str, type] = field(default_factory=dict)
    takes_file: bool = False
    problems: tuple[int, ...] = ()


OPERATIONS: Mapping[tuple[str, str], Operation] = {
    ("GET", "/search"): Operation("search", "Search", "Search articles and comments.", "SearchPage", SEARCH_PARAMETERS),
    ("GET", "/feeds/search.atom"): Operation(
        "search_feed", "Search", "What a search finds, as a feed.", "application/atom+xml", FEED_PARAMETERS
    ),
    ("GET", "/export"): Operation(
        "export",
        "Search",
        "What a search finds, with the whole texts, as lines of JSON or as a table.",
        "application/x-ndjson text/csv",
        EXPORT_PARAMETERS,
    ),
    ("GET", "/articles/{article_id}"): Operation(
        "get_article", "Articles", "One article with its text.", "ArticlePage"
    ),
    ("GET", "/articles/{article_id}/comments"): Operation(
        "get_discussion", "Articles", "The comments under an article.", "Discussion", DISCUSSION_PARAMETERS
    ),
    ("GET", "/articles/{article_id}/similar"): Operation(
        "get_similar",
        "Articles",
        "Articles that share an article's rarest words.",
        "SimilarArticles",
        SIMILAR_PARAMETERS,
    ),
    ("GET", "/comments/{comment_id}"): Operation(
        "get_comment", "Articles", "One comment with what it answers and who answers it.", "CommentPage"
    ),
    ("GET", "/authors"): Operation("list_authors", "Authors", "Who writes.", "AuthorList", AUTHORS_PARAMETERS),
    ("GET", "/authors/{key}"): Operation(
        "get_author", "Authors", "One author, by key or by any spelling of the name.", "AuthorPage"
    ),
    ("GET", "/suggest"): Operation(
        "suggest", "Search", "Titles, authors and tags that begin like a text.", "Suggestions", SUGGEST_PARAMETERS
    ),
    ("GET", "/timeline"): Operation(
        "get_timeline", "Search", "How many results a search has over time.", "Timeline", TIMELINE_PARAMETERS
    ),
    ("GET", "/files"): Operation("list_files", "Files", "What became of files.", "FileList", FILES_PARAMETERS),
    ("GET", "/files/{file_id}"): Operation("get_file", "Files", "What became of one file.", "File"),
    ("GET", "/files/{file_id}/problems"): Operation(
        "list_problems",
        "Files",
        "Every problem of one file.",
        "FileProblems",
        PROBLEMS_PARAMETERS,
        problems=(409,),
    ),
    ("GET", "/files/{file_id}/original"): Operation(
        "get_original", "Files", "A link to the file itself.", "Original", problems=(409,)
    ),
    ("POST", "/files/{file_id}/retry"): Operation(
        "retry_file", "Files", "Have one file read again.", "File", status=202
    ),
    ("GET", "/status"): Operation("get_status", "System", "How the system is.", "Status"),
    ("POST", "/parse"): Operation(
        "parse",
        "Files",
        "What would be indexed of a file; nothing is stored.",
        "DryRun",
        PARSE_PARAMETERS,
        takes_file=True,
        problems=(413, 415, 422),
    ),
    ("POST", "/uploads"): Operation(
        "create_upload",
        "Files",
        "A form that takes one file for a while: POST its fields and then the file to its address.",
        "UploadForm",
        fields=UPLOAD_FIELDS,
    ),
    ("POST", "/reconcile"): Operation(
        "reconcile",
        "System",
        "Compare bucket and outcomes, and repair what differs.",
        "Reconciliation",
        status=202,
        fields=REQUEST_FIELDS,
    ),
    ("POST", "/dead-letters/redrive"): Operation(
        "redrive", "System", "Send messages that failed too often again.", "Redriven", status=202, fields=REDRIVE_FIELDS
    ),
    ("GET", "/generations"): Operation("get_generations", "System", "The generations of the indices.", "Generations"),
    ("POST", "/generations"): Operation(
        "change_generations",
        "System",
        "Fill, swap, roll back or drop a generation.",
        "Generations",
        fields=ACTION_FIELDS,
        problems=(409,),
    ),
    ("GET", "/openapi.json"): Operation(
        "get_description", "System", "This description of the API.", "application/json"
    ),
    ("GET", "/reference"): Operation("get_reference", "System", "The same for people to read.", "text/html"),
}


def operation(route: Route) -> Operation:
    """Return what a route takes and answers."""
    return OPERATIONS[route.method, route.path]


def described() -> list[tuple[Route, Operation]]:
    """Return all routes with their descriptions, in the order of the table."""
    return [(route, operation(route)) for route in ROUTES]
