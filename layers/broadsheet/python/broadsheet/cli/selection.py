"""Which files an upload takes, and the keys they get."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from broadsheet.errors import NotFoundError, RequestError

# S3's limit for a key, in UTF-8.
_KEY_BYTES = 1024
# The table of the standard library, without the files of the machine: the same everywhere.
_TYPES = mimetypes.MimeTypes()


@dataclass(frozen=True, slots=True)
class Selected:
    """A file to be stored under a key; ``size`` in bytes as it was when it was found."""

    path: Path
    key: str
    size: int

    @property
    def content_type(self) -> str | None:
        """The type that the name tells, None when it tells none, or that the file is packed."""
        content_type, encoding = _TYPES.guess_type(self.path.name)
        return None if encoding else content_type


@dataclass(frozen=True, slots=True)
class Selection:
    """The files of an upload in order, and how many hidden or special ones were left out."""

    files: tuple[Selected, ...]
    skipped: int

    @property
    def size(self) -> int:
        """All bytes of the files."""
        return sum(file.size for file in self.files)


def select(names: Iterable[str], prefix: str) -> Selection:
    """Find the files that ``names`` stand for: files by themselves, folders with all that is below them.

    A file keeps its name, a file of a folder its path in the folder (as with ``aws s3 sync``), both below ``prefix``.
    Below folders, hidden files and folders are left out, and what is no regular file. Raise NotFoundError for a name
    that stands for nothing, RequestError for keys that cannot be or that two files would share.
    """
    folder = prefix.strip("/")
    start = f"{folder}/" if folder else ""
    chosen: dict[str, Selected] = {}
    skipped = 0
    for name in names:
        given = Path(name)
        if not given.exists():
            raise NotFoundError(f"there is no file or folder {_shown(given)}", code="file_not_found")
        for path in _below(given) if given.is_dir() else [given]:
            if given.is_dir() and (path.name.startswith(".") or not path.is_file()):
                skipped += 1
                continue
            key = start + (path.relative_to(given) if given.is_dir() else Path(path.name)).as_posix()
            _check(path, key)
            other = chosen.get(key)
            if other and not other.path.samefile(path):
                raise RequestError(
                    f"{_shown(other.path)} and {_shown(path)} would have the same key {key}: upload them one after the "
                    "other with different --prefix",
                    code="same_key",
                )
            chosen[key] = Selected(path, key, path.stat().st_size)
    return Selection(tuple(chosen.values()), skipped)


def _below(folder: Path) -> Iterator[Path]:
    """Give what is below a folder in order; hidden folders and links to folders by themselves only."""
    for parent, folders, names in os.walk(folder, onerror=_refuse):
        closed = [name for name in folders if name.startswith(".") or Path(parent, name).is_symlink()]
        folders[:] = sorted(set(folders) - set(closed))
        yield from (Path(parent, name) for name in sorted([*names, *closed]))


def _refuse(error: OSError) -> None:
    raise NotFoundError(f"{error.filename}: {error.strerror}", code="folder_unreadable") from error


def _check(path: Path, key: str) -> None:
    try:
        size = len(key.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise RequestError(f"{_shown(path)}: the name is not UTF-8; rename the file", code="name_not_utf8") from error
    if size > _KEY_BYTES:
        raise RequestError(
            f"{_shown(path)}: the key would have {size} bytes, S3 takes {_KEY_BYTES}; shorten the path or --prefix",
            code="key_too_long",
        )


def _shown(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "replace")
