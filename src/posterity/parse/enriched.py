"""text/enriched and text/richtext as plain text.

    <bold>Note</bold>: 1 << 2        Note: 1 < 2
    <param>red</param>               nothing: it is an instruction
    one line end                     a blank, for text/enriched; two are a line end

Sources: RFC 1896; RFC 1341 §7.1.3 (richtext).
"""

from __future__ import annotations

import re
from typing import Final

_COMMAND: Final = re.compile(r"<(<|/?[A-Za-z0-9-]{1,60}>)")
_ENDS: Final = re.compile(r"(?<!\n)\n+")
_RICH_BREAKS: Final = {"nl>": "\n", "/paragraph>": "\n\n", "lt>": "<", "np>": "\n\n"}
_MAX_EXCERPTS: Final = 20
"""Excerpts within excerpts beyond this are shown as this."""
_SILENT: Final = frozenset({"param", "comment"})


def plain_text(text: str, *, rich: bool = False) -> str:
    """The words of a text/enriched (or, if rich, text/richtext) part.

    Args:
        text: with LF line ends.
        rich: read the older text/richtext: line ends are blanks, <nl> breaks lines.
    """
    text = text.removesuffix("\n")
    pieces: list[str] = []
    quoted = 0  # how many excerpts are open
    unfilled = 0
    silent = ""
    at = 0
    for found in [*_COMMAND.finditer(text), None]:
        end = found.start() if found else len(text)
        if not silent:
            words = _fill(text[at:end], rich=rich, keep=unfilled > 0)
            pieces.append(words.replace("\n", "\n" + "> " * quoted) if quoted else words)
        if found is None:
            break
        at = found.end()
        command = found.group(1).lower()
        name = command.strip("</>")
        if silent:
            silent = "" if command == f"/{silent}>" else silent
        elif command == "<":
            pieces.append("<")
        elif rich and command in _RICH_BREAKS:
            pieces.append(_RICH_BREAKS[command])
        elif name in _SILENT and not command.startswith("/"):
            silent = name
        elif name == "nofill":
            unfilled = max(0, unfilled + (-1 if command.startswith("/") else 1))
        elif name == "excerpt":
            change = -1 if command.startswith("/") else 1
            quoted = min(max(0, quoted + change), _MAX_EXCERPTS)
            pieces.append("\n" + "> " * quoted)
    return "".join(pieces)


def _fill(text: str, *, rich: bool, keep: bool) -> str:
    """Text between commands with its line ends read as the format says (RFC 1896)."""
    if keep:
        return text
    if rich:
        return text.replace("\n", " ")
    return _ENDS.sub(lambda run: " " if len(run.group()) == 1 else run.group()[1:], text)
