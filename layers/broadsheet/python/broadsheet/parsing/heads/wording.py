"""Patterns of whole wordings, written as people read them: one or more alternatives a line, spaces as spaces."""

from __future__ import annotations


def wording(lines: str) -> str:
    r"""Return one pattern of the alternatives on these lines; a space matches any one white space.

    >>> wording('''
    ... leave a reply|post a comment
    ... ''')
    '(?:leave\\sa\\sreply|post\\sa\\scomment)'
    """
    alternatives = "|".join(line.strip() for line in lines.split("\n") if line.strip())
    return f"(?:{alternatives})".replace(" ", r"\s")
