"""What differs between the stages; everything else is the same for all. Chosen by ``cdk ... -c stage=NAME``."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk.aws_logs import RetentionDays


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One deployment: sizes, limits, and whether its data outlives the stack."""

    name: str
    retain: bool
    """Keep buckets, ledger, domain and logs when the stack is deleted; protect the ledger against deletion."""
    data_nodes: int
    """Nodes of the search domain; two or more are spread over two availability zones."""
    data_instance: str
    volume_gb: int
    """gp3 storage of each data node, in GiB."""
    manager_nodes: int
    """Dedicated cluster managers, none or three: of two nodes alone, the loss of one can stop the cluster."""
    manager_instance: str
    ingest_concurrency: int
    """Ingest invocations at once, about one per vCPU of the data nodes; more only makes the domain refuse work."""
    noncurrent_days: int
    """How long overwritten and deleted uploads can be brought back."""
    log_retention: RetentionDays
    requests_per_second: int
    """Throttle of the API and of the usage plan."""
    request_burst: int
    public_reading: bool = False
    """Search without an API key. Dry runs keep asking for one, writing for IAM."""
    public_feeds: bool = False
    """Feeds without an API key, which feed readers cannot send, when all other reading needs one."""
    key_uploads: bool = False
    """Uploads by whoever has an API key, and not by IAM."""

    def named(self, what: str) -> str:
        """Return the name of a resource; names are given only where people or a retained resource need them."""
        return f"broadsheet-{self.name}-{what}"


_STAGES = (
    Stage(
        name="dev",
        retain=False,
        data_nodes=1,
        data_instance="t3.small.search",
        volume_gb=10,
        manager_nodes=0,
        manager_instance="",
        ingest_concurrency=2,
        noncurrent_days=7,
        log_retention=RetentionDays.TWO_WEEKS,
        requests_per_second=10,
        request_burst=20,
    ),
    Stage(
        name="prod",
        retain=True,
        data_nodes=2,
        data_instance="r6g.large.search",
        volume_gb=100,
        manager_nodes=3,
        manager_instance="m6g.large.search",
        ingest_concurrency=4,
        noncurrent_days=90,
        log_retention=RetentionDays.THREE_MONTHS,
        requests_per_second=50,
        request_burst=100,
    ),
)
STAGES = {stage.name: stage for stage in _STAGES}
DEFAULT = "dev"


def stage_named(name: str) -> Stage:
    """Return a stage; raise ValueError that lists them when there is none of this name."""
    if name not in STAGES:
        raise ValueError(f"there is no stage {name!r}; choose one of: {', '.join(STAGES)} (-c stage={DEFAULT})")
    return STAGES[name]
