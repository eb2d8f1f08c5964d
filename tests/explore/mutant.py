"""Ingestion without one of its rules: the real code with one faulty collaborator, a subclass or a port."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from broadsheet.bulk_writer import BulkWriter
from broadsheet.deliveries import Returns
from broadsheet.ingest import Batch
from broadsheet.ingest_ports import IngestRuntime
from tests.explore.operations import Operations
from tests.explore.subject import EXECUTE, SmallBatch, SmallLedger, SmallReading, SmallRun, executing
from tests.explore.worker import Execute


@dataclass(frozen=True)
class Mutant:
    """A rule, and ingestion (or what is done beside it) without it."""

    rule: str
    execute: Execute = EXECUTE
    operations: type[Operations] = Operations


def of_batch(rule: str, **attributes: Any) -> Mutant:
    """Make a mutant whose batch has other classes or methods."""
    return Mutant(rule, executing(type("FaultyBatch", (SmallBatch,), attributes)))


def of_ledger(rule: str, **methods: Any) -> Mutant:
    """Make a mutant whose ledger differs in a method."""
    return of_batch(rule, ledger_class=type("FaultyLedger", (SmallLedger,), methods))


def of_run(rule: str, **methods: Any) -> Mutant:
    """Make a mutant whose runs differ in a method."""
    return of_batch(rule, run_class=type("FaultyRun", (SmallRun,), methods))


def of_reading(rule: str, **methods: Any) -> Mutant:
    """Make a mutant whose readings differ in a method."""
    return of_run(rule, reading_class=type("FaultyReading", (SmallReading,), methods))


def of_returns(rule: str, add: Any) -> Mutant:
    """Make a mutant that returns other messages."""
    return of_batch(rule, returns_class=type("FaultyReturns", (Returns,), {"add": add}))


def of_writer(rule: str, **methods: Any) -> Mutant:
    """Make a mutant whose bulk writer differs in a method."""
    return of_batch(rule, writer_class=type("FaultyWriter", (BulkWriter,), methods))


def of_runtime(rule: str, change: Callable[[IngestRuntime], dict[str, Any]]) -> Mutant:
    """Make a mutant that has other ports."""

    def begin(self: Batch, runtime: IngestRuntime, request_id: str, remaining: Callable[[], float]) -> None:
        SmallBatch.__init__(self, replace(runtime, **change(runtime)), request_id, remaining)

    return of_batch(rule, __init__=begin)


def of_operations(rule: str, **methods: Any) -> Mutant:
    """Make a mutant of what is done beside ingestion."""
    return Mutant(rule, operations=type("FaultyOperations", (Operations,), methods))
