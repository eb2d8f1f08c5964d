"""All that one run needs: node, gate, emulator, proxy, and clients of the account's root."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import urllib3
from botocore.config import Config

from infra.local.engine import start_engine
from infra.local.listening import listen
from tests.deploy.cdk import Cdk
from tests.deploy.certificate import Certificate, make_certificate
from tests.deploy.emulator import REGION, ROOT_KEY, Emulator, emulator
from tests.deploy.gate import Gate
from tests.deploy.person import OUTSIDE, Person, make_user
from tests.deploy.policies import Policies, roles_of_functions
from tests.deploy.principals import Principals
from tests.deploy.proxy import Proxy
from tests.deploy.toolbox import Say, Toolbox

# API Gateway gives up after 29 seconds; a cold start of the emulator unpacks the layers, and has no limit.
_ANSWER_SECONDS = 120


@dataclass(slots=True, kw_only=True)
class World:
    """What the steps work on; ``outputs`` and ``person`` are there once a stage is deployed."""

    folder: Path
    node_url: str
    gate: Gate
    emulator: Emulator
    proxy: Proxy
    cdk: Cdk
    clients: Clients
    principals: Principals
    enforced: bool
    say: Say
    outputs: dict[str, str] = field(default_factory=dict)
    person_or_none: Person | None = None

    @property
    def person(self) -> Person:
        """Return who uses the system."""
        if self.person_or_none is None:
            raise RuntimeError("no stage is deployed")
        return self.person_or_none

    def deploy(self, stage: str, cdk: Cdk | None = None) -> None:
        """Deploy a stage; the first time, somebody gets a key of its API and credentials."""
        self.outputs = (cdk or self.cdk).deploy(stage)
        if self.enforced:
            for role in roles_of_functions(self.clients("iam"), f"broadsheet-{stage}").values():
                Policies(self.clients("iam"), role).allow_batches()
        if self.person_or_none is None:
            self.person_or_none = self._person()

    def function(self, name: str) -> str:
        """Return the full name of a function of the deployed stage."""
        pages = self.clients("lambda").get_paginator("list_functions").paginate()
        names = [function["FunctionName"] for page in pages for function in page["Functions"]]
        (found,) = [full for full in names if full.partition("-Functions")[2].startswith(name.capitalize())]
        return str(found)

    def queue_url(self, name: str) -> str:
        """Return the address of a queue: ``Files`` or ``DeadLetters``."""
        (found,) = [url for url in self.clients("sqs").list_queues()["QueueUrls"] if f"Queueing{name}" in url]
        return str(found)

    def _person(self) -> Person:
        api_id, bucket = self.outputs["ApiId"], self.outputs["UploadsBucket"]
        key = self.clients("apigateway").get_api_key(apiKey=self.outputs["ApiKeyId"], includeValue=True)["value"]
        folder = self.folder / "person"
        folder.mkdir()
        return Person(
            emulator=self.emulator,
            proxy_url=self.proxy.url,
            api_id=api_id,
            api_key=key,
            access_key=make_user(self.clients("iam"), bucket=bucket, api_id=api_id),
            bucket=bucket,
            folder=folder,
            pool=urllib3.PoolManager(
                ca_certs=str(self.emulator.certificate.bundle), retries=False, maxsize=16, timeout=_ANSWER_SECONDS
            ),
        )


class Clients:
    """boto3 clients of the account's root, one for each service."""

    def __init__(self, url: str, certificate: Certificate) -> None:
        self._session = boto3.session.Session(*ROOT_KEY, region_name=REGION)
        self._where = {"endpoint_url": url, "verify": str(certificate.bundle)}
        self._made: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        """Return the client of a service."""
        if service not in self._made:
            # An invocation may take as long as its function.
            config = Config(retries={"total_max_attempts": 1}, read_timeout=330, proxies={})
            self._made[service] = self._session.client(service, config=config, **self._where)  # type: ignore[call-overload]
        return self._made[service]


@contextmanager
def world(tools: Toolbox, say: Say, *, enforced: bool, keep: bool = False) -> Iterator[World]:
    """Start everything but the deployment, and stop everything; ``keep`` leaves the folder with the logs."""
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-deploy-"))
    try:
        with ExitStack() as stack:
            certificate = make_certificate(folder, OUTSIDE)
            with listen(0, "") as free:
                port = int(free.getsockname()[1])
            clients = Clients(f"https://127.0.0.1:{port}", certificate)
            principals = Principals(clients, enforced=enforced)
            node = stack.enter_context(start_engine())
            gate = stack.enter_context(
                Gate(node.url, certificate.server_context(), known=principals.known, allows=principals.allows)
            )
            running = stack.enter_context(
                emulator(tools, folder, certificate, port=port, engine=gate.address, enforced=enforced)
            )
            home = folder / "cdk"
            home.mkdir()
            yield World(
                folder=folder,
                node_url=node.url,
                gate=gate,
                emulator=running,
                proxy=stack.enter_context(Proxy(port)),
                cdk=Cdk(tools, running, home),
                clients=clients,
                principals=principals,
                enforced=enforced,
                say=say,
            )
    finally:
        if keep:
            say(f"logs and certificates are in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
