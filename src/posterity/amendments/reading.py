"""Reading amendments.toml: every entry checked, every fault named by its line."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from posterity.amendments.values import (
    NOTHING,
    Amendments,
    Detach,
    Erase,
    Hide,
    Join,
    Merge,
    Reattach,
    Redact,
    Retime,
    Split,
)
from posterity.errors import AmendmentError

VERSION: Final = 1
"""Of the file's form; a newer one is refused."""

FEWEST_DIGITS: Final = 8
"""Hex digits that may stand for a message hash."""


def read_amendments(text: str, where: str = "amendments.toml") -> Amendments:
    """Read and check an amendments file.

    Args:
        text: the file's TOML; "" is no amendments.
        where: the file's name, for errors.

    Raises:
        AmendmentError: not TOML, an unknown kind or key, or a value of the wrong form;
            the sentence names the file and the line.
    """
    if not text.strip():
        return NOTHING
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AmendmentError(_toml_error(where, error)) from error
    lines = _Lines(text)
    version = table.pop("version", VERSION)
    if version != VERSION:
        number = lines.key(0, "version")
        raise AmendmentError(
            f"{where}:{number}: version {version!r} is not {VERSION}; update posterity"
        )
    found: dict[str, tuple[Any, ...]] = {}
    for kind, entries in table.items():
        if kind not in _KINDS:
            place = lines.header(kind, 0) or lines.key(0, kind)
            raise AmendmentError(f"{where}:{place}: {_unknown(kind, _KINDS)}")
        found[kind] = tuple(_entries(where, kind, entries, lines))
    return Amendments(**found)


# -- entries


def _entries(where: str, kind: str, entries: object, lines: _Lines) -> Iterator[Any]:
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        place = lines.header(kind, 0) or lines.key(0, kind)
        raise AmendmentError(f"{where}:{place}: write [[{kind}]], with two brackets")
    for number, entry in enumerate(entries):
        yield _entry(where, kind, entry, lines.header(kind, number), lines)


def _entry(
    where: str, kind: str, entry: Mapping[str, object], line: int, lines: _Lines
) -> Any:  # noqa: ANN401 -- one of the kinds
    checks = _KINDS[kind].checks
    values: dict[str, Any] = {}
    for key, value in entry.items():
        if key not in checks:
            place = lines.key(line, key)
            raise AmendmentError(f"{where}:{place}: {_unknown(key, checks)}")
        try:
            values[key] = checks[key](value)
        except ValueError as error:
            place = lines.key(line, key)
            raise AmendmentError(f"{where}:{place}: {kind}: {key} {error}") from error
    for key in _KINDS[kind].needed:
        if not values.get(key):
            raise AmendmentError(f"{where}:{line}: {kind} needs `{key}`")
    if kind == "redact":
        _check_redaction(f"{where}:{line}", values)
    return _KINDS[kind].form(line, **values)


def _check_redaction(place: str, values: Mapping[str, Any]) -> None:
    said = [
        key for key in ("text", "pattern", "sha256", "first", "part") if values.get(key)
    ]
    if len(said) != 1:
        raise AmendmentError(
            f"{place}: redact needs one of `text`, `pattern`, `sha256`, `first` and `part`"
        )
    if bool(values.get("sha256")) != bool(values.get("words")):
        raise AmendmentError(f"{place}: `sha256` and `words` go together")
    if bool(values.get("first")) != bool(values.get("last")):
        raise AmendmentError(f"{place}: `first` and `last` go together")
    if values.get("first") or values.get("part"):
        if len(values.get("message", ())) != 1:
            raise AmendmentError(f"{place}: lines and parts are of one `message`; name it")
        if values.get("first", 0) > values.get("last", 0):
            raise AmendmentError(f"{place}: `first` comes after `last`")


def _unknown(key: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known)}"
    return f"unknown `{key}`; {hint}"


# -- values


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text in quotes")
    return value


def _hash(value: object) -> str:
    if not isinstance(value, str) or not _HASH.fullmatch(value.strip().lower()):
        raise ValueError(
            f"must be a message hash, or its first digits ({FEWEST_DIGITS} or more)"
        )
    return value.strip().lower()


