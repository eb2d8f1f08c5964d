"""The dependency layer as it would be deployed, put together from the locked libraries that are installed here.

Nothing is fetched: the layer's lock and that of the tests are one resolution, so the files are the same but for the
machine they were compiled for.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from infra.parts.python_layer import CODE, PRUNED, REQUIREMENTS, ROOT, prune
from tests.samples import load_event

pytestmark = pytest.mark.xdist_group("infra")

# What Lambda lets a function and its layers unpack to, and what these need at most of it. Bytecode adds a third.
LAMBDA_BYTES = 250 * 1024 * 1024
MOST_BYTES = 50 * 1024 * 1024
PAGE = """\
<!doctype html><html lang="en"><head><title>Rebels leave the old city | The Example</title></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>Rebels leave the old city</h1>
<p>The last rebels left the old city on Friday under a deal that hands it to the government, witnesses said.</p>
<p>Hundreds of families began to return to what is left of their homes, many of them for the first time in years.</p>
</article><footer>All rights reserved</footer></body></html>
"""
ALL_OF_IT = """
import json, sys
import lxml, trafilatura
from trafilatura.settings import Extractor
assert all(module.__file__.startswith(sys.argv[1]) for module in (lxml, trafilatura)), trafilatura.__file__
sys.path.insert(0, ".")
import handler
answer = handler.handle(json.load(sys.stdin), None)
found = json.loads(answer["body"])
page = sys.argv[2]
document = trafilatura.bare_extraction(page, url="https://news.example/en/2014/05/homs.html", with_metadata=True)
print(json.dumps({"parse": found, "title": document.title, "text": document.text}))
"""


@pytest.fixture(scope="module")
def layer(tmp_path_factory):
    """The folder that becomes the layer, with links in place of copies."""
    tree = tmp_path_factory.mktemp("layer") / "python"
    locked = re.findall(r"^([a-z0-9-]+)==(\S+) \\$", REQUIREMENTS.read_text(), re.MULTILINE)
    assert len(locked) > 10
    for name, version in locked:
        library = metadata.distribution(name)
        assert library.version == version, f"{name}: the environment is not that of the lock; make test renews it"
        for file in library.files or ():
            if ".." not in file.parts and file.suffix != ".pyc":
                link = tree / file
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(Path(str(library.locate_file(file))))
    return tree


@pytest.fixture(scope="module")
def pruned(layer):
    for path in PRUNED:
        assert (layer / path).is_dir(), f"{path} is no longer there: nothing to prune"
    prune(layer)
    return layer


def test_both_layers_unpacked_take_a_fifth_of_what_lambda_allows(pruned):
    files = [path for folder in (pruned, CODE / "python") for path in folder.rglob("*") if path.is_file()]
    unpacked = sum(path.stat().st_size for path in files if path.suffix != ".pyc")
    assert unpacked < MOST_BYTES == LAMBDA_BYTES / 5


def test_html_is_read_with_nothing_but_the_layers(pruned):
    event = load_event("parse/page") | {"body": PAGE, "isBase64Encoded": False}
    name = {"name": "homs.html"}
    event |= {"queryStringParameters": name, "multiValueQueryStringParameters": {"name": ["homs.html"]}}
    done = subprocess.run(
        # Without the environment's own libraries (-S): what is not in the layers is not there.
        [sys.executable, "-S", "-B", "-c", ALL_OF_IT, str(pruned), PAGE],
        cwd=ROOT / "functions" / "parse",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{pruned}{os.pathsep}{CODE / 'python'}"},
        input=json.dumps(event),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stderr == ""
    found = json.loads(done.stdout.splitlines()[-1])
    (record,) = found["parse"]["records"]
    assert record["report"]["format"] == "html"
    assert record["article"]["title"] == found["title"] == "Rebels leave the old city"
    for text in (record["article"]["body"], found["text"]):
        assert "under a deal" in text
        assert "All rights reserved" not in text
