"""What holds in every room."""

from __future__ import annotations

import re
from pathlib import Path

from posterity.render.body import _MARK

SOURCE = Path(__file__).parents[1] / "src" / "posterity"
POSSESSIVE_GROUP = re.compile(r"""(?<![\[\w&'(!$*])\)(?:[+*?]|\{[0-9,]+\})\+""")


def test_no_group_is_repeated_possessively() -> None:
    """`(?:ab?)++` takes too much in Python before 3.11.5 (cpython gh-106052).

    Debian 12 has 3.11.2, where quotes lost their first letter. `(?>(?:ab?)+)` says the
    same and is right everywhere.
    """
    found = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in sorted(SOURCE.rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if POSSESSIVE_GROUP.search(line)
    ]

    assert [] == found


def test_a_mark_takes_no_letter() -> None:
    """What this Python makes of the pattern that quotes are told by."""
    found = _MARK.match("> We have")
    assert found
    assert "> " == found[0]
