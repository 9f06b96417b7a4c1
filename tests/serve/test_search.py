"""Search by HTTP: page, feed, mbox, Message-ID and JSON; typed, escaped, limited."""

from __future__ import annotations

import mailbox
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from urllib.parse import quote

import html5lib
import pytest

from posterity.cli.work import bring_up_to_date
from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress, ingest
from posterity.pipeline.index import index
from posterity.query import parse_query
from posterity.serve import desk as desks
from posterity.serve.openapi import document
from posterity.sources import ReadOptions
from posterity.store import Archive
from posterity.store.search import Searcher, Wish

ATOM = "{http://www.w3.org/2005/Atom}"


def searched(archive: Archive, query: str) -> list[str]:
    """Hashes of what a query finds, best first."""
    searcher, reader = Searcher(archive.catalogue_path), archive.reader()
    keys = searcher.search(parse_query(query, 0), Wish(limit=200)).keys
    found: list[str] = [reader.message(key).digest for key in keys]
    reader.close()
    searcher.close()
    return found


def linked(html: bytes) -> list[str]:
    """Hashes of the hits of a page."""
    pattern = r'<h2><a href="archive/[^"]*/([0-9a-f]{64})\.html"'
    return [found[1] for found in re.finditer(pattern, html.decode())]


QUERIES = [
    "fog signal",
    '"of the light"',
    "from:roz",
    "date:1997-07 -fog",
    "has:attachment",
]


@pytest.mark.parametrize("query", QUERIES)
def test_page_and_api_give_the_same(client: Any, archive: Archive, query: str) -> None:
    """The terminal's answer, the page's and the API's are one."""
    expected = searched(archive, query)
    page = client.get(f"/search?q={quote(query)}")
    value = client.get(f"/api/v1/search?q={quote(query)}&limit=200").json

    assert 200 == page.status
    assert expected[:20] == linked(page.body)
    assert expected == [hit["hash"] for hit in value["hits"]]
    assert len(expected) == value["total"]


def test_the_page_turns_to_the_next(client: Any, archive: Archive) -> None:
    """Following "more" shows every hit once."""
    url, seen = "/search?q=fog+OR+lamp", []
    while url:
        page = client.get(url).body.decode()
        seen += linked(page.encode())
        found = re.search(r'<p class="more"><a href="([^"]*)" rel="next"', page)
        url = "/" + found[1].replace("&amp;", "&") if found else ""

    assert searched(archive, "fog OR lamp") == seen


def test_one_a_thread(client: Any) -> None:
    """Grouped, every thread is there once, with the number of its hits."""
    value = client.get("/api/v1/search?q=fog&group=thread&limit=200").json

    assert (
        value["threads"] == len(value["hits"]) == len({h["thread"] for h in value["hits"]})
    )
    assert value["total"] == sum(hit["in_thread"] for hit in value["hits"])


@pytest.mark.parametrize(
    ("query", "place"),
    [("subjct:x", 0), ('fog "signal', 4), ("(fog", 0), ("fog OR", 4), ("", 0)],
)
def test_a_refusal_is_a_sentence(client: Any, query: str, place: int) -> None:
    """Bad syntax gives a helpful sentence and its place, never an empty page."""
    answer = client.get(f"/api/v1/search?q={quote(query)}")

    assert (400, place) == (answer.status, answer.json["error"]["place"])
    if query:
        page = client.get(f"/search?q={quote(query)}")
        assert 400 == page.status
        assert b'<p class="note">' in page.body


@pytest.mark.parametrize(
    "values",
    [
        "q=fog&limit=0",
        "q=fog&limit=201",
        "q=fog&limit=x",
        "q=fog&limit=1e9",
        "q=fog&limit=" + "9" * 5000,
        "q=fog&order=best",
        "q=fog&cursor=x",
        "q=fog&cursor=" + "1" * 100,
        "q=fog&group=person",
        "q=" + "x" * 3000,
        "q=" + "a+" * 900,
        "limit=5",
    ],
)
def test_parameters_have_types_and_limits(client: Any, values: str) -> None:
    """W2, D12: what has no meaning is refused."""
    assert 400 == client.get(f"/api/v1/search?{values}").status
    assert client.get(f"/search?{values}").status in {200, 400}


EVIL = [
    '"><script>alert(1)</script>',
    "'\"<img src=x onerror=alert(1)>",
    "subject:<b>",
    '"<svg onload=alert(1)>',
    "\u202e\u2066fog",
    "javascript:alert(1)",
    "fog&q=<script>",
    "%3Cscript%3E",
]


@pytest.mark.parametrize("query", EVIL)
@pytest.mark.parametrize("name", ["q", "o", "c", "group"])
def test_nothing_is_reflected_as_markup(client: Any, name: str, query: str) -> None:
    """W2: a question is text on the page, and nothing but text."""
    other = "" if name == "q" else "q=fog&"
    page = client.get(f"/search?{other}{name}={quote(query)}").body.decode("utf-8")
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    scripts = [one.get("src", "") for one in tree.iter("script")]

    assert all(src.startswith("static/") for src in scripts)
    assert not list(tree.iter("img"))
    assert not list(tree.iter("svg"))
    assert not [k for one in tree.iter() for k in one.attrib if k.startswith("on")]
    assert not [
        href
        for one in tree.iter("a")
        if (href := one.get("href", "")).lower().startswith(("javascript:", "//", "http"))
    ]


