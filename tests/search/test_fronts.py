"""Browser, server, terminal and API give the same messages, and so does plain reading.

The sample list is asked the queries of the tests and the sixty of bench/queries.txt; the
real list, where it is at hand, the sixty.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from posterity.cli.search import command
from posterity.executor import SerialExecutor
from posterity.export.tables import export_tables
from posterity.pipeline import NoProgress
from posterity.query import parse_query
from posterity.render.pages import Renderer
from posterity.render.theme import Theme
from posterity.site.searchfiles import publish_search
from posterity.store import Archive
from posterity.store.search import Order, Searcher, Wish

ALL_IN_PAGE = """
var search = globalThis.posteritySearch, page = globalThis.posterityPiece, waiting = {};
globalThis.posterityPiece = function (name, text) {
  if (!waiting[name]) return page(name, text);
  waiting[name](text);
  delete waiting[name];
};
var index = new search.Index(function (name) {
  return new Promise(function (done, failed) {
    waiting[name] = done;
    var script = document.createElement("script");
    script.src = "search/" + name + ".js";
    script.onerror = failed;
    document.head.appendChild(script);
  });
});
var queries = arguments[0], now = arguments[1], order = arguments[2];
return (async function () {
  await index.open();
  var found = [];
  for (const query of queries) {
    const answer = await index.search(search.parse(query, now, index.named), order);
    const hashes = [];
    for (const doc of answer.docs) hashes.push((await index.card(doc)).hash);
    found.push([answer.total, hashes]);
  }
  return found;
})();
"""
Found = tuple[int, list[str]]
"""How many messages, and their hashes in order."""


def in_store(archive: Archive, queries: list[str], now: int, order: str) -> list[Found]:
    """What the store finds."""
    searcher, reader = Searcher(archive.catalogue_path), archive.reader()
    found = []
    for query in queries:
        answer = searcher.search(parse_query(query, now), Wish(Order(order), 1_000_000))
        keys = [reader.message(key).digest for key in answer.keys]
        found.append((answer.total, [str(digest) for digest in keys]))
    reader.close()
    searcher.close()
    return found


def by_api(client: Any, query: str, order: str) -> Found:
    """What the API finds, page after page."""
    hashes: list[str] = []
    cursor = ""
    while True:
        url = f"/api/v1/search?q={quote(query)}&order={order}&limit=200&cursor={cursor}"
        value = client.get(url).json
        hashes += [hit["hash"] for hit in value["hits"]]
        cursor = value["cursor"]
        if not cursor:
            return value["total"], hashes


def by_page(client: Any, query: str, order: str) -> list[str]:
    """The hits of the server's first page."""
    page = client.get(f"/search?q={quote(query)}&o={order}").body.decode()
    return re.findall(r'<h2><a href="archive/[^"]*/([0-9a-f]{64})\.html"', page)


def in_terminal(archive: Archive, query: str, order: str) -> Found:
    """What `posterity search --json` prints."""
    asked = ["--archive", str(archive.folder), "--json", "--limit", "1000"]
    done = CliRunner().invoke(
        command, [*asked, "--order", order, "--", query], catch_exceptions=False
    )
    value = json.loads(done.stdout)["search"]
    return value["total"], [hit["hash"] for hit in value["hits"]]


def in_order(found: Found, order: str) -> Found:
    """For comparing: of relevance, equal scores may round another way in a browser."""
    total, hashes = found
    return (total, sorted(hashes)) if order == "relevance" else (total, list(hashes))


@pytest.mark.parametrize("order", ["relevance", "newest"])
def test_server_and_store_are_one(
    keepers: Archive,
    asking: Callable[[Archive], Any],
    queries: list[str],
    sixty: list[str],
    now: int,
    order: str,
) -> None:
    """Page and API: the same messages in the same order, for every query."""
    client = asking(keepers)
    mine = in_store(keepers, [*queries, *sixty], now, order)
    differ = []
    for query, (total, hashes) in zip([*queries, *sixty], mine, strict=True):
        same = by_api(client, query, order) == (total, hashes)
        if not same or by_page(client, query, order) != hashes[:20]:
            differ.append(query)

    assert [] == differ
    assert sum(total > 0 for total, _ in mine) > len(queries) / 2


