"""Pictures of every kind of page of a site, and a thread as it is printed.

    python bench/looks.py SITE FOLDER [--only WORD] [--page NAME=PATH]...

FOLDER gets <kind>-<width>-<light or dark>.png for widths of 390, 820 and 1,440 pixels,
and thread.pdf. --only takes the kinds whose name has a word in it; --page adds a page.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from chromium import Browser, Screen, missing
from kinds import kinds

WIDTHS = (390, 820, 1440)
THEMES = ("light", "dark")
TALLEST = 2600
"""Pixels of a picture; what a reader scrolls to looks like what is above."""
FILLED = """
return !location.search || !document.querySelector('#results, #trends, #found') ||
  !!document.querySelector('#results > *, #trends > *, #found:not(:empty)');
"""


def pictures(browser: Browser, site: Path, folder: Path, pages: dict[str, str]) -> None:
    """Draw pages on every screen."""
    for kind, path in pages.items():
        for width in WIDTHS:
            for theme in THEMES:
                features = (("prefers-color-scheme", theme),)
                browser.show_on(Screen(width=width, height=900, features=features))
                browser.go(f"{site.as_uri()}/{path}")
                browser.until(FILLED)
                if "?" in path:
                    time.sleep(0.4)  # snippets come after the results
                name = f"{kind.replace(' ', '-')}-{width}-{theme}.png"
                (folder / name).write_bytes(browser.picture(TALLEST))


def main() -> int:
    """Draw one site."""
    parser = argparse.ArgumentParser(description="draw a built site")
    parser.add_argument("site", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--page", action="append", default=[], metavar="NAME=PATH")
    options = parser.parse_args()
    if missing():
        print(f"NO {missing().upper()}: nothing was drawn")
        return 1
    site: Path = options.site.resolve()
    pages = kinds(site) | dict(one.split("=", 1) for one in options.page)
    wanted = {kind: path for kind, path in pages.items() if options.only in kind}
    options.folder.mkdir(parents=True, exist_ok=True)
    browser = Browser()
    try:
        pictures(browser, site, options.folder, wanted)
        if "thread" in wanted:
            browser.show_on(Screen())
            browser.go(f"{site.as_uri()}/{wanted['thread']}")
            (options.folder / "thread.pdf").write_bytes(browser.pdf())
    finally:
        browser.quit()
    print(
        f"{len(wanted)} kinds of page, {len(list(options.folder.glob('*.png')))} pictures"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
