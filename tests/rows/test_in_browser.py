"""S8, S10, S11 and the keyboard in a real browser, from a disk.

The hostile list's pages and views are opened in Chromium: nothing of a sender's runs,
nothing is fetched, and what the browser makes of sanitized HTML is what was printed.
"""

from __future__ import annotations

import importlib.util
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from posterity.render import urls
from posterity.render.htmlmail import sanitized

ROOT = Path(__file__).parents[2]

PRESS = """
document.dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0], bubbles: true }));
"""
PLACE = "location.pathname.split('/').pop() + location.hash"
WHERE = f"return {PLACE}"
AT = "return document.activeElement.id"
LOADED = """
return performance.getEntriesByType('resource').map(function (one) { return one.name; });
"""


def module_at(path: Path) -> ModuleType:
    """A file as a module of its own."""
    spec = importlib.util.spec_from_file_location(f"rows_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    if not (shutil.which("chromedriver") and shutil.which("chromium")):
        pytest.skip("NO CHROMIUM: hostile mail was not opened in a browser")
    opened = module_at(ROOT / "bench" / "chromium.py").Browser()
    yield opened
    opened.quit()


@pytest.fixture
def talk(hostile: Any) -> Any:
    """The rows of a thread of several messages, in reading order."""
    reader = hostile.reader
    thread = max(reader.thread_sizes(), key=lambda row: row[2])[0]
    rows = [node.message for node in reader.tree(thread) if node.message is not None]
    assert len(rows) > 1
    return rows


def press(browser: Any, key: str, leads: str = "") -> str:
    """Press a key and let the page it leads to load, if it leads anywhere; where that is.

    Args:
        leads: how the name of that page begins.
    """
    browser.run(PRESS, key)
    if leads:
        browser.until(f"return ({PLACE}).startsWith(arguments[0])", leads)
    else:
        time.sleep(0.3)
    where: str = browser.run(WHERE)
    return where


def test_keys_turn_pages(browser: Any, hostile: Any, talk: Any) -> None:
    """On a message j and k go through the thread, u up, / to the search; ? lists them."""
    first, second = talk[:2]
    browser.go((hostile.site / urls.message(first)).as_uri())

    assert f"{second.digest}.html" == press(browser, "j", second.digest)
    assert f"{first.digest}.html" == press(browser, "k", first.digest)
    press(browser, "?")
    assert 7 == browser.run("return document.querySelectorAll('dialog[open] dt').length")
    press(browser, "?")
    assert 0 == browser.run("return document.querySelectorAll('dialog[open]').length")
    assert press(browser, "u", first.thread).startswith(f"{first.thread}.html#")
    assert "search.html" == press(browser, "/", "search")


def test_keys_go_from_message_to_message(browser: Any, hostile: Any, talk: Any) -> None:
    """On a thread's page j and k move the focus, which a screen reader follows."""
    browser.go((hostile.site / urls.thread(talk[0].thread)).as_uri())
    ids = browser.run(
        "return [...document.querySelectorAll('.letters > article')].map((one) => one.id)"
    )
    seen = []
    for key in ("j", "j", "k"):
        press(browser, key)
        seen.append(browser.run(AT))

    assert len(ids) > 1
    assert seen[0] in ids
    assert ids.index(seen[1]) == min(ids.index(seen[0]) + 1, len(ids) - 1)
    assert seen[2] == ids[max(ids.index(seen[1]) - 1, 0)]


def test_keys_can_be_turned_off(browser: Any, hostile: Any, talk: Any) -> None:
    """WCAG 2.1.4: by a button in the footer, and remembered."""
    browser.go((hostile.site / urls.message(talk[0])).as_uri())
    flip = "[...document.querySelectorAll('footer button')].pop().click()"
    here = browser.run(WHERE)
    browser.run(flip)

    assert here == press(browser, "j")
    browser.run(flip)


def test_s8_s11_a_hostile_page_runs_and_fetches_nothing(browser: Any, hostile: Any) -> None:
    """Every HTML mail's page with its frame opened, and every view by itself."""
    views = hostile.names("html")
    watch = "window.alert = function () { window.hit = 1; }"
    for name in views[::4]:
        digest = Path(name).stem
        page = next(hostile.site.glob(f"archive/*/*/{digest}.html"))
        for path in (page, hostile.site / name):
            browser.go(path.as_uri())
            browser.run(watch)
            browser.run(
                "for (var one of document.querySelectorAll('details')) one.open = true"
            )
            time.sleep(0.05)
            assert not browser.run("return window.hit || 0"), path
            for one in browser.run(LOADED):
                assert one.startswith("file:"), path


def test_s10_the_browser_reads_what_was_printed(
    browser: Any, makers: ModuleType, tmp_path: Path
) -> None:
    """parse(serialize(clean)) == clean, for every payload and trick."""
    tricks = module_at(Path(__file__).with_name("test_html_view_rows.py")).TRICKS
    clean = [
        sanitized(f"<p>tea {html}", {}) for html in (makers.PAYLOADS | tricks).values()
    ]
    inside = "".join(f"<div class=one>{html}</div>" for html in clean)
    page = tmp_path / "clean.html"
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{inside}", "utf-8")
    browser.go(page.as_uri())
    read = browser.run(
        "return [...document.querySelectorAll('.one')].map((one) => one.innerHTML)"
    )

    assert len(clean) > 170
    assert clean == read


def test_the_switch_opens_by_its_address(
    browser: Any, build: Callable[..., Any], makers: ModuleType
) -> None:
    """#headers shows the thread by headers alone, and folds the other outline."""
    words = (
        "The oil of the reef light ran out at four, and nobody had the key to the store."
    )
    one = makers.letter("one", words, Subject="The reef light")
    two = makers.letter("two", f"> {words}\n\nI had.", Subject="Re: The reef light")
    built = build(makers.mbox([one, two]))
    [page] = (built.site / "thread").glob("*.html")
    browser.go(f"{page.as_uri()}#headers")
    opened = "[...document.querySelectorAll('.outline details')].map((one) => one.open)"
    browser.until(f"return {opened}.pop()")

    assert [False, True] == browser.run(f"return {opened}")