def test_the_terminal_gives_the_same(
    keepers: Archive, queries: list[str], sixty: list[str], now: int
) -> None:
    """Posterity search: best first and newest first, turn about, for every query."""
    asked = [*queries, *sixty]
    for order, some in (("relevance", asked[::2]), ("newest", asked[1::2])):
        mine = in_store(keepers, some, now, order)
        differ = [
            query
            for query, (total, hashes) in zip(some, mine, strict=True)
            if in_terminal(keepers, query, order) != (total, hashes[:1000])
        ]

        assert [] == differ


def page_with_index(archive: Archive, static: Path) -> Path:
    """The search page beside its index."""
    reader = archive.reader()
    renderer = Renderer(reader, archive.settings, Theme.load())
    for file in (renderer.search(), *renderer.static_files()):
        path = static / file.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file.content)
    reader.close()
    return static


def differing(
    browser: Any, site: Path, archive: Archive, asked: list[str], now: int
) -> dict[str, tuple[int, int]]:
    """Queries to which a browser, from a disk, gives other messages than the store."""
    browser.go(f"{site.as_uri()}/search.html")
    differ = {}
    for order in ("relevance", "newest"):
        theirs = browser.run(ALL_IN_PAGE, asked, now, order)
        mine = in_store(archive, asked, now, order)
        for query, one, other in zip(asked, mine, theirs, strict=True):
            if in_order(one, order) != in_order((other[0], other[1]), order):
                differ[f"{query} ({order})"] = one[0], other[0]
    return differ


def test_the_browser_gives_the_same(
    browser: Any,
    keepers: Archive,
    static: Path,
    queries: list[str],
    sixty: list[str],
    now: int,
) -> None:
    """A real browser without a server: the same messages, by time in the same order."""
    site = page_with_index(keepers, static)

    assert {} == differing(browser, site, keepers, [*queries, *sixty], now)


# -- plain reading: the exported tables and the octets, and nothing of the index


class Letter(NamedTuple):
    """A message as the tables and its octets have it."""

    row: dict[str, str]
    day: str
    subject: list[str]
    text: list[str]


