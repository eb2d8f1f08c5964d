"""A queue with visibility times, receive counts and dead letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from broadsheet.deliveries import Message


@dataclass
class Queued:
    """A message; ``duty`` says which change of which keys must have been read before it may be acknowledged."""

    name: str
    body: str
    duty: Mapping[str, int]
    visible_at: float
    not_before: float = 0
    receives: int = 0
    copies: int = 0


@dataclass
class Queue:
    """Messages by name. A receipt handle is ``name/receives``: an outdated one changes nothing."""

    visibility: float
    most_receives: int
    waiting: dict[str, Queued] = field(default_factory=dict)
    dead: dict[str, Queued] = field(default_factory=dict)

    def send(self, name: str, body: str, duty: Mapping[str, int], visible_at: float) -> None:
        """Add a message that nobody sees before this time."""
        self.waiting[name] = Queued(name, body, duty, visible_at, not_before=visible_at)

    def copy(self, name: str) -> None:
        """Send a message again under another id, as the source of events may."""
        found = self.waiting.get(name)
        if found:
            found.copies += 1
            self.send(f"{name}~{found.copies}", found.body, found.duty, found.not_before)

    def receive(self, name: str, now: float) -> Message | None:
        """Hand a message out, even one that was handed out and is invisible: queues deliver at least once."""
        found = self.waiting.get(name)
        if found is None or found.not_before > now:
            return None
        found.receives += 1
        if found.receives > self.most_receives:
            self.dead[name] = self.waiting.pop(name)
            return None
        found.visible_at = now + self.visibility
        return Message(name, f"{name}/{found.receives}", found.body, found.receives)

    def hold(self, receipt_handle: str, until: float) -> None:
        """Change the visibility of a message that was handed out."""
        name, _, receives = receipt_handle.rpartition("/")
        found = self.waiting.get(name)
        if found and found.receives == int(receives):
            found.visible_at = until

    def delete(self, name: str) -> None:
        """Acknowledge a message; a receipt handle of an earlier delivery works too on a standard queue."""
        self.waiting.pop(name, None)

    def visible(self, now: float) -> list[str]:
        """Return the names of messages that may be handed out, oldest first."""
        return [queued.name for queued in self.waiting.values() if queued.visible_at <= now]
