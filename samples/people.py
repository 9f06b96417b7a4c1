"""Read people.toml: who writes, and from which desk in which years."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple


class Desk(NamedTuple):
    """One person at one address with one mail program.

    Attributes:
        since: month from which this desk is used, "1994-01".
        width: column the mailer wraps at, 0 for never.
        names: how a name that isn't ASCII is sent: "raw", "q" or "b".
        reply: what the mailer puts before the subject of an answer.
        attribution: template of the line before a quote, "" for none.
    """

    since: str
    name: str
    address: str
    host: str
    mailer: str
    zone: str
    charset: str
    width: int
    names: str
    reply: str
    attribution: str
    quote: str
    signature: str


DEFAULTS: dict[str, Any] = {
    "since": "1990-01",
    "host": "",
    "charset": "iso-8859-1",
    "width": 72,
    "names": "q",
    "reply": "Re: ",
    "attribution": "{name} wrote:",
    "quote": "> ",
    "signature": "",
}


def read_people(path: Path) -> dict[str, tuple[Desk, ...]]:
    """Read people.toml: each person's desks, oldest first.

    A desk has what the one before it had, except what it says itself.
    """
    people: dict[str, tuple[Desk, ...]] = {}
    for key, desks in tomllib.loads(path.read_text(encoding="utf-8")).items():
        known = dict(DEFAULTS)
        made: list[Desk] = []
        for desk in desks:
            if "address" in desk:
                known["host"] = desk["address"].rpartition("@")[2]
            known |= desk
            made.append(Desk(**known))
        people[key] = tuple(made)
    return people


def desk_of(desks: tuple[Desk, ...], month: str, wanted: str) -> Desk:
    """Choose a person's desk in a month, or the one an instruction names by number."""
    if wanted:
        return desks[int(wanted)]
    return [desk for desk in desks if desk.since <= month][-1]
