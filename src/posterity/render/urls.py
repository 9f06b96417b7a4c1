"""Every URL and anchor of the product, and nowhere else.

A URL here is a path inside the site, "archive/1996/12/<hash>.html": it is also the name
of the file that a static host serves. Pages link to each other by `Links`, which makes
relative references that spell `index.html`, so that a site works in any sub-folder and
from a disk without a server. docs/urls.md is the promise made of this file.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from posterity.model import UNKNOWN_MONTH
from posterity.rows import MessageRow

HOME = "index.html"
ARCHIVE = "archive/index.html"
PEOPLE = "authors/index.html"
PEOPLE_BY_NAME = "authors/by-name.html"
ATTACHMENTS = "attachments/index.html"
ABOUT = "about/index.html"
SEARCH = "search.html"
SEARCH_INDEX = "search/index.js"
SEARCH_FEED = "search.atom"
FIND_BY_ID = "mid/index.html"
STATS = "stats/index.html"
TRENDS = "trends.html"
TREND_COUNTS = "search/trends.js"
DAYS = "days/index.html"
FEED = "feed.atom"
JSON_FEED = "feed.json"
LLMS = "llms.txt"
OPENSEARCH = "opensearch.xml"
SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
NOT_FOUND = "404.html"

MAX_NAME_OCTETS = 200
"""Longest file name made from a slug: 255 (ext4, NTFS, APFS) less room for endings."""

_NEUTRAL = {
    "application/gzip": "gz",
    "application/msword": "doc",
    "application/pdf": "pdf",
    "application/pgp-keys": "asc",
    "application/pgp-signature": "asc",
    "application/postscript": "ps",
    "application/zip": "zip",
    "audio/mpeg": "mp3",
    "audio/x-wav": "wav",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "image/webp": "webp",
    "video/mpeg": "mpg",
}
"""Endings that no host runs and no browser takes for a page; the rest is txt or bin."""

_TEXTUAL = re.compile(
    r"text/|message/|image/svg|application/(?:\S*\+)?(?:xml|json|\S*script)"
)
_SAFE_PATH = re.compile(r"[A-Za-z0-9._~/-]*")
_UNSAFE = re.compile(r"[^A-Za-z0-9._~/-]+")
_UNSAFE_NAME = re.compile(r"[/\\\x00-\x1f\x7f<>:\"|?*]|^\.")


# -- pages


def message(row: MessageRow) -> str:
    """The page of a message."""
    return message_at(row.month, row.digest)


def message_at(month: str, digest: str) -> str:
    """The page of a message, by the month of its own Date and its hash."""
    return f"archive/{month}/{digest}.html"


def raw(digest: str) -> str:
    """A message's octets."""
    return f"raw/{digest}.eml"


def html_view(digest: str) -> str:
    """A message's own HTML, made safe, for a frame; no page of ours, so not .html."""
    return f"html/{digest}.htm"


def thread(digest: str, part: int = 1) -> str:
    """A part of a thread page; digest is that of the thread's first message."""
    return _numbered(f"thread/{digest}", part)


def thread_mbox(digest: str) -> str:
    """A thread's messages as mboxrd."""
    return f"thread/{digest}.mbox"


def thread_epub(digest: str) -> str:
    """A thread as a book."""
    return f"thread/{digest}.epub"


def thread_feed(digest: str) -> str:
    """A thread's feed."""
    return f"thread/{digest}.atom"


def month(name: str, part: int = 1) -> str:
    """A month's threads; name is "1996/12" or "unknown"."""
    if part == 1:
        return f"archive/{name}/index.html"
    return f"archive/{name}/threads-{part}.html"


def month_by_date(name: str, part: int = 1) -> str:
    """A month's messages in time."""
    return _numbered(f"archive/{name}/date", part)


def month_mbox(name: str) -> str:
    """A month's messages as mboxrd, compressed."""
    return f"archive/{name}.mbox.gz"


def year(name: str) -> str:
    """A year's months."""
    return f"archive/{name}/index.html"


def people(part: int = 1) -> str:
    """People by the number of their messages."""
    return _numbered("authors/index", part)


def people_by_name(part: int = 1) -> str:
    """People by name."""
    return _numbered("authors/by-name", part)


@lru_cache(maxsize=4096)
def person(slug: str, part: int = 1) -> str:
    """A person's page."""
    return _numbered(f"authors/{_file_name(slug)}", part)


def person_started(slug: str, part: int = 1) -> str:
    """The threads that a person began; no slug holds a dot."""
    return _numbered(f"authors/{_file_name(slug)}.started", part)


def person_feed(slug: str) -> str:
    """A person's feed."""
    return f"authors/{_file_name(slug)}.atom"


def attachments(part: int = 1) -> str:
    """All files that came with messages, by type."""
    return _numbered("attachments/index", part)


def attachment(digest: str, media_type: str) -> str:
    """A file's content, under an ending that no static host runs or shows as a page."""
    return f"attachments/{digest}.{neutral_ending(media_type)}"


