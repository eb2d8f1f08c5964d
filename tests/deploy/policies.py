"""The policies inside the functions' roles, changed for a while or for the emulator."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# IAM has no action for batches: SendMessage allows SendMessageBatch, too ("Amazon SQS API permissions: actions and
# resource reference"). The emulator asks for an action of that name.
_SEND, _SEND_BATCH = "sqs:SendMessage", "sqs:SendMessageBatch"
_POLICY = "own"


class Policies:
    """Reads and writes the policy of one role; ``iam`` is a boto3 client."""

    def __init__(self, iam: Any, role: str) -> None:
        self._iam = iam
        self._role = role

    def read(self) -> list[dict[str, Any]]:
        """Return the statements."""
        document = self._iam.get_role_policy(RoleName=self._role, PolicyName=_POLICY)["PolicyDocument"]
        return list(document["Statement"])

    def write(self, statements: list[dict[str, Any]]) -> None:
        """Put other statements in their place, from now on."""
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self._iam.put_role_policy(RoleName=self._role, PolicyName=_POLICY, PolicyDocument=document)

    def allow_batches(self) -> None:
        """Write down what AWS allows together with sending."""
        statements = self.read()
        for statement in statements:
            actions = _list(statement["Action"])
            if _SEND in actions and _SEND_BATCH not in actions:
                statement["Action"] = [*actions, _SEND_BATCH]
        self.write(statements)

    @contextmanager
    def without(self, action: str, matches: Callable[[str], bool]) -> Iterator[None]:
        """Take one action away from the resources that match, as long as the context lasts; ValueError if none do."""
        before = self.read()
        gone = {action, _SEND_BATCH} if action == _SEND else {action}
        left: list[dict[str, Any]] = []
        found = False
        for statement in before:
            if statement["Effect"] != "Allow":
                left.append(statement)
                continue
            for one in _list(statement["Action"]):
                for resource in _list(statement["Resource"]):
                    if one in gone and matches(resource):
                        found = True
                    else:
                        left.append({"Effect": "Allow", "Action": one, "Resource": resource})
        if not found:
            raise ValueError(f"{self._role} does not allow {action} there")
        self.write(left)
        try:
            yield
        finally:
            self.write(before)


def roles_of_functions(iam: Any, stack: str) -> dict[str, str]:
    """Return the names of the roles, by the names of their functions."""
    start = f"{stack}-Functions"
    roles = [role["RoleName"] for role in iam.list_roles(MaxItems=1000)["Roles"]]
    ours = [role for role in roles if role.startswith(start)]
    return {role.removeprefix(start).partition("Role")[0].lower(): role for role in ours}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
