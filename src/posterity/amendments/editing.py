"""Adding to amendments.toml by command; what is there, comments too, stays as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping

from posterity.amendments.reading import VERSION, read_amendments

FIRST_LINES = f"""\
# What a person overrides; docs/amendments.md explains every kind.
version = {VERSION}
"""


def with_entry(text: str, kind: str, values: Mapping[str, object]) -> str:
    """The file's text with one more entry at its end.

    Args:
        text: as it is; "" for a file that is not there.
        kind: "hide", "detach" …
        values: by key; None and "" are left out.

    Raises:
        AmendmentError: the file, or the entry, cannot be read.
    """
    read_amendments(text)
    lines = [f"[[{kind}]]"]
    lines += [
        f"{key} = {_value(value)}"
        for key, value in values.items()
        if value not in (None, "")
    ]
    before = text or FIRST_LINES
    if not before.endswith("\n"):
        before += "\n"
    changed = before + "\n" + "\n".join(lines) + "\n"
    read_amendments(changed)
    return changed


def _value(value: object) -> str:
    """TOML of a value; a JSON string is a TOML string but for DEL and lone surrogates."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
