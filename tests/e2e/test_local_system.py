"""The whole system in this process, on a real engine: what goes into the bucket comes out of the API."""

import json

import pytest

from broadsheet.cli.addresses import Addresses
from broadsheet.cli.api import Api
from broadsheet.errors import RequestError
from infra.local.system import local_system
from infra.local.waiting import wait_for
from tests.samples import HOMS

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("local-system")]

SECONDS = 30.0
SAMPLE_KEY = "samples/homs.txt"
ODD_KEYS = [
    "odd/a b+c.txt",
    "odd/100%25 sure/50%.txt",
    "odd/أخبار/حمص ٢٠١٤.txt",
    "odd/" + "k" * 896,
    "odd/&?#=;.txt",
    "odd/a/../b//c",
]
BAD_INPUTS = {
    "bad/empty.txt": b"",
    "bad/spaces.txt": b" \n\t\r\n ",
    "bad/picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "bad/unknown.xyz": b"Just a line of text with an unknown ending",
    "bad/no-ending": b"\x00" * 5000,
    "bad/not-utf8.txt": b"Caf\xe9 and \xff\xfe\x80 somewhere\n\nA body with \xc3( in it.\n",
    "bad/broken.json": b'{"title": "unfinished',
    "bad/folder/": b"",
}


@pytest.fixture(scope="module")
def said():
    """What the system reports while it runs."""
    return []


@pytest.fixture(scope="module")
def system(engine_url, said):
    with local_system(environ={"BROADSHEET_OPENSEARCH_URL": engine_url}, say=said.append) as system:
        yield system


@pytest.fixture(scope="module")
def get(system):
    """A function that gives the JSON of a resource."""
    api = Api(Addresses(system.api_url))
    return lambda path, **parameters: api.get(path, parameters)


@pytest.fixture(scope="module")
def outcome(get):
    """A function that waits for what became of a key (of the object with this ETag)."""

    def outcome(key, etag=None):
        def look():
            for file in get("/files", key=key)["files"]:
                if file["status"] != "processing" and etag in {None, file.get("etag")}:
                    return file
            return None

        return wait_for(look, f"an outcome of {key}", seconds=SECONDS)

    return outcome


@pytest.fixture(scope="module")
def put(system, outcome):
    """A function that stores a text under a key and gives what became of it."""

    def put(key, text):
        stored = system.aws.s3.put_object(Bucket=system.aws.uploads_bucket, Key=key, Body=text.encode())
        return outcome(key, stored["ETag"].strip('"'))

    return put


@pytest.fixture
def remove(system, get):
    """A function that removes a key and waits until that is known."""

    def remove(key):
        system.aws.s3.delete_object(Bucket=system.aws.uploads_bucket, Key=key)
        return wait_for(lambda: _with_status(get, key, "deleted"), f"the removal of {key}", seconds=SECONDS)

    return remove


@pytest.fixture
def found(get):
    """A function that waits until a search has this many results, and gives them."""

    def found(query, count, **parameters):
        def look():
            results = get("/search", q=query, **parameters)["results"]
            return results if len(results) == count else None

        return wait_for(look, f"{count} results for {query}", seconds=SECONDS)

    return found


@pytest.fixture(scope="module")
def sample(put):
    return put(SAMPLE_KEY, HOMS.read_text(encoding="utf-8"))


def _with_status(get, key, status):
    return next((file for file in get("/files", key=key)["files"] if file["status"] == status), None)


def _page(word):
    return f"A page about {word}\n\nIts only paragraph says {word} once more, in a sentence.\n"


def test_the_sample_is_indexed_with_its_thirty_comments(sample, get, found):
    assert sample["status"] == "indexed"
    assert sample["counts"]["articles"] == 1
    assert sample["counts"]["comments"] == sample["counts"]["comments_declared"] == 30

    # Both: each index makes its documents searchable in its own time.
    found("taqiya", 1, type="article")
    [comment] = found("taqiya", 1, type="comment")

    assert comment["comment"]["author"] == "cedre"
    article_id = comment["article"]["article_id"]
    assert get(f"/articles/{article_id}")["article"]["comment_count"] == 30
    comments = get(f"/articles/{article_id}/comments", limit=100)["comments"]
    assert len(comments) == 30
    assert [shown["ordinal"] for shown in comments] == list(range(30))


def test_an_article_is_found_by_a_word_that_only_its_discussion_has(sample, found):
    [article] = found("taqiya", 1, type="article")

    assert article["article"]["file"]["key"] == SAMPLE_KEY


def test_a_comment_names_its_article(sample, get, found):
    [hit] = found("taqiya", 1, type="comment")

    comment = get(f"/comments/{hit['comment']['comment_id']}")

    assert comment["article"]["title"].startswith("Syria Army Enters Homs")


def test_a_discussion_its_people_and_the_beginning_of_a_title_are_answered_over_http(sample, get, found):
    [hit] = found("taqiya", 1, type="article")
    tree = get(f"/articles/{hit['article']['article_id']}/comments", view="tree")
    assert (tree["total"]["value"], tree["next"]) == (30, None)

    author = get("/authors/FlameCatcher")

    assert author["author"]["key"] == "flamecatcher"
    assert hit["article"]["title"] in [entry["title"] for entry in get("/suggest", q="syria army ent")["titles"]]
    assert get("/authors", q="flame")["authors"][0]["name"] == "FlameCatcher"


def test_overwriting_replaces_the_old_words(put, found):
    assert put("overwritten.txt", _page("quagga"))["status"] == "indexed"
    found("quagga", 1, type="article")

    put("overwritten.txt", _page("thylacine"))

    found("thylacine", 1, type="article")
    found("quagga", 0)


