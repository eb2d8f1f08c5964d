"""No permission too many: each is taken away in turn, and something that a user or operator does then fails.

The permissions are those of the table in ``tests/infra/test_permissions.py``: every row has a proof here, or a reason
why its loss cannot be noticed on the emulator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from tests.deploy import proofs
from tests.deploy.delivery import deliver, delivered_by_hand, purge, waiting
from tests.deploy.emulator import ACCOUNT, REGION
from tests.deploy.policies import Policies, roles_of_functions
from tests.deploy.steps import check, put, soon
from tests.deploy.world import World
from tests.infra.test_permissions import ALLOWED

Permission = tuple[str, str, str]
Proof = Callable[[World], object]

PROOFS: dict[Permission, Proof] = {
    # First: files that others leave in work would hold up a rebuild. A new index is made as long as no attempt has
    # left one that is being filled.
    ("indices", "dynamodb:GetItem", "ledger"): proofs.rebuilds,
    ("indices", "es:ESHttpPut", "domain/broadsheet-*"): proofs.rebuilds,
    ("indices", "dynamodb:PutItem", "ledger"): proofs.rebuilds,
    ("indices", "dynamodb:Scan", "ledger"): proofs.rebuilds,
    ("indices", "es:ESHttpDelete", "domain/broadsheet-*"): proofs.rebuilds,
    ("indices", "es:ESHttpGet", "domain/_alias/broadsheet-*"): proofs.rebuilds,
    ("indices", "es:ESHttpPost", "domain/_aliases"): proofs.rebuilds,
    ("indices", "es:ESHttpPost", "domain/_msearch"): proofs.rebuilds,
    ("ingest", "s3:GetObject", "uploads/*"): proofs.ingests_a_file,
    ("ingest", "s3:PutObject", "outcomes/*"): proofs.ingests_a_file,
    ("ingest", "sqs:ChangeMessageVisibility", "queue"): proofs.returns_a_message_for_a_while,
    ("ingest", "sqs:SendMessage", "queue"): proofs.goes_on_with_a_long_file,
    ("ingest", "dynamodb:GetItem", "ledger"): proofs.ingests_a_file,
    ("ingest", "dynamodb:PutItem", "ledger"): proofs.ingests_a_file,
    ("ingest", "es:ESHttpPost", "domain/_bulk"): proofs.ingests_a_file,
    ("search", "es:ESHttpPost", "domain/broadsheet-articles*/_search"): proofs.searches_articles,
    ("search", "es:ESHttpPost", "domain/broadsheet-comments*/_search"): proofs.searches_comments,
    ("search", "es:ESHttpPost", "domain/broadsheet-articles*/_search/point_in_time"): proofs.walks_through_articles,
    ("search", "es:ESHttpPost", "domain/broadsheet-comments*/_search/point_in_time"): proofs.walks_through_comments,
    ("search", "es:ESHttpPost", "domain/_search"): proofs.walks_through_articles,
    ("search", "es:ESHttpPost", "domain/_msearch"): proofs.completes_words,
    ("files", "s3:GetObject", "uploads/*"): proofs.gives_an_original,
    ("files", "s3:GetObject", "outcomes/*"): proofs.gives_problems,
    ("files", "sqs:GetQueueAttributes", "dead-letters"): proofs.counts_dead_letters,
    ("files", "dynamodb:GetItem", "ledger"): proofs.shows_a_file,
    ("files", "dynamodb:Query", "ledger/index/*"): proofs.lists_files,
    ("files", "es:ESHttpPost", "domain/_msearch"): proofs.sees_the_engine,
    ("uploads", "s3:PutObject", "uploads/*"): proofs.takes_a_form,
    ("reconcile", "s3:ListBucket", "uploads"): proofs.compares_bucket_and_ledger,
    ("reconcile", "s3:GetObject", "uploads/*"): proofs.compares_bucket_and_ledger,
    ("reconcile", "dynamodb:GetItem", "ledger"): proofs.compares_bucket_and_ledger,
    ("reconcile", "dynamodb:PutItem", "ledger"): proofs.compares_by_the_clock,
    ("reconcile", "dynamodb:Query", "ledger/index/*"): proofs.compares_bucket_and_ledger,
    ("reconcile", "sqs:SendMessage", "queue"): proofs.sends_what_differs,
    ("reconcile", "sqs:GetQueueAttributes", "queue"): proofs.compares_by_the_clock,
    ("reconcile", "sqs:ReceiveMessage", "dead-letters"): proofs.redrives,
    ("reconcile", "sqs:DeleteMessage", "dead-letters"): proofs.redrives,
    ("reconcile", "sqs:GetQueueAttributes", "dead-letters"): proofs.redrives,
}
_POLLS = "the emulator's mapping takes messages without asking IAM; AWS's polls with the role of the function"
_MISSING = "the emulator answers 404 for an object that is not there to everybody; S3 answers 403 who may not list"
UNNOTICED: dict[Permission, str] = {
    ("ingest", "s3:ListBucket", "uploads"): _MISSING,
    ("files", "s3:ListBucket", "uploads"): _MISSING,
    ("files", "s3:ListBucket", "outcomes"): _MISSING,
    ("ingest", "sqs:ReceiveMessage", "queue"): _POLLS,
    ("ingest", "sqs:DeleteMessage", "queue"): _POLLS,
    ("ingest", "sqs:GetQueueAttributes", "queue"): _POLLS,
}


class Proven(NamedTuple):
    """One permission; ``refusal`` is what went wrong without it, empty when nothing did."""

    permission: Permission
    what: str
    refusal: str


def prove_every_permission(world: World) -> None:
    """every permission taken away in turn"""
    check(PROOFS.keys() | UNNOTICED.keys() == set(ALLOWED), PROOFS.keys() ^ set(ALLOWED))
    with delivered_by_hand(world):
        purge(world)
        put(world, "plain.txt", "Plain words\n\nOf homs, for proofs.\n")
        put(world, "other.txt", "Other words\n\nOf homs, for proofs.\n")
        soon(lambda: _delivered(world), "the files of the proofs")
        needless = []
        for proven in _each(world):
            function, action, resource = proven.permission
            world.say(f"    {function} {action} {resource}: {proven.what}: {proven.refusal[:150] or 'STILL WORKS'}")
            if not proven.refusal:
                needless.append(proven.permission)
    for permission, reason in UNNOTICED.items():
        world.say(f"    {' '.join(permission)}: {reason}")
    check(not needless, f"nothing needs: {needless}")


def _delivered(world: World) -> bool:
    deliver(world)
    return waiting(world) == 0


def _each(world: World) -> Iterator[Proven]:
    iam = world.clients("iam")
    roles = roles_of_functions(iam, "broadsheet-dev")
    works: set[Proof] = set()
    for permission, proof in PROOFS.items():
        function, action, resource = permission
        if proof not in works:
            # With all permissions it goes well.
            world.say(f"    {proof.__doc__}")
            proof(world)
            purge(world)
            works.add(proof)
        with Policies(iam, roles[function]).without(action, partial(_is, _arn(world, resource))):
            refusal = _refusal(world, proof)
        purge(world)
        yield Proven(permission, str(proof.__doc__), refusal)


def _refusal(world: World, proof: Proof) -> str:
    try:
        proof(world)
    except Exception as error:  # noqa: BLE001 - however it fails
        return f"{type(error).__name__}: {error}"
    return ""


def _is(wanted: str, resource: str) -> bool:
    return resource == wanted


def _arn(world: World, word: str) -> str:
    """Return what a word of the table stands for."""
    name, slash, rest = word.partition("/")
    outputs = world.outputs

    def queue(part: str) -> str:
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{world.queue_url(part).rpartition('/')[2]}"

    match name:
        case "uploads" | "outcomes":
            arn = f"arn:aws:s3:::{outputs['UploadsBucket' if name == 'uploads' else 'OutcomesBucket']}"
        case "queue":
            arn = queue("Files")
        case "dead-letters":
            arn = queue("DeadLetters")
        case "ledger":
            arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{outputs['LedgerTable']}"
        case _:
            arn = world.principals.domain_arn
    return f"{arn}{slash}{rest}"
