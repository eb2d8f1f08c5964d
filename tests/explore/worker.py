"""One invocation of ingestion as a greenlet: it stops before every call of a port, and the world says how it goes on.

How a call may end: ``ok``; ``fail`` (not done, an error); ``lost`` (done, an error in place of the answer); ``late``
(an error, and done some time later or never); ``twice`` (done, and repeated by the client, who sees the second
answer); ``busy`` and ``part`` for bulks; ``die`` (done, and the worker is gone), and killed before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from greenlet import GreenletExit, getcurrent, greenlet

from broadsheet.deliveries import Message
from broadsheet.ingest_ports import IngestRuntime
from tests.explore.ports import BulkSide, LedgerTable, Objects, Receipts, WorkersQueue

if TYPE_CHECKING:
    from tests.explore.world import World

Answer = TypeVar("Answer")
_WRITES = frozenset({"ledger.add", "ledger.put", "receipts.put", "queue.hold", "queue.send"})


class Execute(Protocol):
    """What an invocation runs: ``ingest``, or a version of it with a fault."""

    def __call__(
        self, messages: Sequence[Message], runtime: IngestRuntime, *, request_id: str, remaining: Callable[[], float]
    ) -> list[str]:
        """Work on a batch; return the ids of the messages that must come back."""


class Worker:
    """An invocation.

    ``reached`` is the call it waits in, ``read`` which change of a key it has seen, ``began_with`` the generations that
    were active when it began.
    """

    def __init__(self, world: World, name: str, messages: Sequence[Message], skew: float) -> None:
        self.name = name
        self.messages = messages
        self.read: dict[str, int] = {}
        self.looked: dict[str, str] = {}
        self.active: dict[str, tuple[int, ...]] = {}
        self.reached = ("begin", "")
        self.strands: list[Strand] = []
        self.dead = False
        self.ended = False
        self.sent = 0
        self.wakes_at = 0.0
        self.files: set[str] = set()
        self.began_with = world.operations.active
        self.deadline = world.now + world.timeout
        self._world = world
        self._skew = skew
        self.hub = getcurrent()
        self._greenlet = greenlet(self._run, self.hub)

    def resume(self, how: str, strand: int | None = None) -> None:
        """Let it make the call it waits in, and go on to the next one; ``strand`` picks one of those beside it."""
        part = self.part(strand)
        if isinstance(part, Strand):
            part.resume(how)
            if part.ended and not self.dead and self.reached[0] == "join":
                self._greenlet.switch("ok")
        else:
            self._greenlet.switch(how)
        if self.dead:
            self.kill()

    def kill(self) -> None:
        """End it where it stands; of what it does from now on, only bulks under way may reach the world."""
        for strand in list(self.strands):
            if strand.reached[0] == "engine.bulk":
                strand.resume("late")
        self.dead = True
        for strand in list(self.strands):
            strand.kill()
        if not self.ended:
            self._greenlet.throw(GreenletExit)

    def submit(self, function: Callable[[list[Any]], Any], actions: list[Any], /) -> Strand:
        """bulk_writer.Background: begin a call beside this worker."""
        strand = Strand(self, ("engine.bulk", f"{len(actions)} actions"), function, actions)
        self.strands.append(strand)
        return strand

    def each(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> list[Any]:
        """ingest.Each: the same step with several files, side by side."""
        items = list(items)
        if len(items) < 2:
            return [function(item) for item in items]
        begun = [Strand(self, ("side", ""), function, item) for item in items]
        self.strands.extend(begun)
        return [strand.result() for strand in begun]

    def part(self, strand: int | None = None) -> Worker | Strand:
        """Return what goes on next: itself, or one beside it that is picked or waited for."""
        if self.strands and (strand is not None or self.reached[0] == "join"):
            return self.strands[(strand or 0) % len(self.strands)]
        return self

    def wakes(self, strand: int | None = None) -> float:
        """Return when the sleep ends that it is in, 0 when it is in none."""
        part = self.part(strand)
        return part.wakes_at if part.reached[0] == "wait" else 0.0

    def call(self, name: str, subject: str, effect: Callable[[], Answer], error: type[Exception]) -> Answer:
        """Wait for the world's decision about a call, then make it."""
        how = self.wait_for(name, subject)
        if how == "ok":
            return effect()
        self._world.note(f"{name} {how}")
        if how == "twice":
            effect()
            return effect()
        if how in {"lost", "die"}:
            effect()
        elif how == "late" and name in _WRITES:
            self._world.postpone(self, name, subject, effect)
        if how == "die":
            self.die()
        raise error(f"{name} failed ({how})")

    def wait_for(self, name: str, subject: str) -> str:
        """Stop before a call; return how it is to end."""
        if self.dead:
            raise GreenletExit
        self._part().reached = (name, subject)
        how: str = self.hub.switch()
        return how

    def _part(self) -> Worker | Strand:
        current = getcurrent()
        return next((strand for strand in self.strands if strand.runs(current)), self)

    def die(self) -> None:
        """End from inside."""
        self.dead = True
        raise GreenletExit

    def _run(self, how: str) -> None:
        try:
            if how == "die":
                self.die()
            world = self._world
            runtime = IngestRuntime(
                settings=world.settings,
                objects=Objects(world, self),
                receipts=Receipts(world, self),
                ledger=LedgerTable(world, self),
                engine=BulkSide(world, self),
                queue=WorkersQueue(world, self),
                telemetry=world.telemetry,
                clock=lambda: world.now + self._skew,
                wait=self._sleep,
                background=self,
                each=self.each,
            )
            returned = set(
                world.execute(self.messages, runtime, request_id=self.name, remaining=lambda: self.deadline - world.now)
            )
            for message in self.messages:
                if message.message_id not in returned:
                    self.acknowledge(message.message_id)
        except GreenletExit:
            self.dead = True
        except Exception as error:  # noqa: BLE001 - reported with the seed that caused it
            world.violated(f"crash: {self.name} raised {type(error).__name__}: {error}", error)
        self.ended = True

    def acknowledge(self, name: str) -> None:
        """Delete a message, as the event source mapping does for those that need not come back."""
        how = self.wait_for("queue.delete", name)
        if how not in {"fail", "late"}:
            self._world.acknowledge(self, name)
        if how == "die":
            self.die()

    def _sleep(self, seconds: float) -> None:
        self._part().wakes_at = self._world.now + seconds
        self.wait_for("wait", f"{seconds:.1f} s")


