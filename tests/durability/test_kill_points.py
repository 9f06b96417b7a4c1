"""Killed before any rename, sync, removal or commit, the next run completes the work (R2)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.durability.conftest import World, site_of, tables_of
from tests.durability.faults import KILLED

STRIDE = 7
"""In a common test run every so manieth call is tried; `make kill` tries all of them."""


def result(world: World, folder: Path) -> tuple[dict[str, str], dict[str, bytes]]:
    """Everything an archive gives."""
    return site_of(folder), tables_of(world, folder)


def first_build(world: World, source: Path, tmp_path: Path, stride: int) -> int:
    """Kill a first build at every stride-th call; how often it was killed."""
    whole = tmp_path / "whole"
    calls = world.build(whole, source).calls
    expected = result(world, whole)
    for at in range(1, calls + 1, stride):
        folder = tmp_path / f"killed-{at}"
        assert world.build(folder, source, die_at=at).status == KILLED
        again = world.build(folder, source)
        assert (again.status, result(world, folder)) == (0, expected), at
        shutil.rmtree(folder)
    return len(range(1, calls + 1, stride))


def update(
    world: World, old: Path, new: Path, tmp_path: Path, stride: int
) -> tuple[int, int]:
    """Kill an update at every stride-th call; how often, and how often a page was torn."""
    before = tmp_path / "before"
    assert world.build(before, old).status == 0
    then = site_of(before)
    whole = tmp_path / "whole"
    shutil.copytree(before, whole)
    calls = world.build(whole, new).calls
    expected = result(world, whole)
    torn = 0
    for at in range(1, calls + 1, stride):
        folder = tmp_path / f"killed-{at}"
        shutil.copytree(before, folder)
        assert world.build(folder, new, die_at=at).status == KILLED
        torn += sum(
            digest not in (then.get(path), expected[0].get(path))
            for path, digest in site_of(folder).items()
        )
        again = world.build(folder, new)
        assert (again.status, result(world, folder)) == (0, expected), at
        shutil.rmtree(folder)
    return len(range(1, calls + 1, stride)), torn


def test_r2_a_first_build_killed_at_some_calls(
    world: World, first_part: Path, tmp_path: Path
) -> None:
    """The next run gives what an undisturbed one gives."""
    assert first_build(world, first_part, tmp_path, STRIDE) >= 5


def test_r2_an_update_killed_at_some_calls(
    world: World, first_part: Path, second_part: Path, tmp_path: Path
) -> None:
    """Every page is as before or as after; the next run completes the update."""
    killed, torn = update(world, first_part, second_part, tmp_path, STRIDE * 5)
    assert killed >= 5
    assert torn == 0


@pytest.mark.long
def test_r2_a_first_build_killed_at_every_call(
    world: World, first_part: Path, tmp_path: Path
) -> None:
    """All of them."""
    assert first_build(world, first_part, tmp_path, 1) >= 40


@pytest.mark.long
def test_r2_an_update_killed_at_every_call(
    world: World, first_part: Path, second_part: Path, tmp_path: Path
) -> None:
    """All of them."""
    killed, torn = update(world, first_part, second_part, tmp_path, 1)
    assert killed >= 100
    assert torn == 0
