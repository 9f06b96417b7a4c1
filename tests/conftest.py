"""Fixtures that every room's tests share."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import settings

BESIDE = Path(__file__).parents[2] / "shared" / "corpora"
GROWTH = Path(__file__).with_name("rows") / "growth.py"


settings.register_profile("suite", deadline=None, derandomize=True)
settings.register_profile("anew", deadline=None, max_examples=1_000)
settings.load_profile("suite")  # --hypothesis-profile=anew takes the other

LONGEST_FIRST = ("durability", "browser", "site", "parse", "rows", "search", "pipeline")
"""Rooms whose files take longest: begun last, one of them would keep one worker alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest; the order within a file stays."""
    place = {name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(item.path.parent.name, len(place)))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real mail with known answers; skips where it is absent."""
    folder = Path(os.environ.get("POSTERITY_CORPUS", BESIDE))
    if not (folder / "cypherpunks").is_dir():
        pytest.skip("no corpus: set POSTERITY_CORPUS")
    return folder


@pytest.fixture(scope="session")
def growth() -> ModuleType:
    """The measure of growth, tests/rows/growth.py."""
    spec = importlib.util.spec_from_file_location("rows_growth", GROWTH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def linear(
    growth: ModuleType, record_property: Callable[[str, object], None]
) -> Callable[..., None]:
    """Asserts that doubling the input takes at most 2.5 times as long.

    Called as `linear(make, work, size)`, see `measured` in tests/rows/growth.py; what was
    measured is a property of the test, of which `bench/rows.py` makes its table.
    """

    def check(*measure: Any, **how: Any) -> None:
        found = growth.measured(*measure, **how)
        record_property("growth", (*found, found.ratio, found.timed))
        assert found.linear, f"twice the input takes {found.ratio:.2f} times as long"

    return check
