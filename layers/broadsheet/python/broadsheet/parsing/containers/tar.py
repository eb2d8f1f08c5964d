"""tar archives as they come, member by member, without seeking and without keeping what was read."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator

from broadsheet.model import PassedRecord, Problem, Record
from broadsheet.parsing.containers.layers import Read
from broadsheet.parsing.containers.members import Member, read_members
from broadsheet.parsing.upload import Settings, Upload

_BLOCK = tarfile.BLOCKSIZE
_READ_BYTES = 64 * 1024
# Of a name or a set of attributes that stands in a block of its own; paths end at 4,096 bytes.
_MAX_EXTENSION_BYTES = 1024 * 1024
_EXTENSIONS = frozenset({tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE})
_MAX_DIGITS = 19


def read(upload: Upload, settings: Settings, read_inner: Read) -> Iterator[Record | PassedRecord]:
    """Read the regular files of the archive; links, devices and folders have nothing to read.

    An archive that ends or breaks in the middle gives a last problem: ``tar_truncated``, ``tar_damaged``.
    """
    yield from read_members(_members(upload), upload, settings, read_inner)


class _Stream:
    """The bytes of one member."""

    def __init__(self, upload: Upload, size: int) -> None:
        self.problem: Problem | None = None
        self._upload = upload
        self._left = size
        self._padding = -size % _BLOCK

    def read(self, size: int) -> bytes:
        part = self._upload.read(min(size, self._left, _READ_BYTES)) if self._left else b""
        self._left -= len(part)
        if self._left and not part:
            self._left = 0
            self.problem = Problem("tar_truncated", "The archive ends in this member. Upload it again as a whole.")
        return part

    def close(self) -> bool:
        """Go to the next header; False when the file has ended."""
        while self.read(_READ_BYTES):
            pass
        return self.problem is None and len(_exactly(self._upload, self._padding)) == self._padding


class _Named:
    """What headers of extensions say of the member that follows them."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.size: int | None = None

    def add(self, kind: bytes, data: bytes) -> None:
        if kind == tarfile.GNUTYPE_LONGNAME:
            self.name = data.rstrip(b"\x00").decode("utf-8", "surrogateescape")
        elif kind == tarfile.XHDTYPE:
            attributes = _attributes(data)
            if path := attributes.get(b"path"):
                self.name = path.decode("utf-8", "surrogateescape")
            size = attributes.get(b"size", b"")
            if size.isdigit() and len(size) < _MAX_DIGITS:
                self.size = int(size)


def _members(upload: Upload) -> Iterator[Member]:
    following = _Named()
    while header := _exactly(upload, _BLOCK):
        try:
            info = tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
        except tarfile.HeaderError as error:
            if header.strip(b"\x00"):
                yield _broken("tar_truncated" if len(header) < _BLOCK else "tar_damaged", str(error))
            return
        if info.size < 0 or info.type == tarfile.GNUTYPE_SPARSE:
            yield _broken("tar_damaged", "a negative size or a file with holes, which is not supported")
            return
        if info.type in _EXTENSIONS:
            if info.size > _MAX_EXTENSION_BYTES:
                yield _broken("tar_damaged", "a name of more than a megabyte")
                return
            following.add(info.type, _exactly(upload, info.size + -info.size % _BLOCK)[: info.size])
            continue
        # Links and folders have no bytes, whatever their header says; what nobody knows has.
        has_bytes = info.isreg() or info.type not in tarfile.SUPPORTED_TYPES
        size = info.size if following.size is None else following.size
        stream = _Stream(upload, size if has_bytes else 0)
        if info.isreg():
            yield Member(following.name or info.name, stream)
        following = _Named()
        if not stream.close():
            return


def _broken(code: str, reason: str) -> Member:
    message = f"The rest of the archive cannot be read ({reason}). Pack it again and upload it."
    return Member("archive", None, Problem(code, message))


def _attributes(data: bytes) -> dict[bytes, bytes]:
    r"""Return the attributes of a pax header, which are written as ``<length> <name>=<value>\n``."""
    found: dict[bytes, bytes] = {}
    place = 0
    while place < len(data):
        length, space, _ = data[place : place + _MAX_DIGITS].partition(b" ")
        if not space or not length.isdigit() or int(length) < len(length) + 3:
            break
        name, _, value = data[place + len(length) + 1 : place + int(length)].partition(b"=")
        found[name] = value[:-1]
        place += int(length)
    return found


def _exactly(upload: Upload, size: int) -> bytes:
    """Return so many bytes, less only at the end of the file."""
    parts = []
    while size > 0 and (part := upload.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
