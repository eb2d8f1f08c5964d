"""The stack deployed by the real ``cdk`` on an emulator with IAM enforced, and used. All of it: ``make e2e``."""

from __future__ import annotations

import json
import re

import pytest
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.canned_server import Canned
from tests.deploy import steps
from tests.deploy.certificate import make_certificate
from tests.deploy.gate import Gate
from tests.deploy.minimal import PROOFS, UNNOTICED
from tests.deploy.policies import Policies
from tests.deploy.run import do
from tests.deploy.signatures import Caller
from tests.deploy.toolbox import HERE, toolbox
from tests.deploy.world import world
from tests.infra.test_permissions import ALLOWED
from tests.npm import CannotInstallError

pytestmark = pytest.mark.xdist_group("deploy")

SECRET = "secret of the function"
ALIAS = "/broadsheet-articles,broadsheet-comments/_search?a=b%20c"


@pytest.mark.engine
def test_the_stack_is_deployed_and_used_with_roles_of_its_own():
    try:
        tools = toolbox(lambda _: None)
    except CannotInstallError as error:
        pytest.skip(f"the emulator or cdk cannot be installed: {error}")
    chosen = (steps.bootstrap, steps.deploy, steps.doors, steps.upload_by_command, steps.look_around)
    with world(tools, lambda _: None, enforced=True) as running:
        errors = {done.name: done.error for done in do(running, chosen)}
        assert errors == dict.fromkeys((str(step.__doc__) for step in chosen), "")
        assert running.gate.requests > 0
        assert running.gate.refusals == []


def test_every_permission_has_a_proof_or_a_reason():
    assert PROOFS.keys() | UNNOTICED.keys() == ALLOWED.keys()
    assert not PROOFS.keys() & UNNOTICED.keys()


def test_the_readmes_name_the_version_of_cdk_that_was_tried():
    pinned = json.loads((HERE / "package.json").read_text())["dependencies"]["aws-cdk"]
    locked = json.loads((HERE / "package-lock.json").read_text())["packages"]["node_modules/aws-cdk"]
    assert (locked["version"], "resolved" in locked) == (pinned, False)
    for readme in (HERE.parents[1] / "README.md", HERE.parents[1] / "infra" / "README.md"):
        assert set(re.findall(r"aws-cdk@([0-9.]+)", readme.read_text())) <= {pinned}


class Knocking:
    """Somebody before a gate, behind which a node answers ``{"took": 1}``."""

    def __init__(self, gate, bundle):
        self.gate = gate
        self._url = f"https://{gate.address}"
        self._pool = urllib3.PoolManager(ca_certs=str(bundle), retries=False, timeout=10)

    def ask(self, path=ALIAS, *, body=b'{"size": 0}', sent=None, secret=SECRET, service="es", token="token"):
        credentials = Credentials("ASIAFUNCTION", secret, token)
        request = AWSRequest("POST", self._url + path, headers={"content-type": "application/json"}, data=body)
        SigV4Auth(credentials, service, "us-east-1").add_auth(request)
        headers = dict(request.headers.items())
        return self._pool.request("POST", self._url + path, body=sent or body, headers=headers)

    def ask_unsigned(self):
        return self._pool.request("POST", self._url + ALIAS, body=b"{}")

    def close(self):
        self._pool.clear()


@pytest.fixture
def knocking(tmp_path):
    node = Canned()
    node.answers(200, {"took": 1})
    certificate = make_certificate(tmp_path)
    caller = Caller(SECRET, "token", "arn:aws:iam::000000000000:role/search", "search")
    gate = Gate(
        node.url,
        certificate.server_context(),
        known={"ASIAFUNCTION": caller}.get,
        allows=lambda _, action, path: (action, path) == ("es:ESHttpPost", ALIAS.partition("?")[0]),
    )
    with gate:
        knocking = Knocking(gate, certificate.bundle)
        yield knocking
        knocking.close()
    node.close()


def test_the_gate_passes_on_what_is_signed_and_allowed(knocking):
    answer = knocking.ask()
    assert (answer.status, answer.json()) == (200, {"took": 1})
    assert knocking.gate.refusals == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"secret": "another"}, "the signature does not match"),
        ({"sent": b'{"size": 9}'}, "the signature does not match"),
        ({"service": "s3"}, "the request is signed for s3"),
        ({"token": "another"}, "the session token is not the one of this access key"),
        ({"path": "/_bulk"}, "arn:aws:iam::000000000000:role/search may not do es:ESHttpPost"),
    ],
)
def test_the_gate_refuses_what_is_not(knocking, wrong, reason):
    assert knocking.ask(**wrong).status == 403
    assert [refusal.reason for refusal in knocking.gate.refusals] == [reason]


def test_the_gate_refuses_who_does_not_sign_and_answers_nobody_while_it_is_away(knocking):
    assert knocking.ask_unsigned().status == 403
    knocking.gate.away.set()
    assert knocking.ask().status == 503


class Iam:
    """Holds the policy of one role."""

    def __init__(self, *statements):
        self.statements = list(statements)

    def get_role_policy(self, *, RoleName, PolicyName):  # noqa: N803 - boto3's names
        return {"PolicyDocument": {"Statement": json.loads(json.dumps(self.statements))}}

    def put_role_policy(self, *, RoleName, PolicyName, PolicyDocument):  # noqa: N803
        self.statements = json.loads(PolicyDocument)["Statement"]


def test_one_permission_is_taken_away_and_given_back():
    both = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": ["one", "two"]}
    denied = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "one"}
    iam = Iam(both, denied)
    with Policies(iam, "role").without("s3:GetObject", "one".__eq__):
        allowed = {(each["Action"], each["Resource"]) for each in iam.statements if each["Effect"] == "Allow"}
        assert allowed == {("s3:GetObject", "two"), ("s3:PutObject", "one"), ("s3:PutObject", "two")}
        assert denied in iam.statements
    assert iam.statements == [both, denied]
    with pytest.raises(ValueError, match="does not allow"), Policies(iam, "role").without("s3:GetObject", "3".__eq__):
        pass
