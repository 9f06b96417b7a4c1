"""Relations are brought up to date row by row: what has not changed is not written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posterity.store import bringing as module
from posterity.store.bringing import bring
from posterity.store.catalogue import Catalogue

Rows = dict[tuple[int, int], tuple[int | None, str]]
ROWS = st.dictionaries(
    st.tuples(st.integers(-9, 9), st.integers(0, 3)),
    st.tuples(st.none() | st.integers(0, 3), st.sampled_from(["", "lost@example.org"])),
    max_size=30,
)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    made = Catalogue.open(tmp_path_factory.mktemp("bring") / "catalogue.db")
    yield made
    made.close()


@pytest.fixture(autouse=True, params=[1, 7, 50_000])
def _at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows are compared at a time."""
    monkeypatch.setattr(module, "ROWS_AT_ONCE", request.param)


def node(key: tuple[int, int], value: tuple[object, str]) -> tuple[object, ...]:
    """A row of the table of threads' places."""
    return (*key, *value, -1, 0, None, 0.25, "")


def nodes(catalogue: Catalogue) -> list[tuple[object, ...]]:
    return catalogue.database.execute("SELECT * FROM node ORDER BY 1, 2").fetchall()


def test_any_rows_after_any_others(catalogue: Catalogue) -> None:
    """The table holds the new rows, whatever it held."""

    @given(before=ROWS, after=ROWS)
    def check(before: Rows, after: Rows) -> None:
        for rows in (before, after):
            wanted = [node(key, rows[key]) for key in sorted(rows)]
            bring(catalogue.database, "node", wanted)
            assert wanted == nodes(catalogue)

    check()


def test_what_is_the_same_is_not_written(catalogue: Catalogue) -> None:
    """Of a hundred rows one is another: one is deleted and one written."""
    rows = [node((n, 1), (n, "")) for n in range(100)]
    bring(catalogue.database, "node", rows)
    before = catalogue.database.total_changes
    rows[40] = node((40, 1), (None, "lost@example.org"))
    bring(catalogue.database, "node", rows)

    assert 2 == catalogue.database.total_changes - before
    assert rows == nodes(catalogue)
