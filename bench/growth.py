"""How the search indexes grow with the mail: time, memory and size at several sizes.

    python bench/growth.py SOURCE... [--counts 10000,27000,65000] [--place DIR]

SOURCE are plain mbox files; the first n messages of them are imported into an archive of
their own. Then each index is made by a process of its own, in one process, so that its
time and peak memory are its own: the words and the FTS5 index in the catalogue, and the
files that a browser fetches. A figure a message that stays the same is linear growth.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

MAKE = {
    "catalogue": """
import sys
from pathlib import Path
from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress, index
from posterity.store import Archive
index(Archive.open(Path(sys.argv[1])), SerialExecutor(), NoProgress())
""",
    "browser": """
import sys
from pathlib import Path
from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress
from posterity.site.searchfiles import publish_search
from posterity.store import Archive
to = Path(sys.argv[2])
publish_search(Archive.open(Path(sys.argv[1])), (to, None), SerialExecutor(), NoProgress())
""",
}
RELATED = """
import sys
from pathlib import Path
from posterity.executor import executor
from posterity.pipeline import NoProgress, derive, ingest, recover, relate
from posterity.sources import ReadOptions
from posterity.store import Archive
archive = Archive.open_or_create(Path(sys.argv[1]))
with executor(2) as run:
    ingest(archive, sys.argv[2:], ReadOptions(), run, NoProgress())
    derive(archive, run, NoProgress())
    recover(archive, NoProgress())
    relate(archive, run, NoProgress())
archive.settle()
"""


class Figures(NamedTuple):
    """What one index cost."""

    cpu: float
    peak: float
    octets: int
    files: int


def first_messages(sources: Sequence[Path], count: int) -> Iterator[bytes]:
    """The octets of the first messages of some mbox files, which begin with a line From."""
    left = count
    for source in sources:
        octets = source.read_bytes()
        mark = octets[: octets.index(b" ", 5) + 1]  # "From somebody "
        end = 0
        while left and end >= 0:
            end = octets.find(b"\n" + mark, end + 1)
            left -= 1
        yield octets if end < 0 else octets[: end + 1]
        if not left:
            return


def measured(script: str, *arguments: str) -> tuple[float, float]:
    """CPU seconds and megabytes of a Python process."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        done = subprocess.run([sys.executable, "-c", script, *arguments], check=False)
        use = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(writing, f"{use.ru_utime + use.ru_stime} {use.ru_maxrss / 1024}".encode())
        os._exit(done.returncode)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit("an index could not be made")
    cpu, peak = os.read(reading, 100).split()
    os.close(reading)
    return float(cpu), float(peak)


def size_of(place: Path) -> tuple[int, int]:
    """Octets and files below a place."""
    sizes = [path.stat().st_size for path in place.rglob("*") if path.is_file()]
    return sum(sizes), len(sizes)


def indexed(archive: Path, site: Path) -> dict[str, Figures]:
    """Make both indexes."""
    found = {}
    for name, script in MAKE.items():
        before = size_of(archive)[0]
        cpu, peak = measured(script, str(archive), str(site))
        octets, files = size_of(site) if name == "browser" else (0, 0)
        if name == "catalogue":
            octets = size_of(archive)[0] - before
        found[name] = Figures(cpu, peak, octets, files)
    return found


def main() -> None:
    """Print a line for each size and index."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sources", nargs="+", type=Path)
    parser.add_argument("--counts", default="10000,27000,65000")
    parser.add_argument("--place", default=tempfile.gettempdir())
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="posterity-growth-", dir=options.place))
    print(f"load of the machine before: {os.getloadavg()[0]:.2f}")
    print(
        f"{'messages':>9} {'index':<10}{'CPU s':>8}{'us each':>9}{'peak MB':>9}"
        f"{'MB':>8}{'octets each':>13}{'files':>7}"
    )
    try:
        for count in map(int, options.counts.split(",")):
            folder = place / str(count)
            folder.mkdir()
            source = folder / "first.mbox"
            with source.open("wb") as file:
                file.writelines(first_messages(options.sources, count))
            archive, site = folder / "archive", folder / "site"
            site.mkdir()
            start = time.perf_counter()
            measured(RELATED, str(archive), str(source))
            before = time.perf_counter() - start
            for name, one in indexed(archive, site).items():
                print(
                    f"{count:>9,} {name:<10}{one.cpu:>8.2f}{one.cpu / count * 1e6:>9.0f}"
                    f"{one.peak:>9.0f}{one.octets / 1e6:>8.1f}"
                    f"{one.octets / count:>13,.0f}{one.files:>7,}"
                )
            print(f"          (import and relate: {before:.0f} s)")
            shutil.rmtree(folder)
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
