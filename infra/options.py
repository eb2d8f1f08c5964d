"""What one deployment chooses beside its stage: typed, read from ``cdk ... -c name=value``, refused when misspelt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from aws_cdk import Environment

from infra.stages import Stage

_PATTERNS = {
    "account": r"\d{12}",
    "region": r"[a-z]{2}(-[a-z]+)+-\d",
    "alarm_email": r"[^@\s]+@[^@\s]+",
    "uploads_bucket": r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    "domain_arn": r"arn:[a-z-]+:es:[a-z0-9-]+:\d{12}:domain/[a-z][a-z0-9-]+",
    "domain_endpoint": r"[a-z0-9.-]+",
    "api_domain": r"[a-z0-9-]+(\.[a-z0-9-]+)+",
    "api_certificate": r"arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate/[a-z0-9-]+",
    "web_acl": r"arn:[a-z-]+:wafv2:[a-z0-9-]+:\d{12}:regional/webacl/.+",
}
# Of no use without each other.
_PAIRS = (("domain_arn", "domain_endpoint"), ("api_domain", "api_certificate"))
# Read where they belong: the stage in stages.py, how the layers are built in parts/python_layer.py.
_ELSEWHERE = ("stage", "architecture", "bytecode")
# Names of the CDK's own context have other characters.
_OURS = re.compile(r"[a-z_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One field for each name of ``-c``; None, or False, for what was not asked for."""

    account: str | None = None
    """The account it belongs to; any other one is refused."""
    region: str | None = None
    """The region it belongs to; any other one is refused."""
    alarm_email: str | None = None
    """Who hears of alarms; the address gets a letter that it has to confirm."""
    tracing: bool = False
    """X-Ray follows requests through the API and the functions."""
    uploads_bucket: str | None = None
    """A bucket of yours in place of a new one; its owner lets it notify the queue (output BucketNotifications)."""
    domain_arn: str | None = None
    """An OpenSearch domain of yours in place of a new one; with ``domain_endpoint``."""
    domain_endpoint: str | None = None
    """Host name of that domain."""
    api_domain: str | None = None
    """A name of yours for the API; with ``api_certificate``. Point it at the output ApiDomainTarget."""
    api_certificate: str | None = None
    """ARN of the certificate of that name, in the same region."""
    web_acl: str | None = None
    """ARN of a web ACL of WAF (regional) that stands before the API."""
    public_reading: bool = False
    """Reading without an API key. Dry runs keep asking for one, writing for IAM."""
    public_feeds: bool = False
    """Feeds without an API key, which feed readers cannot send."""
    key_uploads: bool = False
    """Whoever has an API key may upload, and so replace files; otherwise uploading is by IAM."""

    @classmethod
    def from_context(cls, context: Mapping[str, Any]) -> Options:
        """Read the context; raise ValueError that names every option that is unknown, malformed or lacks its half."""
        known = {field.name: str(field.type) for field in fields(cls)}
        ours = {name: str(value) for name, value in context.items() if _OURS.fullmatch(name)}
        wrong = [
            f"there is no option -c {name}; there are: {', '.join(sorted([*known, *_ELSEWHERE]))}"
            for name in ours
            if name not in known and name not in _ELSEWHERE
        ]
        values: dict[str, Any] = {}
        for name in known.keys() & ours.keys():
            text = ours[name]
            if known[name] == "bool":
                values[name] = text == "yes"
                if text not in {"yes", "no"}:
                    wrong.append(f"-c {name}={text} is neither yes nor no")
            elif not re.fullmatch(_PATTERNS[name], text):
                wrong.append(f"-c {name}={text} is not of the form {_PATTERNS[name]}")
            else:
                values[name] = text
        for one, other in _PAIRS:
            if (one in values) != (other in values):
                wrong.append(f"-c {one} and -c {other} belong together: give both or none")
        if wrong:
            raise ValueError("; ".join(sorted(wrong)))
        return cls(**values)

    def applied(self, stage: Stage) -> Stage:
        """Return the stage, opened where an option opens it."""
        return replace(
            stage,
            public_reading=stage.public_reading or self.public_reading,
            public_feeds=stage.public_feeds or self.public_feeds,
            key_uploads=stage.key_uploads or self.key_uploads,
        )

    def environment(self, credentials: Mapping[str, str]) -> Environment | None:
        """Return where the stack belongs, None for wherever it is deployed.

        ``credentials`` are the variables that the ``cdk`` command sets for the app: raise ValueError when they are of
        another account or region, before anything is built.
        """
        for name, own in (("account", self.account), ("region", self.region)):
            current = credentials.get(f"CDK_DEFAULT_{name.upper()}")
            if own and current and own != current:
                raise ValueError(
                    f"this is to be deployed to {name} {own}, but the credentials are for {current}: "
                    f"choose others (AWS_PROFILE), or another -c {name}"
                )
        return Environment(account=self.account, region=self.region) if self.account or self.region else None
