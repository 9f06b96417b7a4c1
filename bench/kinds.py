"""One page of every kind of a published site, found by what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

FIXED = {
    "home": "index.html",
    "archive": "archive/index.html",
    "people": "authors/index.html",
    "people by name": "authors/by-name.html",
    "attachments": "attachments/index.html",
    "search": "search.html",
    "search with results": "search.html?q=the",
    "search without results": "search.html?q=zzyzx",
    "search with a fault": "search.html?q=%22",
    "stats": "stats/index.html",
    "trends": "trends.html",
    "trends drawn": "trends.html?q=the,light,fog",
    "days": "days/index.html",
    "about": "about/index.html",
    "404": "404.html",
    "mid": "mid/index.html",
    "mid not found": "mid/index.html?id=nobody%40nowhere.example",
}
LARGEST = {
    "year": "archive/[0-9]*/index.html",
    "month by thread": "archive/[0-9]*/*/index.html",
    "month by date": "archive/[0-9]*/*/date.html",
    "thread": "thread/*.html",
    "person": "authors/*_*.html",
    "day": "days/*-*.html",
}
"""Kinds of which the largest page is the one to look at."""
SIGNS = {
    "tombstone": r'class="head">\n<h1>Withdrawn',
    "redirect": r'class="head">\n<h1>Moved',
    "message recovered": r"found inside another one",
    "message copy": r'<section class="copies"',
    "message html": r'<details class="view">',
    "message patch": r'<ul class="diff"|class="patch"',
    "message files": r'<section class="files"',
    "message forwarded": r'class="fwd"',
    "message armoured": r"-----BEGIN PGP",
    "message in a window": r'class="gap"',
    "message quoting": r'<details class="q[^>]*(?<! open)>',
    "message right to left": r"[\u0590-\u06ff]{3}",
    "message plain": r'<div class="body"',
}
"""What a page of each kind has and an earlier one of the list has not."""
MOST_READ = 20_000
"""Pages that are read in search of kinds."""


def kinds(site: Path) -> dict[str, str]:
    """Addresses in a site by kind; kinds that it has no page of are left out."""
    found = {
        name: path
        for name, path in FIXED.items()
        if (site / path.partition("?")[0]).is_file()
    }
    for name, pattern in LARGEST.items():
        pages = list(site.glob(pattern))
        if pages:
            best = max(pages, key=lambda page: (page.stat().st_size, page.name))
            found[name] = best.relative_to(site).as_posix()
    found |= _signed(site)
    return found


def messages(site: Path) -> Iterator[Path]:
    """Every page that stands at a message's address, or stood at a thread's."""
    for pattern in ("archive/*/*/*.html", "archive/unknown/*.html", "thread/*.html"):
        for page in sorted(site.glob(pattern)):
            if len(page.stem) == 64:
                yield page


def _signed(site: Path) -> dict[str, str]:
    signs = {name: re.compile(sign) for name, sign in SIGNS.items()}
    found: dict[str, str] = {}
    for page in islice(messages(site), MOST_READ):
        if len(found) == len(signs):
            break
        text = page.read_text("utf-8")
        thread = page.parent.name == "thread"
        for name, sign in signs.items():
            if name.startswith("message") and thread:
                continue
            if name not in found and sign.search(text):
                found[name] = page.relative_to(site).as_posix()
                break
    return found
