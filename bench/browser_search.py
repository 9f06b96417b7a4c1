"""What a search costs a reader: bytes, requests, round trips and time, in headless Chromium.

    python bench/browser_search.py SITE [QUERIES]

SITE is a published site; a plain static server (no compression) serves it on loopback.
Every query is asked on one page, one after another, as a reader would; the first loads
what every query needs and is counted apart. Needs chromedriver and Chromium.
"""

from __future__ import annotations

import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chromium import Browser

QUERIES = Path(__file__).with_name("queries.txt")
RESOURCES = """
return performance.getEntriesByType('resource').map(function (e) {
  return [e.name, e.startTime, e.responseEnd, e.encodedBodySize];
});
"""
ASK = """
performance.clearResourceTimings();
var box = document.getElementById('q');
document.getElementById('results').replaceChildren();
box.value = arguments[0];
window.asked = performance.now();
window.shown = 0;
window.watch && watch.disconnect();
window.watch = new MutationObserver(function () {
  if (document.querySelector('#results .hit a, #results .note')) shown = performance.now();
});
watch.observe(document.getElementById('results'), { childList: true, subtree: true });
box.form.requestSubmit();
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nothing."""


def settled(browser: Browser) -> list[list[Any]]:
    """What was loaded, once nothing more is for a quarter of a second."""
    before: list[list[Any]] = []
    quiet = 0
    for _ in range(200):
        time.sleep(0.05)
        now = browser.run(RESOURCES)
        shown = browser.run("return window.shown === undefined || window.shown > 0")
        quiet = quiet + 1 if shown and len(now) == len(before) else 0
        before = now
        if quiet >= 5:
            break
    return before


def trips(loaded: list[list[Any]]) -> int:
    """How many requests had to wait for each other, in the longest chain."""
    depth: list[tuple[float, int]] = []
    for _, start, end, _ in sorted(loaded, key=lambda one: one[1]):
        earlier = [d for e, d in depth if e <= start + 0.1]
        depth.append((end, 1 + max(earlier, default=0)))
    return max((d for _, d in depth), default=0)


def at(values: list[float], share: float) -> float:
    """A percentile."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main() -> None:
    """Ask every query and print what it took."""
    from chromium import Browser  # noqa: PLC0415  a script has this folder on its path

    site = Path(sys.argv[1])
    file = Path(sys.argv[2]) if len(sys.argv) > 2 else QUERIES
    queries = [q for q in file.read_text("utf-8").splitlines() if q and q[0] != "#"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser = Browser()
    try:
        browser.go(f"http://127.0.0.1:{server.server_port}/search.html?q=zzyzx")
        first = settled(browser)
        index = [one for one in first if "/search/" in one[0]]
        print(f"first: {len(index)} requests, {sum(one[3] for one in index):,} octets")
        rows = []
        for query in queries:
            browser.run(ASK, query)
            loaded = settled(browser)
            took = browser.run("return shown - asked")
            octets = sum(one[3] for one in loaded)
            rows.append((octets, len(loaded), trips(loaded), took))
            print(
                f"{octets:9,} octets {len(loaded):3} requests {rows[-1][2]} trips"
                f" {took:6.0f} ms  {query}"
            )
        for share in (0.5, 0.95, 1.0):
            values = [at([float(row[n]) for row in rows], share) for n in range(4)]
            print(
                f"p{share:.0%}: {values[0]:,.0f} octets, {values[1]:.0f} requests,"
                f" {values[2]:.0f} trips, {values[3]:.0f} ms"
            )
    finally:
        browser.quit()
        server.shutdown()


if __name__ == "__main__":
    main()
