"""What a reader's connection carries, and how soon a first word is seen.

    python bench/weights.py SITE [--pages 2000] [--loads 15]

Octets are those of gzip -6, which every host can do: of message pages, an even spread,
with the images of ours that they show, and apart from them of the style sheet and the
scripts. Then Chromium with an empty cache loads pages, an even spread of the messages and
the longest threads, from a server that compresses, over 1.6 Mbit/s down, 0.75 Mbit/s up
and round trips of 300 ms; what is told is the first contentful paint. Exit status 1 when
a limit is passed.
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
from collections.abc import Sequence
from http.server import SimpleHTTPRequestHandler
from io import BytesIO
from pathlib import Path

from chromium import Browser, missing, served
from kinds import messages

LEVEL = 6
DOWN, UP, TRIP = 1_600_000 / 8, 750_000 / 8, 300
"""Octets a second, octets a second, milliseconds: the slow 3G of Lighthouse."""
LIMITS = {"message page": 12_000, "CSS": 15_000, "JS": 20_000}
"""Octets, compressed; of message pages the median."""
PAINT_LIMIT = 1500
"""Milliseconds to the first contentful paint, the median."""
PICTURE = re.compile(r'<img [^>]*src="([^"]+)"')
SCRIPT = re.compile(r'<script (?:defer )?src="([^"]+)"')
STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
PAINTED = """
var paint = performance.getEntriesByName('first-contentful-paint')[0];
return paint ? paint.startTime : 0;
"""
COMPRESSED = {".html", ".css", ".js", ".svg", ".htm"}


class Compressing(SimpleHTTPRequestHandler):
    """Serves files as good hosts do: compressed, on connections that are kept."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        """Answer with a file."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        octets = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        if path.suffix in COMPRESSED:
            octets = packed(octets)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.copyfile(BytesIO(octets), self.wfile)


def packed(octets: bytes) -> bytes:
    """As a host sends it."""
    return gzip.compress(octets, LEVEL, mtime=0)


def at(values: Sequence[float], share: float) -> float:
    """A percentile."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def spread(pages: Sequence[Path], number: int) -> Sequence[Path]:
    """An even spread of pages."""
    return pages[:: max(1, len(pages) // number)]


def weight(page: Path) -> int:
    """Octets of a page and its pictures."""
    octets = page.read_bytes()
    total = len(packed(octets))
    for source in set(PICTURE.findall(octets.decode("utf-8"))):
        picture = page.parent / source
        if picture.is_file():
            total += picture.stat().st_size
    return total


def parts(site: Path, page: str, pattern: re.Pattern[str]) -> int:
    """Octets of the scripts or style sheets that a page asks for."""
    text = (site / page).read_text("utf-8")
    return sum(len(packed((site / name).read_bytes())) for name in pattern.findall(text))


def weighed(site: Path, pages: Sequence[Path]) -> bool:
    """Print what pages, CSS and JS weigh; whether all are light enough."""
    totals = [weight(page) for page in pages]
    found = {
        "message page": at(totals, 0.5),
        "CSS": parts(site, "index.html", STYLE),
        "JS": parts(site, "index.html", SCRIPT),
    }
    print(
        f"{len(totals):,} message pages: median {at(totals, 0.5):,.0f} octets,"
        f" p95 {at(totals, 0.95):,.0f}, largest {max(totals):,} (limit {LIMITS['message page']:,})"
    )
    print(f"CSS {found['CSS']:,} (limit {LIMITS['CSS']:,})")
    print(f"JS of every page {found['JS']:,} (limit {LIMITS['JS']:,})", end="")
    for name in ("search.html", "trends.html", "mid/index.html"):
        if (site / name).is_file():
            more = parts(site / Path(name).parent, Path(name).name, SCRIPT)
            print(f"; with {name} {more:,}", end="")
    print()
    return all(found[name] <= limit for name, limit in LIMITS.items())


def paints(site: Path, pages: Sequence[Path]) -> list[float]:
    """Milliseconds to the first contentful paint of each page, nothing being cached."""
    browser = Browser()
    times = []
    try:
        with served(site, Compressing) as root:
            browser.tell("Network.enable")
            for page in pages:
                browser.tell("Network.emulateNetworkConditions", **_line(TRIP, DOWN, UP))
                browser.tell("Network.clearBrowserCache")
                browser.tell("Network.setCacheDisabled", cacheDisabled=True)
                browser.go("about:blank")
                browser.go(f"{root}/{page.relative_to(site).as_posix()}")
                times.append(float(browser.until(PAINTED)))
            browser.tell("Network.emulateNetworkConditions", **_line(0, -1, -1))
            browser.go("about:blank")
    finally:
        browser.quit()
    return times


def _line(trip: float, down: float, up: float) -> dict[str, object]:
    return {
        "offline": False,
        "latency": trip,
        "downloadThroughput": down,
        "uploadThroughput": up,
    }


def main() -> int:
    """Weigh one site."""
    parser = argparse.ArgumentParser(description="weigh a built site")
    parser.add_argument("site", type=Path)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--loads", type=int, default=15)
    options = parser.parse_args()
    site: Path = options.site.resolve()
    pages = [page for page in messages(site) if page.parent.name != "thread"]
    fine = weighed(site, spread(pages, options.pages))
    if missing():
        print(f"NO {missing().upper()}: no page was loaded")
        return int(not fine)
    threads = sorted(site.glob("thread/*.html"), key=lambda page: -page.stat().st_size)
    for name, some in (
        ("message pages", spread(pages, options.loads)[: options.loads]),
        ("thread pages", spread(threads, options.loads)[: options.loads]),
        ("longest threads", threads[: options.loads]),
    ):
        times = paints(site, some)
        fine &= at(times, 0.5) <= PAINT_LIMIT
        print(
            f"{name}, first contentful paint of {len(times)}: median"
            f" {at(times, 0.5):,.0f} ms, p95 {at(times, 0.95):,.0f} ms"
            f" (limit {PAINT_LIMIT:,})"
        )
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
