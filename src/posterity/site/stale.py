"""Which units of a site are made again: those that show something which changed.

    changes of rows ──store.touched──▶ threads, months, days, people, ids ──▶ units

A month and a day link those beside them, and a text links what it names by Message-ID: the
printer noted which ids it asked for. Single pages show the whole list, and the books.
Where the rules are others, or nothing is known of what changed, all units are made; the
writer still leaves a file alone that comes out as it was.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from posterity.rows import MonthCount
from posterity.site.manifest import Manifest, State, Unit
from posterity.site.rules import rules_of
from posterity.store import Archive
from posterity.store.changes import changes_since
from posterity.store.prints import print_of
from posterity.store.touched import Touched, touched_by


class Stale:
    """What is to be made again.

    Attributes:
        state: what the site rests on once that is done.
        kept: the units that were published and may stand.
    """

    def __init__(self, archive: Archive, before: Manifest) -> None:
        """Compare an archive, its lock held, with what is published of it."""
        rules, ledger = rules_of(archive), _ledger(archive)
        to, noted = changes_since(archive.catalogue_path, before.state.publication)
        self.state = State(rules, to, ledger)
        is_known = noted is not None and before.state.rules == rules
        self.kept: Mapping[str, Unit] = before.units if is_known else {}
        self._touched: Touched | None = None
        self._asking: frozenset[str] = frozenset()
        if noted and is_known:
            self._touched = touched_by(archive.catalogue_path, noted)
            self._asking = frozenset(_asking(before.units, self._touched.ids))
        self._is_other = bool(noted) or before.state.ledger != ledger

    def single(self, name: str) -> bool:
        """Whether a page of the whole list is."""
        return self._is_other or f"single/{name}" not in self.kept

    def thread(self, root: str, key: int) -> bool:
        """Whether a thread is, by its root's hash and the catalogue's id."""
        touched = self._touched is not None and key in self._touched.threads
        return touched or self._is_unknown(f"thread/{root}")

    def person(self, slug: str, key: int) -> bool:
        """Whether a person is, by slug and the catalogue's id."""
        touched = self._touched is not None and key in self._touched.people
        return touched or self._is_unknown(f"person/{slug}")

    def months(self, months: Sequence[MonthCount]) -> list[str]:
        """The names of those that are, of all months."""
        near: frozenset[str] = frozenset()
        if self._touched:
            near = self._touched.months | _with_neighbours(months, self._touched.edges)
        return [
            one.month
            for one in months
            if one.month in near or self._is_unknown(f"month/{one.month}")
        ]

    def days(self, days: Sequence[str]) -> list[str]:
        """Those that are, of all days of the year that have mail, in order."""
        kept = {name[4:] for name in self.kept if name.startswith("day/")}
        found = set(self._touched.days) if self._touched else set()
        for day in kept.symmetric_difference(days):
            at = bisect_left(days, day)
            found.update(days[max(0, at - 1) : at + 2])
        return [day for day in days if day in found]

    def _is_unknown(self, unit: str) -> bool:
        return unit not in self.kept or unit in self._asking


def _ledger(archive: Archive) -> str:
    accession = archive.accession()
    try:
        return print_of(repr([(new, balance) for _, new, balance in accession.sources()]))
    finally:
        accession.close()


def _asking(units: Mapping[str, Unit], ids: frozenset[str]) -> Iterator[str]:
    """The units that name one of some Message-IDs, which are given as prints."""
    for name, unit in units.items():
        if unit.asked and any(print_of(one) in ids for one in unit.ids):
            yield name


def _with_neighbours(months: Sequence[MonthCount], touched: frozenset[str]) -> set[str]:
    """Some months, those beside them that have mail, and what lies between."""
    names = {one.month for one in months}
    if not touched <= names:  # the list begins or ends elsewhere
        return names
    found = set(touched)
    for way in (months, months[::-1]):
        is_near = False
        for one in way:
            if is_near:
                found.add(one.month)
            is_near = one.month in touched or (is_near and not one.messages)
    return found
