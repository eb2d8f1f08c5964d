"""A stack's later life: another deployment while people use it, and its end."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import urllib3

from tests.deploy.cdk import ROOT, CdkError
from tests.deploy.delivery import is_quiet
from tests.deploy.steps import check, put, soon
from tests.deploy.world import World

# What the app is made of.
_PARTS = ("infra", "layers", "functions", "cdk.json", "pyproject.toml")
_MARK = "x-deployed"
_CHANGE = f"""

_handle = handle


def handle(event, context):
    answer = _handle(event, context)
    answer["headers"] = {{**(answer.get("headers") or {{}}), "{_MARK}": "again"}}
    return answer
"""
# What the emulator says when it ended a function that was answering; AWS lets it finish.
_ENDED = b"Worker process died"
_READERS = 3


def redeploy_under_load(world: World) -> None:
    """deploy a changed function while people search and upload"""
    person = world.person
    folder = world.folder / "changed"
    copy_app(folder)
    with (folder / "functions" / "search" / "handler.py").open("a", encoding="utf-8") as handler:
        handler.write(_CHANGE)
    answers: Counter[str] = Counter()
    uploaded: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                answer = person.get("/search", q="homs")
            except urllib3.exceptions.HTTPError as error:
                answers[f"lost: {error}"] += 1
                continue
            if answer.status == 200:
                answers["answered by the new function" if _MARK in answer.headers else "answered by the old one"] += 1
            elif _ENDED in answer.body:
                answers["ended by the emulator"] += 1
            else:
                answers[f"lost: {answer.status} {answer.body[:200]!r}"] += 1
            done.wait(0.3)

    def upload() -> None:
        while not done.is_set():
            key = f"load/{len(uploaded)}.txt"
            put(world, key, f"Load {len(uploaded)}\n\nWhile others deployed, number {len(uploaded)} came.\n")
            uploaded.append(key)
            done.wait(0.5)

    threads = [threading.Thread(target=work, daemon=True) for work in (upload, *[read] * _READERS)]
    for thread in threads:
        thread.start()
    try:
        soon(lambda: answers["answered by the old one"] > 5, "some load")
        world.deploy("dev", replace(world.cdk, app=folder))
        soon(lambda: answers["answered by the new function"] > 5, "the new function")
    finally:
        done.set()
        for thread in threads:
            thread.join()
    said = ", ".join(f"{count} {what}" for what, count in sorted(answers.items()))
    world.say(f"    {said}; {len(uploaded)} files uploaded")
    check(not any(what.startswith("lost") for what in answers), said)
    check(answers["ended by the emulator"] <= _READERS, said)
    soon(lambda: _all_indexed(world, uploaded), "an outcome of every file")


def deploying_again_changes_nothing(world: World) -> None:
    """deploy the first app again, twice: the second time nothing changes"""
    before = _state_of(world)
    world.deploy("dev")
    changed = _state_of(world)
    check(changed != before, "the function is the first one again")
    world.deploy("dev")
    check(_state_of(world) == changed, "nothing changed")


def destroy(world: World) -> None:
    """empty the buckets, destroy: nothing is left but the account's role for logs"""
    for bucket in (world.outputs["UploadsBucket"], world.outputs["OutcomesBucket"]):
        _empty(world.clients("s3"), bucket)
    # What ingest would still write into its log after the log was deleted makes the log anew.
    soon(lambda: is_quiet(world), "the end of work")
    world.cdk.destroy("dev")
    left = leftovers(world, "broadsheet-dev")
    # A setting of the account names it: without it no API of the account could write its log.
    check(len(left) == 1 and "HttpApiCloudWatchRole" in left[0], left)
    world.person_or_none = None


def prod_keeps_its_data(world: World) -> None:
    """prod: protected; destroyed, it keeps buckets, ledger, domain, logs"""
    world.outputs = world.cdk.deploy("prod")
    try:
        world.cdk.destroy("prod")
    except CdkError:
        pass
    else:
        raise AssertionError("a protected stack was deleted")
    world.clients("cloudformation").update_termination_protection(
        StackName="broadsheet-prod", EnableTerminationProtection=False
    )
    world.cdk.destroy("prod")
    kinds = Counter(each.partition(" ")[0] for each in leftovers(world, "broadsheet-prod"))
    # A log for each of seven functions, and that of the API.
    check(kinds == {"bucket": 2, "table": 1, "domain": 1, "log": 8, "role": 1}, kinds)


def leftovers(world: World, start: str) -> list[str]:
    """Return what there is of a stack, by the beginning of its names, kinds first."""
    clients = world.clients
    queues = clients("sqs").list_queues().get("QueueUrls", [])
    roles = clients("iam").list_roles(MaxItems=1000)["Roles"]
    stacks = clients("cloudformation").list_stacks()["StackSummaries"]
    functions = clients("lambda").list_functions()["Functions"]
    found = {
        "stack": [stack["StackName"] for stack in stacks if stack["StackStatus"] != "DELETE_COMPLETE"],
        "bucket": [bucket["Name"] for bucket in clients("s3").list_buckets()["Buckets"]],
        "table": clients("dynamodb").list_tables()["TableNames"],
        "domain": [
            f"{start}:{each['DomainName']}" for each in clients("opensearch").list_domain_names()["DomainNames"]
        ],
        "queue": [url.rpartition("/")[2] for url in queues],
        "function": [function["FunctionName"] for function in functions],
        "mapping": [
            f"{start}:{each['UUID']}" for each in clients("lambda").list_event_source_mappings()["EventSourceMappings"]
        ],
        "role": [role["RoleName"] for role in roles],
        "log": [each["logGroupName"] for each in clients("logs").describe_log_groups()["logGroups"]],
        "api": [each["name"] for each in clients("apigateway").get_rest_apis()["items"]],
        "key": [f"{start}:{each['id']}" for each in clients("apigateway").get_api_keys()["items"]],
        "plan": [each["name"] for each in clients("apigateway").get_usage_plans()["items"]],
        "alarm": [each["AlarmName"] for each in clients("cloudwatch").describe_alarms()["MetricAlarms"]],
        "dashboard": [each["DashboardName"] for each in clients("cloudwatch").list_dashboards()["DashboardEntries"]],
        "topic": [each["TopicArn"].rpartition(":")[2] for each in clients("sns").list_topics()["Topics"]],
        "rule": [each["Name"] for each in clients("events").list_rules()["Rules"]],
    }
    return sorted(f"{kind} {name}" for kind, names in found.items() for name in names if start in name)


def copy_app(folder: Path) -> None:
    """Copy what the app is made of."""
    for part in _PARTS:
        source, target = ROOT / part, folder / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def _all_indexed(world: World, keys: list[str]) -> bool:
    files = [world.person.file(key) for key in keys]
    return all(file is not None and file["status"] == "indexed" for file in files)


def _state_of(world: World) -> dict[str, Any]:
    """Return what a deployment could change of the functions."""
    functions = world.clients("lambda").list_functions()["Functions"]
    return {each["FunctionName"]: (each["CodeSha256"], each["LastModified"], each.get("Layers")) for each in functions}


def _empty(s3: Any, bucket: str) -> None:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        versions = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in versions]
        if objects:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": objects})


LIFE_STEPS = (redeploy_under_load, deploying_again_changes_nothing, destroy, prod_keeps_its_data)
