"""How a whole build grows with the list: time, memory, size of store and site.

    python bench/curve.py [MESSAGES …] [--place DIR] [--no-site]

Lists are made by `biglist`, so that any size can be asked for. A million messages give
a site of some 25 GB in 2.5 million files: --no-site leaves it out.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from biglist import letters
from run import measured

SIZES = (10_000, 100_000)


def main() -> None:
    """Build lists of growing size, and print a row for each."""
    parser = argparse.ArgumentParser(description="how a build grows")
    parser.add_argument("messages", nargs="*", type=int, default=SIZES)
    parser.add_argument("--place", default=tempfile.gettempdir())
    parser.add_argument("--no-site", action="store_true")
    options = parser.parse_args()
    print(
        f"{'messages':>10}{'MB':>7}{'wall s':>9}{'CPU s':>9}{'CPU ms each':>13}"
        f"{'peak MB':>9}{'store MB':>10}{'site MB':>9}{'files':>11}"
    )
    for count in options.messages:
        place = Path(tempfile.mkdtemp(prefix="posterity-curve-", dir=options.place))
        try:
            print(row(place, count, site=not options.no_site), flush=True)
        finally:
            shutil.rmtree(place, ignore_errors=True)


def row(place: Path, count: int, *, site: bool) -> str:
    """Build one list."""
    mbox, archive, pages = place / "list.mbox", place / "archive", place / "site"
    with mbox.open("wb") as file:
        for piece in letters(count, 1896):
            file.write(piece)
    command = ["build" if site else "import", str(mbox), "--archive", str(archive)]
    figures = measured([*command, "--site", str(pages)] if site else command)
    files = [path.stat().st_size for path in pages.rglob("*") if path.is_file()]
    store = sum(path.stat().st_size for path in archive.rglob("*") if path.is_file())
    return (
        f"{count:>10,}{mbox.stat().st_size / 1e6:>7,.0f}{figures.wall:>9,.1f}"
        f"{figures.cpu:>9,.1f}{1000 * figures.cpu / count:>13.2f}{figures.peak:>9,.0f}"
        f"{store / 1e6:>10,.0f}{sum(files) / 1e6:>9,.0f}{len(files):>11,}"
    )


if __name__ == "__main__":
    main()
