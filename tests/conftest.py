"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[2] / "shared" / "corpora"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real mail with known answers; skips where it is absent."""
    folder = Path(os.environ.get("POSTERITY_CORPUS", BESIDE))
    if not (folder / "cypherpunks").is_dir():
        pytest.skip("no corpus: set POSTERITY_CORPUS")
    return folder
