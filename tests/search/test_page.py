"""The search page in a real browser: from a disk and from a plain server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from posterity.query import parse_query
from posterity.render.pages import Renderer
from posterity.render.theme import Theme
from posterity.store import Archive
from posterity.store.search import Searcher, Wish

HASHES = """
return Array.from(document.querySelectorAll('#results .hit a'), function (link) {
  return link.getAttribute('href').slice(-69, -5);
});
"""


@pytest.fixture(scope="module")
def site(keepers: Archive, static: Path) -> Path:
    """The search page beside its index."""
    reader = keepers.reader()
    renderer = Renderer(reader, keepers.settings, Theme.load())
    for file in (renderer.search(), *renderer.static_files()):
        path = static / file.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file.content)
    reader.close()
    return static


@pytest.fixture(scope="module", params=["file", "http"])
def root(request: pytest.FixtureRequest, site: Path, driven: Any) -> Iterator[str]:
    """Where the site is opened from."""
    if request.param == "file":
        yield site.as_uri()
        return
    handler = partial(driven.Quiet, directory=str(site))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def answered(browser: Any, script: str = HASHES) -> Any:
    """What the page shows, once it does."""
    for _ in range(100):
        time.sleep(0.05)
        if browser.run(
            "return !!document.querySelector('#results .hit a, #results .note')"
        ):
            time.sleep(0.2)
            return browser.run(script)
    raise AssertionError(browser.run("return document.body.innerText"))


@pytest.mark.parametrize(
    "query", ["spell fog signal", '"of the light"', "date:1997-07 fog"]
)
def test_a_link_to_a_search_shows_it(
    browser: Any, root: str, searcher: Searcher, keepers: Archive, query: str, now: int
) -> None:
    """?q= is answered from a disk and from a server, with what the store finds."""
    browser.go(f"{root}/search.html?q={quote(query)}")
    shown = answered(browser)
    reader = keepers.reader()
    keys = searcher.search(parse_query(query, now), Wish(limit=1000)).keys
    found = {reader.message(key).digest for key in keys}
    reader.close()

    assert shown
    assert set(shown) <= found
    assert str(len(found)) in browser.run(
        "return document.querySelector('.found').textContent"
    )


def test_results_come_while_typing(browser: Any, root: str) -> None:
    """The last word may still grow; the address stays until the reader is done."""
    browser.go(f"{root}/search.html")
    browser.run("q.value = 'lighth'; q.dispatchEvent(new Event('input'))")
    while_typing = answered(browser)
    before = browser.run("return location.search")
    browser.run("q.value = 'lighthouse'; q.form.requestSubmit()")
    browser.until("return location.search === '?q=lighthouse'")

    assert while_typing
    assert before == ""


def test_a_slip_is_pointed_at(browser: Any, root: str) -> None:
    """Bad syntax is a sentence, with the place marked; markup in it is text."""
    browser.go(f"{root}/search.html?q={quote('fog <b>x</b> subjct:y')}")
    note = answered(browser, "return document.querySelector('.note').innerHTML")

    assert "did you mean subject:?" in note
    assert "&lt;b&gt;x&lt;/b&gt; <mark>subjct:y</mark>" in note


def test_a_hit_can_be_narrowed_to_a_year(browser: Any, root: str) -> None:
    """A year is one click, and the address of the search changes with it."""
    browser.go(f"{root}/search.html?q=fog")
    answered(browser)
    browser.run(
        "Array.from(document.querySelectorAll('.choices button')).find(function (b) {"
        " return /^1997/.test(b.textContent); }).click()"
    )
    browser.until("return location.search.includes('date%3A1997')")

    assert "fog date:1997" == browser.run("return q.value")


def test_arrow_keys_walk_through_the_hits(browser: Any, root: str) -> None:
    """From the box down to the first hit."""
    browser.go(f"{root}/search.html?q=fog")
    answered(browser)
    browser.run(
        "q.focus(); document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowDown'}))"
    )

    assert browser.run("return document.activeElement === document.querySelector('.hit a')")
