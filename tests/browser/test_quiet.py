"""No page complains, and no page asks anybody else for anything."""

from __future__ import annotations

from typing import Any

OPEN = "for (var one of document.querySelectorAll('details')) one.open = true;"


def test_nothing_is_said_and_nobody_is_asked_from_a_disk(
    browser: Any, place: Any, settled: str, kind: str
) -> None:
    """With every fold open: an empty console, and only files of the site."""
    browser.go(place.at(kind))
    browser.run(OPEN)
    browser.until(settled)
    root = f"{place.folder.as_uri()}/"
    asked = browser.asked_for()

    assert asked
    assert [] == [url for url in asked if not url.startswith(root)]
    assert [] == browser.said()


def test_nobody_else_is_asked_from_a_server(
    browser: Any, chromium: Any, place: Any, settled: str
) -> None:
    """The same of each kind of page at a plain static server."""
    heard = {}
    with chromium.served(place.folder) as root:
        for kind, path in place.pages.items():
            browser.go(f"{root}/{path}")
            browser.run(OPEN)
            browser.until(settled)
            outside = [url for url in browser.asked_for() if not url.startswith(root)]
            heard[kind] = (outside, browser.said())
        browser.go("about:blank")

    assert dict.fromkeys(place.pages, ([], [])) == heard


def test_a_request_that_leaves_would_be_seen(browser: Any, place: Any) -> None:
    """The checker proves itself: a picture from elsewhere is asked for, and refused."""
    browser.go(place.at("message plain"))
    browser.run("new Image().src = 'http://track.example/a.gif'")
    said = browser.said()
    browser.tell("Page.setBypassCSP", enabled=True)
    browser.go(place.at("message plain"))
    browser.run("new Image().src = 'http://track.example/b.gif'")
    asked = browser.asked_for()
    browser.tell("Page.setBypassCSP", enabled=False)

    assert any("Content Security Policy" in line for line in said)
    assert "http://track.example/b.gif" in asked
