"""Somebody who uses the deployed system: has an API key, and AWS credentials with the rights that the README states."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3

from tests.deploy.emulator import ACCOUNT, REGION, Emulator

OUTSIDE = "aws.example"
"""The name that the emulator has from outside, behind the proxy."""

NOTHING: Mapping[str, str] = {}
_COMMAND = "import sys; from broadsheet.cli import main; sys.exit(main())"
_SECONDS = 300
_TRIES = 20
_FOREIGN = ("AWS_", "BROADSHEET_")


@dataclass(frozen=True, slots=True)
class Answer:
    """Of the API; ``json`` is empty for an answer without an object."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """Return the object of the answer."""
        document = json.loads(self.body) if self.body else {}
        return document if isinstance(document, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Asks the API, and types commands in a folder of its own."""

    emulator: Emulator
    proxy_url: str
    api_id: str
    api_key: str
    access_key: tuple[str, str]
    bucket: str
    folder: Path
    pool: urllib3.PoolManager = field(repr=False)

    def get(self, path: str, **parameters: str) -> Answer:
        """Ask with the API key; again when asked to wait."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        for _ in range(_TRIES):
            answer = self.request("GET", path + query, headers={"x-api-key": self.api_key})
            if answer.status != 429:
                break
            time.sleep(float(answer.headers.get("Retry-After", 1)))
        return answer

    def request(
        self, method: str, path: str, *, headers: Mapping[str, str] = NOTHING, body: bytes | None = None
    ) -> Answer:
        """Send a request as it is, unsigned."""
        url = f"{self.emulator.url}{self._path}{path}"
        answer = self.pool.request(method, url, headers=dict(headers), body=body)
        return Answer(answer.status, answer.headers, answer.data)

    def search(self, query: str, **parameters: str) -> int:
        """Return how many articles and comments a search finds."""
        answer = self.get("/search", q=query, **parameters)
        if answer.status != 200:
            raise AssertionError(f"search answered {answer.status}: {answer.body[:500]!r}")
        return int(answer.json["total"]["value"])

    def file(self, key: str) -> dict[str, Any] | None:
        """Return what became of a file, None while that is not known."""
        answer = self.get("/files", key=key)
        if answer.status != 200:
            raise AssertionError(f"files answered {answer.status}: {answer.body[:500]!r}")
        return next(iter(answer.json["files"]), None)

    def command(self, *words: str) -> str:
        """Type ``broadsheet`` and these words; return what it printed; raise AssertionError when it failed."""
        done = self.try_command(*words)
        if done.returncode:
            raise AssertionError(
                f"broadsheet {' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr}"
            )
        return done.stdout

    def try_command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Type ``broadsheet`` and these words, which may fail."""
        return subprocess.run(
            [sys.executable, "-c", _COMMAND, *words],
            cwd=self.folder,
            env=self._environ(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )

    @property
    def _path(self) -> str:
        return f"/_aws/execute-api/{self.api_id}/v1"

    def _environ(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
        access_key, secret = self.access_key
        return {
            **own,
            **self.emulator.environ,
            "AWS_ACCESS_KEY_ID": access_key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "HTTPS_PROXY": self.proxy_url,
            "https_proxy": self.proxy_url,
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
            "BROADSHEET_API_URL": f"https://{OUTSIDE}:{self.emulator.port}{self._path}",
            "BROADSHEET_API_KEY": self.api_key,
            "BROADSHEET_BUCKET": self.bucket,
        }


def make_user(iam: Any, *, bucket: str, api_id: str) -> tuple[str, str]:
    """Make a user who may upload and change things, and nothing else; return the access key."""
    name = "broadsheet-person"
    allowed = {
        f"arn:aws:s3:::{bucket}/*": ["s3:PutObject", "s3:GetObject"],
        f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api_id}/*": ["execute-api:Invoke"],
    }
    statements = [{"Effect": "Allow", "Action": actions, "Resource": resource} for resource, actions in allowed.items()]
    iam.create_user(UserName=name)
    iam.put_user_policy(
        UserName=name,
        PolicyName="own",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]