def test_fewer_comments_after_overwriting_leave_none_behind(put, found, sample):
    text = HOMS.read_text(encoding="utf-8")
    put("shrinking.txt", text.replace("taqiya", "moadib"))
    found("moadib", 1, type="comment")
    head, _, _ = text.partition("\nComments 30")

    assert put("shrinking.txt", head)["counts"]["comments"] == 0

    found("moadib", 0)


def test_removing_a_file_takes_article_and_comments_away(put, remove, found):
    put("removed.txt", HOMS.read_text(encoding="utf-8").replace("taqiya", "xylotype"))
    found("xylotype", 1, type="comment")

    assert remove("removed.txt")["status"] == "deleted"

    found("xylotype", 0, type="comment")
    found("xylotype", 0, type="article")


def test_removing_the_marker_brings_the_file_back(system, put, remove, outcome, found):
    put("undeleted.txt", _page("aurochs"))
    remove("undeleted.txt")
    found("aurochs", 0)
    bucket = system.aws.uploads_bucket
    [marker] = system.aws.s3.list_object_versions(Bucket=bucket, Prefix="undeleted.txt")["DeleteMarkers"]

    system.aws.s3.delete_object(Bucket=bucket, Key="undeleted.txt", VersionId=marker["VersionId"])

    found("aurochs", 1, type="article")
    assert outcome("undeleted.txt")["status"] == "indexed"


def test_removing_an_old_version_changes_nothing(system, put, found, outcome):
    put("versions.txt", _page("dodo"))
    bucket = system.aws.uploads_bucket
    old = system.aws.s3.head_object(Bucket=bucket, Key="versions.txt")["VersionId"]
    put("versions.txt", _page("solitaire"))

    system.aws.s3.delete_object(Bucket=bucket, Key="versions.txt", VersionId=old)
    _settle(system)

    assert outcome("versions.txt")["status"] == "indexed"
    found("solitaire", 1, type="article")


def test_the_same_notification_five_times_changes_nothing(system, put, get, found):
    key = "duplicates.txt"
    first = put(key, HOMS.read_text(encoding="utf-8").replace("taqiya", "zyzzyva"))
    before = found("zyzzyva", 1, type="comment")
    head = system.aws.s3.head_object(Bucket=system.aws.uploads_bucket, Key=key)
    record = {
        "s3": {
            "bucket": {"name": system.aws.uploads_bucket},
            "object": {"key": key, "eTag": head["ETag"].strip('"'), "versionId": head["VersionId"]},
        }
    }

    for _ in range(5):
        system.aws.sqs.send_message(QueueUrl=system.aws.queue_url, MessageBody=json.dumps({"Records": [record]}))
    _settle(system)

    [after] = get("/files", key=key)["files"]
    assert after["status"] == "indexed"
    assert after["counts"] == first["counts"]
    [still] = found("zyzzyva", 1, type="comment")
    assert still["comment"] == before[0]["comment"]
    comments = get(f"/articles/{still['article']['article_id']}/comments", limit=100)["comments"]
    assert len(comments) == 30


def test_files_with_odd_keys_are_indexed_under_these_keys_and_removed(put, remove, found):
    words = {key: f"wort{number}zzz" for number, key in enumerate(ODD_KEYS)}

    files = [put(key, _page(word)) for key, word in words.items()]

    assert [(file["key"], file["status"]) for file in files] == [(key, "indexed") for key in ODD_KEYS]
    for key, word in words.items():
        [article] = found(word, 1, type="article")
        assert article["article"]["file"]["key"] == key

    for key in ODD_KEYS:
        remove(key)
    for word in words.values():
        found(word, 0)


def test_every_bad_input_has_an_outcome_and_none_blocks_the_others(system, outcome, put):
    for key, body in BAD_INPUTS.items():
        system.aws.s3.put_object(Bucket=system.aws.uploads_bucket, Key=key, Body=body)

    outcomes = {key: outcome(key) for key in BAD_INPUTS}
    statuses = {key: file["status"] for key, file in outcomes.items()}

    assert put("after-the-bad.txt", _page("phoenix"))["status"] == "indexed"
    assert statuses["bad/empty.txt"] == statuses["bad/spaces.txt"] == "empty"
    assert statuses["bad/folder/"] == "skipped"
    assert statuses["bad/picture.txt"] == statuses["bad/no-ending"] == statuses["bad/broken.json"] == "failed"
    for key, file in outcomes.items():
        if file["status"] not in {"indexed", "empty", "skipped"}:
            assert file["problems"], key
            assert all(problem["code"] and problem["message"] for problem in file["problems"])


def test_nothing_becomes_a_dead_letter_and_no_function_fails(system, said, sample):
    _settle(system)

    attributes = system.aws.sqs.get_queue_attributes(
        QueueUrl=system.aws.dead_letters_url, AttributeNames=["ApproximateNumberOfMessages"]
    )["Attributes"]
    assert attributes["ApproximateNumberOfMessages"] == "0"
    assert [line for line in said if "failed" in line] == []


def test_the_status_page_knows_the_files(sample, get):
    status = get("/status")

    assert status["files"]["indexed"] >= 1
    assert status["engine"]["status"] == "available"


def test_a_wrong_parameter_is_a_problem_document(get):
    with pytest.raises(RequestError) as caught:
        get("/search", q="homs", colour="red")

    assert caught.value.problems[0].parameter == "colour"


def _settle(system):
    """Wait until no message is left, waiting or in work."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def settled():
        attributes = system.aws.sqs.get_queue_attributes(QueueUrl=system.aws.queue_url, AttributeNames=names)
        return True if all(value == "0" for value in attributes["Attributes"].values()) else None

    wait_for(settled, "an empty queue", seconds=SECONDS)
