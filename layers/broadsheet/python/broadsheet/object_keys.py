"""Keys of the uploads bucket that are no file's."""

from __future__ import annotations

CONTROL_PREFIX = ".broadsheet/"


def no_file(key: str) -> tuple[str, str] | None:
    """Return code and sentence for a key that is no file's, whether there is an object or not.

    >>> no_file("2014/")[0], no_file("2014/page.txt")
    ('folder_marker', None)
    """
    if key.endswith("/"):
        return "folder_marker", "the key ends in a slash: a folder marker, not a file"
    if key.startswith(CONTROL_PREFIX):
        return "control_file", f"what lies under {CONTROL_PREFIX} is for broadsheet itself and is not indexed"
    return None
