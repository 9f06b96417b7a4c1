"""Time the standard work and print one table, and where the time of a build goes.

usage: python bench/run.py [SOURCE...] [--place DIR]

Each stage is a process of its own, so that its CPU time and peak memory are its own;
workers are counted with it. Everything is written below --place (a memory file system
such as /dev/shm keeps the disk out of the figures), into a fresh folder.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

CORPUS = Path(os.environ.get("POSTERITY_CORPUS", "../shared/corpora")) / "cypherpunks"
STANDARD = CORPUS / "cyp-1996.txt.xz"


class Figures(NamedTuple):
    """What one command cost.

    Attributes:
        wall, cpu: seconds; cpu of all its processes.
        peak: MB of its largest process.
        stages: seconds of each stage, in order.
    """

    wall: float
    cpu: float
    peak: float
    stages: dict[str, float]


def main() -> int:
    """Run the stages and print the table."""
    parser = argparse.ArgumentParser(description="time the standard work")
    parser.add_argument("sources", nargs="*", default=[str(STANDARD)])
    parser.add_argument("--place", default=tempfile.gettempdir())
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="posterity-bench-", dir=options.place))
    archive, site = place / "archive", place / "site"
    stages = {
        "import": ["import", *options.sources, "--archive", str(archive)],
        "site": ["site", "--archive", str(archive), "--site", str(site)],
        "site again": ["site", "--archive", str(archive), "--site", str(site)],
        "verify": ["verify", "--archive", str(archive)],
    }
    try:
        rows = {name: measured(arguments) for name, arguments in stages.items()}
        shutil.rmtree(site)
        shutil.rmtree(archive)
        whole = ["build", *options.sources, "--archive", str(archive), "--site", str(site)]
        build = rows["build (import + site)"] = measured(whole)
        print_rows(rows)
        print_stages(build)
        files = [path for path in site.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        store = sum(path.stat().st_size for path in archive.rglob("*") if path.is_file())
        print(
            f"site: {len(files):,} files, {size / 1e6:,.1f} MB; store {store / 1e6:,.1f} MB"
        )
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return 0


def measured(arguments: list[str]) -> Figures:
    """Run one command of ours in a child of its own, and read its accounts."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        start = time.perf_counter()
        command = [sys.executable, "-m", "posterity.cli", *arguments]
        if arguments[0] != "verify":
            command += ["--log-format", "json"]
        done = subprocess.run(command, check=False, stdout=2, stderr=subprocess.PIPE)
        wall = time.perf_counter() - start
        use = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu, peak = use.ru_utime + use.ru_stime, use.ru_maxrss / 1024
        os.write(writing, json.dumps([wall, cpu, peak, stages_of(done.stderr)]).encode())
        os._exit(done.returncode)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit(f"posterity {' '.join(arguments)} failed")
    return Figures(*json.loads(os.read(reading, 10_000)))


def stages_of(log: bytes) -> dict[str, float]:
    """The stages of a log and their seconds; sources of one kind together."""
    stages: dict[str, float] = {}
    for line in log.splitlines():
        event = json.loads(line) if line.startswith(b"{") else {}
        if event.get("event") == "stage-done":
            name = event["stage"].partition(" ")[0]
            stages[name] = stages.get(name, 0.0) + event["seconds"]
    return stages


def print_rows(rows: dict[str, Figures]) -> None:
    """The table; peak is of the largest single process."""
    print(f"{'stage':<24}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    for name, figures in rows.items():
        print(f"{name:<24}{figures.wall:>9.2f}{figures.cpu:>9.2f}{figures.peak:>9.0f}")


def print_stages(build: Figures) -> None:
    """Where the wall time of a build goes, and what it would be without search."""
    print("\nwall time of the build, by stage")
    for name, seconds in build.stages.items():
        print(f"  {name:<22}{seconds:>9.2f}")
    rest = build.wall - sum(build.stages.values())
    print(f"  {'start, plan, publish':<22}{rest:>9.2f}")
    search = build.stages.get("index", 0.0) + build.stages.get("search", 0.0)
    print(f"  {'all but the two of search':<22}{build.wall - search:>6.2f}\n")


if __name__ == "__main__":
    sys.exit(main())
