"""Keys sorted in a file are those that were given, in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from posterity.site import keysort
from posterity.site.keysort import sort_into
from posterity.site.postings import Keys


@pytest.mark.parametrize("most", [1, 7, 100, 5_000])
@pytest.mark.parametrize("alike", [1, 50])
def test_keys_in_buckets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, alike: int
) -> None:
    """However many stand in memory, and also where most of them are the same."""
    monkeypatch.setattr(keysort, "AT_ONCE", max(most, 40))
    monkeypatch.setattr(keysort, "SAMPLE", min(most, 20))
    keys = np.random.default_rng(7).integers(0, 1 << 63, 3_000, np.uint64)
    keys[::2] = keys[0]
    keys //= np.uint64(alike)

    def parts(step: int) -> Iterator[Keys]:
        for start in range(0, len(keys), 700):
            yield keys[start : start + 700 : step].copy()

    found = sort_into(tmp_path / "keys", parts, len(keys))

    assert np.sort(keys).tolist() == found.tolist()
    assert 8 * len(keys) == (tmp_path / "keys").stat().st_size
    assert ["keys"] == [path.name for path in tmp_path.iterdir()]


def test_no_keys(tmp_path: Path) -> None:
    """A list without words."""
    assert [] == sort_into(tmp_path / "keys", lambda _: [], 0).tolist()