def figures(name: str) -> str:
    """The figures of a chart, as a table for programs."""
    return f"stats/{name}.csv"


def day(name: str) -> str:
    """What began on a day of the year, "03-14"."""
    return f"days/{name}.html"


def static(name: str) -> str:
    """A file of the theme; its name holds its digest."""
    return f"static/{name}"


def search_for(query: str, **options: str) -> str:
    """The search page with a question: the path and the query of a reference."""
    values = {"q": query, **options}
    return f"{SEARCH}?" + "&".join(
        f"{name}={quote(value).replace('/', '%2F')}" for name, value in values.items()
    )


def search_part(name: str) -> str:
    """A part of the static search index; its name is its digest."""
    return f"search/{name}.js"


def sitemap(name: str, part: int = 1) -> str:
    """One part of the sitemap: of a month "1996-12", of people, of lists."""
    return f"sitemap-{name}.xml" if part == 1 else f"sitemap-{name}-{part}.xml"


def neutral_ending(media_type: str) -> str:
    """The ending for a type judged from content: text is .txt, the unknown is .bin."""
    known = _NEUTRAL.get(media_type)
    if known:
        return known
    return "txt" if _TEXTUAL.match(media_type) else "bin"


# -- anchors


def line(number: int) -> str:
    """The anchor of a body line on a message page."""
    return f"L{number}"


BY_HEADERS = "headers"
"""The thread without what was inferred, on a thread page."""


def in_thread(digest: str) -> str:
    """The anchor of a message on a thread page; 64 bits are plenty for one page."""
    return f"m{digest[:16]}"


def in_year(year: str) -> str:
    """The anchor of a year on a person's page."""
    return f"y{year}"


# -- references


def quote(path: str) -> str:
    """A path as it stands in a URL: percent-encoded UTF-8 (RFC 3986 §2.1)."""
    if _SAFE_PATH.fullmatch(path):
        return path
    return _UNSAFE.sub(
        lambda found: "".join(
            f"%{octet:02X}" for octet in found[0].encode("utf-8", "replace")
        ),
        path,
    )


def relative(origin: str, target: str) -> str:
    """The reference by which the page at one path links to another path."""
    return Links(origin).to(target)


class Links:
    """Relative references from one page.

    Attributes:
        path: of the page.
        folder: the page's, "" for the top one.
        root: the reference to the site's root folder: "" or "../../".
    """

    __slots__ = ("folder", "path", "root")

    def __init__(self, path: str) -> None:
        self.path = path
        self.folder = path.rpartition("/")[0]
        self.root = _way(self.folder, "")

    def to(self, target: str, anchor: str = "") -> str:
        """A reference to a path, percent-encoded."""
        reference = _reference(self.folder, target)
        return f"{reference}#{anchor}" if anchor else reference

    def to_message(self, row: MessageRow) -> str:
        """`to(message(row))`: there are too many messages to keep the reference to each."""
        return f"{_way(self.folder, f'archive/{row.month}')}{row.digest}.html"


@lru_cache(maxsize=16_384)
def _reference(origin: str, target: str) -> str:
    """The reference from a page in one folder to a path: the same from all of them."""
    folder, _, name = target.rpartition("/")
    return _way(origin, folder) + quote(name)


@lru_cache(maxsize=4096)
def _way(origin: str, target: str) -> str:
    """The reference from one folder to another, ending in a slash; "" for the same."""
    above = origin.split("/") if origin else []
    below = target.split("/") if target else []
    shared = 0
    for ours, theirs in zip(above, below, strict=False):
        if ours != theirs:
            break
        shared += 1
    steps = [".."] * (len(above) - shared) + below[shared:]
    return quote("/".join([*steps, ""]))


# -- names


def month_name_parts(name: str) -> tuple[str, str]:
    """Year and month of "1996/12"; ("unknown", "") where there is none."""
    if name == UNKNOWN_MONTH:
        return name, ""
    the_year, _, the_month = name.partition("/")
    return the_year, the_month


def _numbered(stem: str, part: int) -> str:
    return f"{stem}.html" if part == 1 else f"{stem}-{part}.html"


def _file_name(slug: str) -> str:
    """A slug as a file name; the catalogue's slugs are safe already and stay as is."""
    plain = not _UNSAFE_NAME.search(slug)
    if plain and slug and slug != "index" and len(slug) * 4 <= MAX_NAME_OCTETS:
        return slug
    octets = slug.encode("utf-8", "replace")
    if plain and slug not in {"", "index"} and len(octets) <= MAX_NAME_OCTETS:
        return slug
    digest = hashlib.sha256(octets).hexdigest()[:16]
    safe = _UNSAFE_NAME.sub("_", slug).encode("utf-8", "replace")
    return f"{safe[: MAX_NAME_OCTETS - 20].decode('utf-8', 'ignore')}-{digest}"