class Strand:
    """Something a worker does beside the rest, as in a thread: it goes on when the world says so."""

    def __init__(self, worker: Worker, reached: tuple[str, str], function: Callable[[Any], Any], argument: Any) -> None:
        self.reached = reached
        self.wakes_at = 0.0
        self.ended = False
        self._begun = False
        self._worker = worker
        self._value: Any = None
        self._error: Exception | None = None
        self._greenlet = greenlet(self._run, worker.hub)
        self._call = (function, argument)

    def runs(self, current: greenlet) -> bool:
        """Tell whether this is what runs now."""
        return current is self._greenlet

    def result(self) -> Any:
        """Wait for the end of it."""
        while not self.ended:
            self._worker.wait_for("join", "")
        if self._error:
            raise self._error
        return self._value

    def resume(self, how: str) -> None:
        """Let it make the call it waits in."""
        if not self._begun:
            self._begun = True
            self._greenlet.switch()
        if not self.ended:
            self._greenlet.switch(how)

    def kill(self) -> None:
        """End it where it stands."""
        if self._begun and not self.ended:
            self._greenlet.throw(GreenletExit)
        self._end()

    def _run(self) -> None:
        function, argument = self._call
        try:
            self._value = function(argument)
        except GreenletExit:
            self._worker.dead = True
        except Exception as error:  # noqa: BLE001 - raised where the result is asked for
            self._error = error
        self._end()

    def _end(self) -> None:
        self.ended = True
        if self in self._worker.strands:
            self._worker.strands.remove(self)
