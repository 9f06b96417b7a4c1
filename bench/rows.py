"""Time the rows D1-D12 of robustness: how the time grows with the input.

usage: python bench/rows.py [--all] [PYTEST ARGUMENT...]

Runs every test that measures growth (it has the fixture `linear`) or memory, and prints
one line for each: the row, the largest input, the processor's seconds for the smallest and
for that one, how often the smallest was doubled, and what the median doubling multiplies
the time by, which may be 2.5 at most. Of a test with many cases the one that grows fastest
is shown; with --all each is.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

TESTS = Path(__file__).parents[1] / "tests"
_ROW = re.compile(r"_d([0-9]+)(?=_)")


class Growth(NamedTuple):
    """What a test noted: see tests/rows/growth.py."""

    size: int
    weight: int | None
    times: tuple[float, ...]
    ratio: float
    timed: bool


class Line(NamedTuple):
    """One line of the table."""

    rows: tuple[int, ...]
    place: str
    test: str
    case: str
    growth: Growth

    @property
    def size(self) -> str:
        """The input's weight, or how many things it has."""
        if self.growth.weight is None:
            return f"{self.growth.size:,}"
        return f"{self.growth.weight / 1e6:,.3f} MB"


class Table:
    """Gathers what tests measured; a plugin of pytest."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.memory: list[tuple[str, str, float, int]] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests that measure."""
        wanted = {"linear", "record_property"}
        items[:] = [one for one in items if wanted & set(getattr(one, "fixturenames", ()))]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a test noted."""
        if report.when != "call":
            return
        place, _, called = report.nodeid.rpartition("::")
        name, _, case = called.partition("[")
        rows = tuple(int(row) for row in _ROW.findall(name))
        for kind, value in report.user_properties:
            if kind == "growth" and rows and isinstance(value, tuple):
                case = case.removesuffix("]").encode("unicode_escape").decode()
                self.lines.append(Line(rows, place, name, case, Growth(*value)))
            elif kind == "memory" and isinstance(value, tuple):
                self.memory.append(value)


def main() -> int:
    """Run the tests and print the table."""
    given = sys.argv[1:]
    every = "--all" in given
    chosen = [one for one in given if one != "--all"] or [str(TESTS), "-p", "no:xdist"]
    table = Table()
    status = pytest.main(["-q", "--no-header", *chosen], plugins=[table])
    print(
        f"\n{'row':7} {'input':>12} {'s small':>9} {'s large':>9} {'2^':>3} {'ratio':>6}  what"
    )
    for line in sorted(table.lines if every else slowest(table.lines)):
        row = ", ".join(f"D{number}" for number in line.rows)
        growth = line.growth
        times = (
            f"{growth.times[0]:9.4f} {growth.times[-1]:9.4f}"
            f" {len(growth.times) - 1:3} {growth.ratio:6.2f}"
        )
        what = line.test.removeprefix("test_") + (f" [{line.case}]" if line.case else "")
        print(f"{row:7} {line.size:>12} {times}  {what}")
    for memory_row, what, seconds, peak in table.memory:
        print(
            f"{memory_row:7} {what}: {seconds:.1f} s wall, {peak / 2**20:.0f} MiB at most"
        )
    return int(status)


def slowest(lines: list[Line]) -> list[Line]:
    """Of each test the case that grows fastest."""
    found: dict[tuple[str, str], Line] = {}
    for line in lines:
        held = found.setdefault((line.place, line.test), line)
        if pace(line) > pace(held):
            found[line.place, line.test] = line
    return list(found.values())


def pace(line: Line) -> float:
    """How fast the time grows; 0 where it is too short to say."""
    return line.growth.ratio if line.growth.timed else 0.0


if __name__ == "__main__":
    sys.exit(main())
