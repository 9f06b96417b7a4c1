"""A small list, its growth, and commands that meet with faults."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

FAULTS = Path(__file__).with_name("faults.py")
SAMPLE = Path(__file__).parents[2] / "samples" / "keepers.mbox"
OWN_CLOCK = frozenset({".posterity"})


class Outcome(NamedTuple):
    """How a run ended: its exit status, what it said, the calls it made."""

    status: int
    text: str
    calls: int


class World:
    """Runs commands, with or without a fault."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, *argv: object, **fault: Any) -> Outcome:
        """Run one command in this world."""
        assert self._process.stdin
        assert self._process.stdout
        job = {"argv": [str(word) for word in argv], **fault}
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return Outcome(**json.loads(self._process.stdout.readline()))

    def build(self, folder: Path, *sources: Path, jobs: int = 1, **fault: Any) -> Outcome:
        """`posterity build` into folder/A and folder/S."""
        places = ["--archive", folder / "A", "--site", folder / "S"]
        return self.run("build", *sources, *places, "--jobs", jobs, **fault)


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """What runs commands of ours."""
    command = [sys.executable, "-W", "ignore", str(FAULTS)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield World(process)
        assert process.stdin
        process.stdin.close()


@pytest.fixture(scope="session")
def first_part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of the sample list."""
    return frames(tmp_path_factory.mktemp("sources") / "first.mbox", 0, 40)


@pytest.fixture(scope="session")
def second_part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What came later."""
    return frames(tmp_path_factory.mktemp("sources") / "second.mbox", 40, 60)


@pytest.fixture(scope="session")
def _built_once(
    world: World, first_part: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("built")
    outcome = world.build(folder, first_part)
    assert outcome.status == 0, outcome.text
    return folder


@pytest.fixture(scope="session")
def built(_built_once: Path) -> Callable[[Path], Path]:
    """Puts the archive and the site of the first part into a folder, and gives it back."""

    def put(folder: Path) -> Path:
        return shutil.copytree(_built_once, folder, symlinks=True, dirs_exist_ok=True)

    return put


@pytest.fixture(scope="session")
def grown(
    world: World,
    built: Callable[[Path], Path],
    second_part: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """The site of the first part when the second came without a fault; see `site_of`."""
    folder = built(tmp_path_factory.mktemp("grown"))
    outcome = world.build(folder, second_part)
    assert outcome.status == 0, outcome.text
    return site_of(folder)


def frames(path: Path, start: int, end: int) -> Path:
    """An mbox of some frames of the sample list."""
    found = SAMPLE.read_bytes().split(b"\n\nFrom ")
    assert len(found) > end
    octets = b"\n\nFrom ".join(found[start:end]) + b"\n"
    path.write_bytes(octets if start == 0 else b"From " + octets)
    return path


def site_of(folder: Path) -> dict[str, str]:
    """Every published file of folder/S by its digest."""
    site = folder / "S"
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in site.rglob("*")
        if path.is_file() and not OWN_CLOCK.intersection(path.parts)
    }


def tables_of(world: World, folder: Path) -> dict[str, bytes]:
    """Every exported table of folder/A."""
    to = folder / "T"
    outcome = world.run("export", "tables", "--archive", folder / "A", "--to", to)
    assert outcome.status == 0, outcome.text
    return {path.name: path.read_bytes() for path in sorted(to.glob("*.tsv"))}