def test_the_feed_of_a_query(client: Any, archive: Archive) -> None:
    """Well-formed, newest first, named by hash."""
    answer = client.get("/search.atom?q=" + quote("fog <&"))
    feed = ET.fromstring(answer.body)
    names = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]

    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert set(names) <= {f"urn:sha256:{digest}" for digest in searched(archive, "fog")}
    assert names


def test_the_mbox_of_a_query(client: Any, archive: Archive, tmp_path: Path) -> None:
    """Every message found, as mboxrd; importing it gives the same hashes."""
    answer = client.get("/search.mbox?q=fog")
    path = tmp_path / "search.mbox"
    path.write_bytes(answer.body)
    other = Archive.create(tmp_path / "again")
    ingest(other, [str(path)], ReadOptions(), SerialExecutor(), NoProgress())
    held = {digest for _, digest in other.accession().digests()}

    assert set(searched(archive, "fog")) == held
    box = mailbox.mbox(path)
    assert len(box) == len(held)
    box.close()
    assert b"" == client.get("/search.mbox?q=fog", "HEAD").body
    assert 400 == client.get("/search.mbox?q=(").status


def test_by_message_id(client: Any, archive: Archive) -> None:
    """/mid/ leads to the message, with or without angle brackets, by path or by form."""
    reader = archive.reader()
    key, msgid = next(
        reader.rows("SELECT message, msgid FROM message_id WHERE message > 0")
    )
    digest = reader.holders(msgid)[0].digest
    reader.close()
    del key
    for url in (
        f"/mid/{quote(msgid, safe='')}",
        f"/mid/{quote(f'<{msgid}>')}",
        f"/mid/?id={quote(msgid)}",
    ):
        answer = client.get(url)

        assert 302 == answer.status
        assert answer.headers["location"].endswith(f"{digest}.html")
        assert answer.headers["location"].startswith("../")


# -- the API


def resolved(schema: Any, whole: Any) -> Any:
    """A schema without references."""
    if "$ref" in schema:
        return resolved(
            whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]], whole
        )
    return schema


TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def conforms(value: Any, schema: Any, whole: Any, where: str = "") -> None:
    """Assert that a value is what its schema says."""
    schema = resolved(schema, whole)
    if "anyOf" in schema:
        schema = resolved(schema["anyOf"][1 if value is None else 0], whole)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, TYPES[kind]) for kind in kinds), (where, value)
    if isinstance(value, dict):
        for name in schema.get("required", ()):
            assert name in value, (where, name)
        for name, inner in schema.get("properties", {}).items():
            conforms(value[name], inner, whole, f"{where}.{name}")
    if isinstance(value, list):
        for one in value:
            conforms(one, schema["items"], whole, where)
    if "pattern" in schema:
        assert re.search(schema["pattern"], value), (where, value)
    if "enum" in schema:
        assert value in schema["enum"], (where, value)


def test_answers_are_as_described(client: Any, archive: Archive) -> None:
    """Every operation of the OpenAPI document answers in its form."""
    whole = document()
    digest = searched(archive, "fog")[0]
    slug = client.get("/api/v1/search?q=fog").json["people"][0]["person"]
    for path, operation in whole["paths"].items():
        url = path.replace("{hash}", digest).replace("{slug}", quote(slug))
        url += "?q=fog" if path.endswith("search") else ""
        answer = client.get(url)
        schema = operation["get"]["responses"]["200"]["content"]["application/json"][
            "schema"
        ]

        assert (200, "*") == (answer.status, answer.headers["access-control-allow-origin"])
        conforms(answer.json, schema, whole, path)

    assert whole == client.get("/api/v1/openapi.json").json


@pytest.mark.parametrize(
    "path",
    [
        "messages/" + "0" * 64,
        "messages/x",
        "messages/" + "Z" * 64,
        "threads/0",
        "people/nobody",
        "people/..%2f",
        "nothing",
        "",
    ],
)
def test_what_the_api_does_not_have(client: Any, path: str) -> None:
    """404 in the form of every error; the root is the archive."""
    answer = client.get(f"/api/v1/{path}")
    if path:
        conforms(answer.json, {"$ref": "#/components/schemas/Error"}, document())

    assert (404 if path else 200) == answer.status


def test_a_change_is_seen_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connect: Any
) -> None:
    """The server answers from the archive as it was, whole, until the writer has let go."""
    monkeypatch.setattr(desks, "LOOK_EVERY", 0.0)
    octets = (Path(__file__).parents[2] / "samples" / "keepers.mbox").read_bytes()
    early = tmp_path / "early.mbox"
    early.write_bytes(octets[: octets.index(b"\nFrom ", len(octets) // 2) + 1])
    grown = Archive.create(tmp_path / "grown")

    def take(source: Path) -> None:
        ingest(grown, [str(source)], ReadOptions(), SerialExecutor(), NoProgress())
        bring_up_to_date(grown, SerialExecutor(), NoProgress())
        index(grown, SerialExecutor(), NoProgress())

    take(early)
    client = connect(grown.folder)
    before = client.get("/api/v1/").json["messages"]
    late = tmp_path / "late.mbox"
    shutil.copy(Path(__file__).parents[2] / "samples" / "keepers.mbox", late)
    with grown.lock():
        take(late)
        during = client.get("/api/v1/").json["messages"]
        fog = client.get("/api/v1/search?q=fog").json["total"]
    after = client.get("/api/v1/").json["messages"]

    assert (before, during) == (during, before)
    assert fog < client.get("/api/v1/search?q=fog").json["total"]
    assert after > before
