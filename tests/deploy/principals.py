"""Who signs requests to the engine, and what IAM lets them do, as the emulator knows it."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.deploy.emulator import ACCOUNT, REGION, ROOT_KEY
from tests.deploy.signatures import Caller


class Principals:
    """The functions' roles. ``clients`` gives a boto3 client for a service, as the root of the account."""

    def __init__(self, clients: Any, *, enforced: bool) -> None:
        self._clients = clients
        self._enforced = enforced
        self._callers: dict[str, Caller] = {}

    def known(self, access_key: str) -> Caller | None:
        """Return who has an access key."""
        if not self._enforced:
            # The emulator then gives every function the key of the account.
            known = access_key in {ACCOUNT, ROOT_KEY[0]}
            return Caller(ROOT_KEY[1], "", f"arn:aws:iam::{ACCOUNT}:root", "root") if known else None
        if access_key not in self._callers:
            self._callers = dict(map(_session, self._functions()))
        return self._callers.get(access_key)

    def allows(self, caller: Caller, action: str, path: str) -> bool:
        """Tell whether the policies of a caller allow an action on a path of the domain."""
        if not self._enforced:
            return True
        return self.may(caller.principal, action, f"{self.domain_arn}{path}")

    @property
    def domain_arn(self) -> str:
        """Return the ARN of the one search domain."""
        (domain,) = self._clients("opensearch").list_domain_names()["DomainNames"]
        return f"arn:aws:es:{REGION}:{ACCOUNT}:domain/{domain['DomainName']}"

    def may(self, principal: str, action: str, resource: str) -> bool:
        """Ask IAM."""
        answer = self._clients("iam").simulate_principal_policy(
            PolicySourceArn=principal, ActionNames=[action], ResourceArns=[resource]
        )
        return [result["EvalDecision"] for result in answer["EvaluationResults"]] == ["allowed"]

    def _functions(self) -> list[dict[str, Any]]:
        """Return every version of every function: a trigger invokes a version."""
        client = self._clients("lambda")
        pages = client.get_paginator("list_functions").paginate()
        names = [function["FunctionName"] for page in pages for function in page["Functions"]]
        return [
            version for name in names for version in client.list_versions_by_function(FunctionName=name)["Versions"]
        ]


def _session(function: dict[str, Any]) -> tuple[str, Caller]:
    """Return access key and session of a version of a function.

    ministack makes them of the function's and the role's names (`core/lambda_runtime.py`, `execution_credentials`).
    """
    arn, role = function["FunctionArn"], function["Role"]
    digest = hashlib.sha256(f"{arn}:{role}".encode()).hexdigest()
    secret = hashlib.sha256(f"secret:{digest}".encode()).hexdigest()
    token = hashlib.sha256(f"token:{digest}".encode()).hexdigest()
    return f"ASIA{digest[:16].upper()}", Caller(secret, token, role, function["FunctionName"])