def plain_words(text: str) -> list[str]:
    """Words by the Unicode standard alone: marks off, no case, letters and digits in runs."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[^\W_]+", re.sub(r"[\u0300-\u036f]", "", folded))


def letters(archive: Archive, folder: Path) -> Iterator[Letter]:
    """The messages that are one plain text of ASCII: their words need no decoding."""
    export_tables(archive, folder)
    reader = archive.reader()
    keys = reader.keys_by_digest()
    with (folder / "messages.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            head, _, body = reader.octets(keys[row["message"]]).partition(b"\r\n\r\n")
            odd = re.search(
                rb"(?im)^(?:content-type: *+(?!text/plain)|content-transfer-encoding:"
                rb" *+(?:base64|quoted))|^begin [0-7]{3}|^-----BEGIN|=\?",
                head + b"\r\n" + body,
            )
            if not odd and body.isascii():
                text = body.decode("ascii")
                utc = row["utc"] and dt.datetime.fromtimestamp(int(row["utc"]), dt.UTC)
                yield Letter(
                    row, str(utc)[:10], plain_words(row["subject"]), plain_words(text)
                )
    reader.close()


BOOLEAN: dict[str, Callable[[Letter], bool]] = {
    "body:fog": lambda one: "fog" in one.text,
    "body:lamp body:fog": lambda one: {"lamp", "fog"} <= set(one.text),
    "body:(lamp OR fog)": lambda one: bool({"lamp", "fog"} & set(one.text)),
    "body:lamp -body:fog": lambda one: "lamp" in one.text and "fog" not in one.text,
    "NOT (body:the OR body:a)": lambda one: not {"the", "a"} & set(one.text),
    "body:ligh*": lambda one: any(word.startswith("ligh") for word in one.text),
    'body:"the light"': lambda one: " the light " in f" {' '.join(one.text)} ",
    "subject:fog": lambda one: "fog" in one.subject,
    "subject:fog -subject:re": lambda one: "fog" in one.subject and "re" not in one.subject,
    "subject:(lamp OR signal)": lambda one: bool({"lamp", "signal"} & set(one.subject)),
    "date:1997": lambda one: one.day.startswith("1997"),
    "date:1997-07 body:fog": lambda one: (
        one.day.startswith("1997-07") and "fog" in one.text
    ),
    "before:1997 OR subject:fog": lambda one: "" < one.day < "1997" or "fog" in one.subject,
    "-date:1997 body:the": lambda one: not one.day.startswith("1997") and "the" in one.text,
    "from:roz": lambda one: "roz" in plain_words(one.row["from_as_written"]),
    "from:example -body:the": lambda one: (
        "example" in plain_words(one.row["from_as_written"]) and "the" not in one.text
    ),
    "body:clipper": lambda one: "clipper" in one.text,
    "body:(key OR clipper) -subject:re": lambda one: (
        bool({"key", "clipper"} & set(one.text)) and "re" not in one.subject
    ),
    'body:"digital cash" OR subject:remailer': lambda one: (
        " digital cash " in f" {' '.join(one.text)} " or "remailer" in one.subject
    ),
}


def read_otherwise(archive: Archive, folder: Path, now: int) -> tuple[dict[str, Any], int]:
    """Queries of which the index says other than reading does; and how many were found."""
    mail = list(letters(archive, folder))
    held = {one.row["message"] for one in mail}
    found = in_store(archive, list(BOOLEAN), now, "newest")
    differ = {}
    for (query, holds), (_, hashes) in zip(BOOLEAN.items(), found, strict=True):
        expected = {one.row["message"] for one in mail if holds(one)}
        if expected != held & set(hashes):
            differ[query] = sorted(expected ^ (held & set(hashes)))[:5]
    assert len(held) > 50
    return differ, sum(bool(held & set(hashes)) for _, hashes in found)


def test_plain_reading_agrees(keepers: Archive, tmp_path: Path, now: int) -> None:
    """Tables and octets, read by a few lines of Python, say the same of boolean queries."""
    differ, number = read_otherwise(keepers, tmp_path / "tables", now)

    assert {} == differ
    assert number >= 14


# -- the real list


@pytest.fixture(scope="session")
def real(corpus: Path, taken: Any, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The first year of the real list, indexed."""
    source = next((corpus / "cypherpunks").glob("cyp-1992.txt*"))
    archive = Archive.create(tmp_path_factory.mktemp("real") / "archive")
    taken(archive, source)
    return archive


@pytest.mark.corpus
def test_all_fronts_agree_on_the_real_list(
    browser: Any,
    real: Archive,
    asking: Callable[[Archive], Any],
    sixty: list[str],
    tmp_path: Path,
    now: int,
) -> None:
    """The sixty queries: browser, page, API, terminal and plain reading."""
    client = asking(real)
    mine = in_store(real, sixty, now, "newest")
    for query, (total, hashes) in zip(sixty, mine, strict=True):
        assert (total, hashes) == by_api(client, query, "newest"), query
        assert hashes[:20] == by_page(client, query, "newest"), query
        assert (total, hashes[:1000]) == in_terminal(real, query, "newest"), query
    publish_search(real, (tmp_path / "site", None), SerialExecutor(), NoProgress())
    site = page_with_index(real, tmp_path / "site")

    assert {} == differing(browser, site, real, sixty, now)
    assert {} == read_otherwise(real, tmp_path / "tables", now)[0]
    assert sum(total > 0 for total, _ in mine) > len(sixty) / 2
