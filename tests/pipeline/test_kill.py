"""Killed at any moment, the next run gives what an undisturbed one would have given."""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[2] / "samples" / "keepers.mbox"
POINTS = 67
"""Moments at which a build is killed, drawn by a fixed seed."""


def build(folder: Path) -> list[str]:
    """The command that builds the sample list."""
    places = ["--archive", str(folder / "A"), "--site", str(folder / "S"), "--jobs", "2"]
    return [sys.executable, "-m", "posterity.cli", "build", str(SAMPLE), *places]


def result(folder: Path) -> dict[str, str]:
    """Every file of the site by digest, and every table, without what is machine-made."""
    tables = folder / "T"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "posterity.cli",
            "export",
            "tables",
            "--archive",
            str(folder / "A"),
            "--to",
            str(tables),
        ],
        check=True,
        capture_output=True,
    )
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for where in (tables, folder / "S")
        for path in where.rglob("*")
        if path.is_file() and ".posterity" not in path.parts
    }


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_r1_a_build_killed_at_random_moments_is_completed(
    tmp_path: Path, how: signal.Signals
) -> None:
    """SIGKILL, SIGINT and SIGTERM at moments spread over the whole run."""
    whole = tmp_path / "whole"
    begun = time.monotonic()
    subprocess.run(build(whole), check=True, capture_output=True)
    lasts = time.monotonic() - begun
    expected = result(whole)
    chance = random.Random(1996)

    folder = tmp_path / "killed"
    for _ in range(POINTS):
        running = subprocess.Popen(build(folder), stderr=subprocess.PIPE)
        time.sleep(chance.uniform(0.05, 1) * lasts)
        running.send_signal(how)
        running.communicate(timeout=60)
    subprocess.run(build(folder), check=True, capture_output=True)

    assert expected == result(folder)


@pytest.mark.long
def test_r1_a_build_killed_once_and_begun_anew(tmp_path: Path) -> None:
    """Each kill in a fresh folder: the one rerun completes it."""
    whole = tmp_path / "whole"
    begun = time.monotonic()
    subprocess.run(build(whole), check=True, capture_output=True)
    lasts = time.monotonic() - begun
    expected = result(whole)
    chance = random.Random(1992)

    for number in range(POINTS // 6):
        folder = tmp_path / f"killed-{number}"
        running = subprocess.Popen(build(folder), stderr=subprocess.PIPE)
        time.sleep(chance.uniform(0.1, 1) * lasts)
        running.kill()
        running.communicate(timeout=60)
        subprocess.run(build(folder), check=True, capture_output=True)
        assert expected == result(folder)
