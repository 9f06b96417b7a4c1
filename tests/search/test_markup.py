"""S15: what a search shows of a message is text, and what is marked in it are hits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import html5lib
import pytest

from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress
from posterity.render.pages import Renderer
from posterity.render.theme import Theme
from posterity.site.searchfiles import publish_search
from posterity.store import Archive

EVIL = [
    "<script>alert('fog')</script>",
    "<img src=x onerror=alert('fog')>",
    "</title></mark></p><mark>fog</mark><svg onload=alert(1)>",
    "&lt;b&gt;fog&lt;/b&gt; &#60;i> &amp;",
    "<a href=\"javascript:alert('fog')\">fog</a><base href=//evil.example>",
    "]]><![CDATA[<script>fog</script>",
    "<!-- fog --><style>*{display:none}</style>",
    "\\u003cscript>fog\\x3c/script> ${fog} {{fog}} <mark>fog",
]
"""Each is a message's subject and its text, and holds the word that is looked for."""
FILL = """
return Promise.all(Array.from(document.querySelectorAll('#results .hit'), function (hit) {
  hit.fill(); // as when it is scrolled to
  return new Promise(function (done) { setTimeout(done, 300); });
})).then(function () { return true; });
"""
SHOWN = """
return Array.from(document.querySelectorAll('#results .hit'), function (hit) {
  return [
    hit.querySelector('a').textContent,
    Array.from(hit.querySelectorAll('mark'), function (mark) { return mark.textContent; }),
    hit.querySelectorAll('script, img, svg, style, base, i, b').length,
    hit.textContent
  ];
});
"""


class Hit(NamedTuple):
    """What is shown of one."""

    subject: str
    marked: list[str]
    foreign: int
    text: str


def letter(number: int, text: str) -> str:
    """A message of ours."""
    return (
        "From ada@lamp.example Mon Feb  7 20:18:26 1994\n"
        f'From: "{text[:9]}" <ada{number}@lamp.example>\nTo: keepers@lamp.example\n'
        f"Date: Mon, 7 Feb 1994 20:18:{number:02} +0000\nMessage-ID: <{number}@lamp.example>\n"
        f"Subject: {text}\n\n{text}\n\n"
    )


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory, taken: Callable[..., None]) -> Archive:
    """Messages that would like to be more than text."""
    folder = tmp_path_factory.mktemp("evil")
    source = folder / "evil.mbox"
    source.write_text("".join(letter(n, text) for n, text in enumerate(EVIL)), "utf-8")
    archive = Archive.create(folder / "archive")
    taken(archive, source)
    return archive


def right(hits: list[Hit]) -> None:
    """Assert that everything is there, as text, and only the word is marked."""
    assert sorted(EVIL) == sorted(hit.subject for hit in hits)
    for hit in hits:
        assert {"fog"} == set(hit.marked), hit
        assert 0 == hit.foreign, hit
        assert 2 <= hit.text.count(hit.subject), hit  # the subject and the snippet


def test_on_the_servers_page(evil: Archive, asking: Callable[[Archive], Any]) -> None:
    """S15: markup in subject, name and text is escaped before hits are marked."""
    page = asking(evil).get("/search?q=fog&limit=200")
    tree = html5lib.parse(page.body, namespaceHTMLElements=False)
    hits = []
    for one in tree.iter("li"):
        heading = one.find("h2") if one.find("h2") is not None else one.find(".//h2")
        if heading is not None:
            hits.append(
                Hit(
                    "".join(heading.find("a").itertext()),
                    ["".join(mark.itertext()) for mark in one.iter("mark")],
                    sum(
                        len(list(one.iter(tag)))
                        for tag in ("script", "img", "svg", "style", "base", "i", "b")
                    ),
                    "".join(one.itertext()),
                )
            )

    assert 200 == page.status
    right(hits)


def test_in_the_api(evil: Archive, asking: Callable[[Archive], Any]) -> None:
    """S15: pieces of plain text, each said to be a hit or not; joined, they are the text."""
    hits = asking(evil).get("/api/v1/search?q=fog").json["hits"]
    shown = {"".join(piece["text"] for piece in hit["snippet"]) for hit in hits}

    assert set(EVIL) == {hit["subject"] for hit in hits} == shown
    assert {"fog"} == {
        piece["text"] for hit in hits for piece in hit["snippet"] if piece["hit"]
    }


def test_in_the_browser(evil: Archive, browser: Any, driven: Any, tmp_path: Path) -> None:
    """S15: from the static index text enters the page as text nodes."""
    publish_search(evil, (tmp_path, None), SerialExecutor(), NoProgress())
    reader = evil.reader()
    renderer = Renderer(reader, evil.settings, Theme.load())
    for file in (renderer.search(), *renderer.static_files()):
        path = tmp_path / file.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file.content)
    reader.close()
    browser.go(f"{tmp_path.as_uri()}/search.html?q={quote('fog')}")
    driven.settled(browser)
    browser.run(FILL)

    right([Hit(*hit) for hit in browser.run(SHOWN)])
