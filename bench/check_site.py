"""Check a built site: no dead link, everything reached from home, sizes, valid HTML.

usage: python bench/check_site.py SITE [--html N]

Reads every page. --html says how many pages, evenly spread, go through an HTML5 parser
that counts its errors (0 for none; -1 for all). Exit status 1 when anything is wrong.
"""

from __future__ import annotations

import argparse
import html
import posixpath
import re
import sys
from pathlib import Path
from urllib.parse import unquote

import html5lib

LIMIT = 300_000
LINK = re.compile(
    r"""<[a-z][^>]*?\s(?:href|src|action)=(?:"([^"]*)"|'([^']*)'|([^\s>]+))""",
    re.IGNORECASE,
)
ANCHOR = re.compile(r"""\sid=(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


class Site:
    """A built site, read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = {
            path.relative_to(root).as_posix()
            for path in root.rglob("*")
            if path.is_file()
            and not path.relative_to(root).as_posix().startswith(".posterity")
        }
        self.links: dict[str, set[str]] = {}
        self.faults: list[str] = []
        self.outside = 0
        self.largest = ("", 0)
        self._anchors: dict[str, set[str]] = {}
        self._wanted: list[tuple[str, str, str]] = []

    def read(self) -> None:
        """Read every page; note dead links and pages that are too large."""
        for name in sorted(self.files):
            if name.endswith(".html"):
                self._page(name)
        for page, target, anchor in self._wanted:
            if anchor not in self._anchors.get(target, ()):
                self.faults.append(f"{page}: no #{anchor} in {target}")

    def _page(self, name: str) -> None:
        octets = (self.root / name).read_bytes()
        if len(octets) > LIMIT:
            self.faults.append(f"{name}: {len(octets):,} octets")
        self.largest = max(self.largest, (name, len(octets)), key=lambda page: page[1])
        text = octets.decode("utf-8")
        self._anchors[name] = {"".join(groups) for groups in ANCHOR.findall(text)}
        found = self.links[name] = set()
        for groups in LINK.findall(text):
            self._link(name, html.unescape("".join(groups)), found)

    def _link(self, name: str, url: str, found: set[str]) -> None:
        if OUTSIDE.match(url):
            self.outside += 1
            return
        path, _, anchor = url.partition("#")
        path = path.partition("?")[0]
        target = name
        if path:
            target = posixpath.normpath(
                posixpath.join(posixpath.dirname(name), unquote(path))
            )
        if target not in self.files:
            self.faults.append(f"{name}: dead link {url}")
        found.add(target)
        if anchor and target.endswith(".html"):
            self._wanted.append((name, target, unquote(anchor)))

    def unreached(self) -> set[str]:
        """Files that no chain of links from the home page leads to."""
        seen = {"index.html"}
        todo = ["index.html"]
        while todo:
            for target in self.links.get(todo.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        alone = {"404.html", "robots.txt", "llms.txt"}
        return {
            name
            for name in self.files - seen - alone
            if not name.startswith(("sitemap", "search/"))  # a script asks for those
        }

    def invalid(self, pages: int) -> list[str]:
        """What an HTML5 parser says of an even spread of pages."""
        names = sorted(self.links)
        step = 1 if pages < 0 else max(1, len(names) // max(1, pages))
        faults = []
        for name in names[::step] if pages else []:
            parser = html5lib.HTMLParser(namespaceHTMLElements=False)
            parser.parse((self.root / name).read_bytes())
            faults += [f"{name}: {at}: {error}" for at, error, _ in parser.errors]
        return faults


def main() -> int:
    """Check one site."""
    parser = argparse.ArgumentParser(description="check a built site")
    parser.add_argument("site", type=Path)
    parser.add_argument("--html", type=int, default=200)
    options = parser.parse_args()
    site = Site(options.site)
    site.read()
    unreached = site.unreached()
    invalid = site.invalid(options.html)
    messages = sum(name.startswith("archive/") and len(name) > 70 for name in site.files)
    print(f"{len(site.files):,} files, {len(site.links):,} pages, {messages:,} messages")
    print(f"largest page: {site.largest[0]}, {site.largest[1]:,} octets")
    print(f"dead links and anchors, oversize pages: {len(site.faults):,}")
    print(f"not reached from the home page: {len(unreached):,}")
    print(f"HTML5 parser errors: {len(invalid):,}")
    for fault in [*site.faults[:20], *sorted(unreached)[:20], *invalid[:20]]:
        print("  " + fault)
    return int(bool(site.faults or unreached or invalid))


if __name__ == "__main__":
    sys.exit(main())
