"""Why a node did not start, in words that say what to do next."""

from __future__ import annotations

import re
from dataclasses import dataclass

from broadsheet.errors import EngineError
from infra.local.engine_home import Home

UNKNOWN = "engine_start"
LINES = 15


@dataclass(frozen=True, slots=True)
class Cause:
    """A known cause: its code, how the node's log betrays it, and the remedy."""

    code: str
    sign: re.Pattern[str]
    remedy: str


# The first match counts: a full disk and a taken port are also reported by exceptions with general names.
CAUSES = (
    Cause(
        "engine_memory",
        re.compile(r"Could not reserve enough space|insufficient memory for the Java|OutOfMemoryError|Cannot allocate"),
        "There is not enough memory. End other programs, or give the engine a smaller heap (`heap`, --heap 256m).",
    ),
    Cause(
        "engine_heap",
        re.compile(r"(?:Invalid|Too small) (?:initial|maximum) heap|exceeds the maximum representable size"),
        "Java does not accept this heap size. Write it as 512m or 1g.",
    ),
    Cause(
        "engine_disk",
        re.compile(r"No space left on device|Disk quota exceeded"),
        "The disk is full. Make room, or name a directory on another disk than {cache} with BROADSHEET_CACHE.",
    ),
    Cause(
        "engine_port",
        re.compile(r"Address already in use|BindHttpException|Failed to bind to"),
        "The port is taken. Choose another one, or 0 for any free one.",
    ),
    Cause(
        "engine_access",
        re.compile(r"AccessDeniedException|Permission denied|Operation not permitted|Read-only file system"),
        "The engine may not write or run something. Look who owns {cache}, or name another directory with "
        "BROADSHEET_CACHE (it must not be mounted noexec).",
    ),
)
KILLED = Cause(
    "engine_memory",
    re.compile(""),
    "It was killed, most likely for want of memory. End other programs, or give the engine a smaller heap (`heap`, "
    "--heap 256m).",
)
OTHER = Cause(
    UNKNOWN,
    re.compile(""),
    "Try again; if it stays so, delete {cache}, which is made anew, or set BROADSHEET_OPENSEARCH_URL to an OpenSearch "
    "that already runs.",
)


def failure(what: str, home: Home) -> EngineError:
    """Make the error that tells `what` happened to the node in `home`, its last words and a remedy."""
    status = _text(home, "exit_status")
    ending = f" (exit status {status})" if status else ""
    log = _text(home, "supervisor.log") + _text(home, "console.log")
    known = (cause for cause in CAUSES if cause.sign.search(log) or cause.sign.search(status))
    cause = next(known, KILLED if status == "-9" else OTHER)
    remedy = cause.remedy.format(cache=home.cache)
    return EngineError(f"{what}{ending}. Its last words:\n{_last_words(log)}\n{remedy}", code=cause.code)


def _text(home: Home, name: str) -> str:
    try:
        return (home.path / name).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _last_words(log: str) -> str:
    """Give the lines from the last error on, or else the last lines.

    Left out is what is no help: frames of stack traces, and the name of a log that we do not write.
    """
    lines = [line for line in log.splitlines() if line.strip() and not line.startswith(("\t", "For complete error"))]
    errors = [number for number, line in enumerate(lines) if "][ERROR]" in line]
    words = lines[errors[-1] :][:LINES] if errors else lines[-LINES:]
    return "\n".join(f"  {line[:300]}" for line in words) or "  (it printed nothing)"
