"""The ledger of addresses: brought up to date by what differs, it is as if by all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.render.pages import File, Renderer
from posterity.site.manifest import NOTHING, UNKNOWN, Manifest, Unit
from posterity.site.moved import Moves
from posterity.store import Archive
from posterity.store.reader import StoreReader

PATHS = [f"archive/1996/{number:02}.html" for number in range(6)] + ["raw/1", "feed.xml"]

SITES = st.dictionaries(
    st.sampled_from(["month/a", "thread/b", "thread/c", "single/d"]),
    st.lists(st.sampled_from(PATHS), unique=True, max_size=4),
)


def _printer() -> Renderer:
    """Prints pages that say nothing."""
    found: Any = SimpleNamespace(
        redirect=lambda path, _: File(path, b""),
        tombstone=lambda path, *_: File(path, b""),
        press=SimpleNamespace(texts={"url_gone": "", "not_given": ""}),
    )
    return cast("Renderer", found)


def _reader() -> StoreReader:
    """Of an archive without mail."""
    found: Any = SimpleNamespace(keys_by_digest=dict, all_spellings=list)
    return cast("StoreReader", found)


def published(
    archive: Archive, before: Manifest, site: Mapping[str, list[str]], at: int
) -> Manifest:
    """Publish a site in the place of another one."""
    units = {name: Unit.of(0, (), paths) for name, paths in site.items()}
    now = Manifest(UNKNOWN, units)
    moves = Moves(archive, before)
    left = [file.path for file in moves.pages(now, _printer(), _reader())]
    whole = Manifest(UNKNOWN, {**units, "moved/": Unit.of(0, (), left)})
    moves.remember(whole, at)
    return whole


def ledger(archive: Archive) -> list[tuple[Any, ...]]:
    """All rows."""
    accession = archive.accession()
    rows = accession.database.execute("SELECT path, kind, first, last FROM url").fetchall()
    accession.close()
    return sorted(rows)


def forget(archive: Archive) -> None:
    """Make the ledger one that knows not with which site it was brought up to date."""
    accession = archive.accession(writable=True)
    accession.database.execute("DELETE FROM meta WHERE key = 'published'")
    accession.database.commit()
    accession.close()


@given(st.lists(SITES, min_size=2, max_size=6), st.sets(st.integers(0, 5)))
@settings(max_examples=60, deadline=None)
def test_what_differs_tells_as_much_as_all(
    sites: list[dict[str, list[str]]], killed: set[int]
) -> None:
    """Pages come, go, come back, go from unit to unit, and runs end too early."""
    with TemporaryDirectory() as folder:
        one, two = (Archive.create(Path(folder) / name) for name in "ab")
        before, other = NOTHING, NOTHING
        for at, site in enumerate(sites):
            if at in killed:  # after it was published, and before that was noted
                before = other = Manifest(UNKNOWN, {"x": Unit.of(0, (), PATHS[:2])})
            before = published(one, before, site, at)
            forget(two)
            other = published(two, other, site, at)

            assert other == before
            assert ledger(two) == ledger(one)


@given(SITES, SITES)
def test_what_came_and_what_left(
    was: dict[str, list[str]], now: dict[str, list[str]]
) -> None:
    """Of two sites: exactly what only the first has, and all that only the second has."""
    old, new = (
        Manifest(UNKNOWN, {name: Unit.of(0, (), paths) for name, paths in site.items()})
        for site in (was, now)
    )

    assert new.left(old) == {*old.paths()} - {*new.paths()}
    assert {*new.paths()} - {*old.paths()} <= new.came(old) <= {*new.paths()}
    assert (new.print_of_paths() == old.print_of_paths()) == (
        [*new.units.values()] == [*old.units.values()]
    )