def _hashes(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not values:
        raise ValueError("names no message")
    return tuple(map(_hash, values))


def _sha256(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{64}", value.lower()):
        raise ValueError("must be 64 hex digits; `posterity amend digest` makes them")
    return value.lower()


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("must be a number from 1")
    return value


def _part_number(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\d+(?:\.\d+)*", value):
        raise ValueError('must be the number of a part, such as "2" or "2.1"')
    return value


def _pattern(value: object) -> str:
    text = _text(value)
    try:
        compiled = re.compile(text)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from error
    if compiled.search("") is not None:
        raise ValueError("matches everything")
    return text


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")  # noqa: TRY004 -- all are one error
    return value


def _date(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    if isinstance(value, str):
        return dt.date.fromisoformat(value).isoformat()
    raise ValueError("must be a date such as 2024-05-01")


def _instant(value: object) -> int:
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise ValueError("must be a time with its zone, such as 1996-03-04T21:10:00Z")
    return int(value.timestamp())


def _people(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(map(_text, values))


def _two_people(value: object) -> tuple[str, ...]:
    people = _people(value)
    if len(people) < 2:
        raise ValueError("must name two or more")
    return people


_HASH: Final = re.compile(f"[0-9a-f]{{{FEWEST_DIGITS},64}}")


class _Kind(NamedTuple):
    """How entries of one kind are checked."""

    form: Callable[..., Any]
    needed: tuple[str, ...]
    checks: Mapping[str, Callable[[object], object]]


_WHY: Final[dict[str, Callable[[object], object]]] = {"reason": _text, "date": _date}
_WHOLE: Final = {"message": _hashes, **_WHY, "copies": _yes_or_no}
_KINDS: Final[dict[str, _Kind]] = {
    "hide": _Kind(Hide, ("message", "reason"), _WHOLE),
    "erase": _Kind(Erase, ("message", "reason"), _WHOLE),
    "redact": _Kind(
        Redact,
        (),
        {
            "message": _hashes,
            "text": _text,
            "pattern": _pattern,
            "sha256": _sha256,
            "words": _number,
            "first": _number,
            "last": _number,
            "part": _part_number,
            **_WHY,
        },
    ),
    "join": _Kind(Join, ("message", "tail"), {"message": _hash, "tail": _hash, **_WHY}),
    "reattach": _Kind(
        Reattach, ("message", "parent"), {"message": _hash, "parent": _hash, **_WHY}
    ),
    "detach": _Kind(Detach, ("message",), {"message": _hash, **_WHY}),
    "retime": _Kind(
        Retime, ("message", "utc"), {"message": _hash, "utc": _instant, **_WHY}
    ),
    "merge": _Kind(Merge, ("people",), {"people": _two_people, **_WHY}),
    "split": _Kind(Split, ("people",), {"people": _people, **_WHY}),
}


# -- places


class _Lines:
    """Where tables and keys stand, for errors; tomllib does not say.

    A line that only looks like a header, inside a text of several lines, is passed over.
    """

    def __init__(self, text: str) -> None:
        self._lines = _outside_texts(text)
        self._headers: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines, 1):
            found = _HEADER.match(line)
            if found:
                self._headers.setdefault(found[1], []).append(number)

    def header(self, kind: str, number: int) -> int:
        """The line of the nth table of a kind; 0 where it has none of its own."""
        found = self._headers.get(kind, [])
        return found[number] if number < len(found) else (found[-1] if found else 0)

    def key(self, header: int, key: str) -> int:
        """The line of a key under a header; the header's where it is not found."""
        for number in range(header + 1, len(self._lines) + 1):
            line = self._lines[number - 1]
            if _HEADER.match(line):
                break
            if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", line):
                return number
        return header or 1


_HEADER: Final = re.compile(r"\s*\[\[?\s*[\"']?([\w-]+)")
_LONG_TEXT: Final = re.compile(r"\"\"\"|'''")


def _outside_texts(text: str) -> list[str]:
    """The lines, those inside texts of several lines blank."""
    lines: list[str] = []
    inside = ""
    for line in text.split("\n"):
        lines.append("" if inside else line)
        for mark in _LONG_TEXT.findall(line):
            if not inside:
                inside = mark
            elif mark == inside:
                inside = ""
    return lines


def _toml_error(where: str, error: tomllib.TOMLDecodeError) -> str:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    if found is None:
        return f"{where}: not TOML: {error}"
    return f"{where}:{found[1]}: not TOML: {str(error)[: found.start()].strip()}"
