"""What is shown otherwise since some rows of a catalogue changed.

A page shows more than its own rows: what stands beside a message in time, what it quotes,
what quotes it, its copies, the thread that a list links. From what was noted of changes
these questions find every thread, month and person whose pages may be others; some of
them are not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from posterity.store.database import connect
from posterity.store.prints import print_of

Keys = frozenset[int]

_NEAR: Final = (
    "SELECT id FROM message WHERE utc >= coalesce((SELECT utc FROM message"
    " WHERE listed AND utc < ?1 ORDER BY utc DESC LIMIT 1), -1 << 62)"
    " AND utc <= coalesce((SELECT utc FROM message"
    " WHERE listed AND utc > ?1 ORDER BY utc LIMIT 1), 1 << 62)"
)
"""Everything from the last listed message before a time to the first one after it."""


class Touched(NamedTuple):
    """What may be shown otherwise.

    Attributes:
        threads, people: by the catalogue's ids; of some there is nothing left.
        months: by name.
        edges: those of them that may have had no mail before, or have none now.
        days: of the year, "03-14".
        ids: prints of Message-IDs that others bear, or whose bearers are shown otherwise.
    """

    threads: Keys
    months: frozenset[str]
    edges: frozenset[str]
    days: frozenset[str]
    people: Keys
    ids: frozenset[str]


def touched_by(catalogue: Path, noted: Mapping[str, frozenset[int | str]]) -> Touched:
    """What is touched by changes; the catalogue is complete."""
    asking = _Asking(catalogue, noted)
    try:
        return asking.touched()
    finally:
        asking.close()


class _Asking:
    """The questions, once it is known which rows of messages are shown otherwise."""

    def __init__(self, catalogue: Path, noted: Mapping[str, frozenset[int | str]]) -> None:
        self._database = connect(catalogue, writable=False)
        self._noted = noted
        self._rows = self._numbers("message") | self._renamed()

    def close(self) -> None:
        """Close the catalogue."""
        self._database.close()

    def touched(self) -> Touched:
        """All that is touched."""
        rows = self._rows
        begun = self._keys("SELECT id FROM thread WHERE root IN ({})", rows)
        changed = self._numbers("thread") | begun
        copied = self._numbers("copies") | self._keys(
            "SELECT first FROM copy WHERE message IN ({})", rows
        )
        quoted = self._keys("SELECT origin FROM quote WHERE message IN ({})", rows)
        beside = self._numbers("beside") | quoted | copied | rows
        beside |= self._keys("SELECT message FROM copy WHERE first IN ({})", rows | copied)
        shown = beside | self._around()
        shown |= self._keys("SELECT message FROM quote WHERE origin IN ({})", rows)
        shown |= self._keys("SELECT message FROM recovered WHERE host IN ({})", rows)
        roots = self._keys("SELECT root FROM thread WHERE id IN ({})", changed)
        months = self._months(changed)
        return Touched(
            changed | self._keys("SELECT thread FROM message WHERE id IN ({})", shown),
            months,
            months - self._full(months),
            self._days(roots),
            self._people(beside | roots),
            self._ids(),
        )

    def _numbers(self, kind: str) -> Keys:
        return frozenset(map(int, self._noted.get(kind, ())))

    def _ask(self, statement: str, keys: Iterable[int | str]) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement that names some keys once, by {}."""
        asked = statement.replace("{}", "SELECT value FROM json_each(?)")
        return iter(self._database.execute(asked, (json.dumps(list(keys)),)))

    def _keys(self, statement: str, keys: Iterable[int | str]) -> Keys:
        found = (row[0] for row in self._ask(statement, keys))
        return frozenset(key for key in found if key is not None)

    def _renamed(self) -> Keys:
        """The messages of people who are called otherwise than they were."""
        called: dict[int, str] = {}
        was = [str(name).split() for name in self._noted.get("name", ())]
        people = [int(person) for person, _ in was]
        for key, slug, name in self._ask(
            "SELECT id, slug, name FROM person WHERE id IN ({})", people
        ):
            called[key] = print_of(f"{slug}\0{name}")
        renamed = [int(person) for person, name in was if called.get(int(person)) != name]
        return self._keys("SELECT id FROM message WHERE person IN ({})", renamed)

    def _around(self) -> Keys:
        """What stands in time beside what changed, or beside where it stood.

        Beside stands what is listed; what is not, as copies, has neighbours too.
        """
        now = self._keys("SELECT utc FROM message WHERE id IN ({})", self._rows)
        return frozenset(
            key
            for utc in self._numbers("time") | now
            for (key,) in self._database.execute(_NEAR, (utc,))
        )

    def _months(self, changed: Keys) -> frozenset[str]:
        """Months of messages, and of those whose thread is summed up otherwise."""
        found = set(map(str, self._noted.get("month", ())))
        for statement, keys in (
            ("SELECT DISTINCT month FROM message WHERE id IN ({})", self._rows),
            ("SELECT DISTINCT month FROM message WHERE thread IN ({})", changed),
        ):
            found.update(str(month) for (month,) in self._ask(statement, keys))
        return frozenset(found)

    def _full(self, months: frozenset[str]) -> frozenset[str]:
        """Of some months those that have mail which is as it was."""
        held = self._ask(
            "SELECT month, id FROM message WHERE listed AND month IN ({})", months
        )
        return frozenset(str(month) for month, key in held if key not in self._rows)

    def _days(self, roots: Keys) -> frozenset[str]:
        """Days on which something stands or stood, or such a thread began."""
        day = "strftime('%m-%d', utc, 'unixepoch')"
        there = f"SELECT DISTINCT {day} FROM message WHERE id IN ({{}})"
        then = f"SELECT DISTINCT {day} FROM (SELECT value AS utc FROM ({{}}) AS old)"
        found = (
            *self._ask(there, self._rows | roots),
            *self._ask(then, self._noted.get("time", ())),
        )
        return frozenset(day for (day,) in found if day)

    def _people(self, beside: Keys) -> Keys:
        """Who wrote something, answered or was answered, was quoted, or began a thread."""
        rows = self._rows
        peers = self._keys("SELECT parent FROM edge WHERE child IN ({})", rows)
        peers |= self._keys("SELECT child FROM edge WHERE parent IN ({})", rows)
        return self._numbers("person") | self._keys(
            "SELECT person FROM message WHERE id IN ({})", beside | peers
        )

    def _ids(self) -> frozenset[str]:
        """Prints of ids that came or went, and of those that such messages bear."""
        borne = self._ask("SELECT msgid FROM message_id WHERE message IN ({})", self._rows)
        return frozenset(map(str, self._noted.get("id", ()))) | {
            print_of(str(msgid)) for (msgid,) in borne
        }
