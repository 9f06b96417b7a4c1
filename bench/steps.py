"""A list imported month by month, its site updated each time, against all of it at once.

    python bench/steps.py DUMP... [--place DIR] [--amend]

DUMP are mbox files (or .xz of them) whose separators all begin alike. Messages go by
the month of their Date; those without one go last, and one in fifty a step too late, so
that parents come after their answers. --amend hides a message half way. In the end every
table and every file of the two sites is compared: what only the one in steps has must be
a page at an address that was left on the way.
"""

from __future__ import annotations

import argparse
import hashlib
import lzma
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from email.utils import parsedate_tz
from pathlib import Path

DATE = re.compile(rb"^Date:\s*(.*?)\r?$", re.MULTILINE | re.IGNORECASE)
TABLES = ("messages.tsv", "threads.tsv", "people.tsv", "copies.tsv")
"""Tables that are compared beside the sites; that of the sources cannot be the same."""
OURS = (sys.executable, "-m", "posterity.cli")


def main() -> int:
    """Build both, and compare them."""
    parser = argparse.ArgumentParser(description="month by month against at once")
    parser.add_argument("dumps", nargs="+", type=Path)
    parser.add_argument("--place", default=tempfile.gettempdir())
    parser.add_argument("--amend", action="store_true")
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="posterity-steps-", dir=options.place))
    try:
        steps = list(written(cut(options.dumps), place))
        amended = amendment(steps[len(steps) // 3]) if options.amend else ""
        in_steps, at_once = place / "steps", place / "once"
        for number, step in enumerate(steps):
            begun = time.perf_counter()
            build([step], in_steps)
            if amended and number == len(steps) // 2:
                (in_steps / "a" / "amendments.toml").write_text(amended)
            print(f"{step.name}: {time.perf_counter() - begun:.1f} s", flush=True)
        (at_once / "a").mkdir(parents=True)
        if amended:
            (at_once / "a" / "amendments.toml").write_text(amended)
        build(steps, at_once)
        if amended:
            check_hidden(amended, at_once / "s")
        return compared(in_steps, at_once)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def cut(dumps: Sequence[Path]) -> dict[str, list[bytes]]:
    """The messages of some dumps, each with its separator, by month."""
    chance = random.Random(1896)
    months: dict[str, list[bytes]] = defaultdict(list)
    for dump in dumps:
        octets = dump.read_bytes()
        octets = lzma.decompress(octets) if dump.suffix == ".xz" else octets
        mark = b"\n" + octets[: octets.index(b" ", 5) + 1]
        start = 0
        while start >= 0:
            end = octets.find(mark, start + 1)
            piece = octets[
                start if not start else start + 1 : end + 1 if end >= 0 else None
            ]
            months[month_of(piece, late=chance.random() < 0.02)].append(piece)
            start = end
    return months


def month_of(piece: bytes, *, late: bool) -> str:
    """The step a message goes with; one that is late goes with the next month's."""
    found = DATE.search(piece)
    read = parsedate_tz(found[1].decode("latin-1")) if found else None
    if read is None:
        return "undated"
    year, month = read[0], read[1] + late
    return f"{year:04}-{month:02}"


def written(months: dict[str, list[bytes]], place: Path) -> Iterator[Path]:
    """A file for each month."""
    for name in sorted(months):
        path = place / f"{name}.mbox"
        path.write_bytes(b"".join(months[name]))
        yield path


def amendment(step: Path) -> str:
    """An amendments.toml that hides the first message of a file."""
    octets = step.read_bytes()
    start = octets.index(b"\n") + 1
    end = octets.find(b"\n" + octets[: octets.index(b" ", 5) + 1], start)
    first = octets[start : end + 1] if end >= 0 else octets[start:]
    plain = re.sub(rb"\r?\n", b"\r\n", first).removesuffix(b"\r\n")
    digest = hashlib.sha256(plain + b"\r\n").hexdigest()
    return f'[[hide]]\nmessage = "{digest}"\nreason = "asked"\n'


def check_hidden(amended: str, site: Path) -> None:
    """See that the amendment met its message, so that the comparison says something."""
    digest = amended.split('"')[1]
    pages = [path for path in site.glob("archive/*/*/*.html") if path.stem == digest]
    if not pages or (site / f"raw/{digest}.eml").exists():
        raise SystemExit(f"{digest}: was to be hidden, and is not")


def build(sources: Sequence[Path], to: Path) -> None:
    """Import some files and bring the site up to date."""
    places = ["--archive", str(to / "a"), "--site", str(to / "s")]
    subprocess.run([*OURS, "build", *map(str, sources), *places], check=True, stderr=-3)


def compared(in_steps: Path, at_once: Path) -> int:
    """Say what differs; whether that is more than addresses that were left."""
    for folder in (in_steps, at_once):
        tables = [*OURS, "export", "tables", "--archive", str(folder / "a"), "--to"]
        subprocess.run([*tables, str(folder / "t")], check=True, stderr=-3)
    bad = [
        name
        for name in TABLES
        if (in_steps / "t" / name).read_bytes() != (at_once / "t" / name).read_bytes()
    ]
    one, other = held(in_steps / "s"), held(at_once / "s")
    bad += [path for path in other if one.get(path) != other[path]]
    left = [path for path in one if path not in other]
    bad += [path for path in left if not path.endswith(".html")]
    ours = {"about/index.html"}  # which names the files that were given
    bad = [path for path in bad if path not in ours]
    print(f"{len(other):,} files, {len(left)} addresses left on the way, {len(bad)} differ")
    for path in bad[:20]:
        print("  ", path)
    return 1 if bad else 0


def held(site: Path) -> dict[str, bytes]:
    """The digest of every file that readers see."""
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).digest()
        for path in site.rglob("*")
        if path.is_file() and ".posterity" not in path.parts
    }


if __name__ == "__main__":
    sys.exit(main())
