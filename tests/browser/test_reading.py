"""What a reader does with the pages, with real keys and clicks, from a disk and a server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

DAY = r"\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
"""As every page writes one."""
WHERE = "return location.pathname.split('/').pop() + location.hash"
AT = "return document.activeElement.id || document.activeElement.className"
MARKED_WORDS = """
var marks = [...document.querySelectorAll('#results mark')].map(function (one) {
  return one.textContent.toLowerCase();
});
return arguments[0].every(function (word) { return marks.indexOf(word) >= 0; });
"""
MARKED = """
var seen = getComputedStyle(document.querySelector(':target')).backgroundColor;
var still = getComputedStyle(document.querySelector('.body span:not(:target)'));
return [seen, still.backgroundColor];
"""
THEME = """
return [getComputedStyle(document.documentElement).getPropertyValue('--paper').trim(),
  document.querySelector('.mast nav button').getAttribute('aria-label')];
"""
SWITCHES = "return document.querySelectorAll('.mast nav button').length"
FLIP = "document.querySelector('.mast nav button').click()"
FOLDED = "details.q:not([open])"


@pytest.fixture(params=["file", "http"])
def root(request: pytest.FixtureRequest, place: Any, chromium: Any) -> Iterator[str]:
    """Where the site is opened from."""
    if request.param == "file":
        yield place.folder.as_uri()
        return
    with chromium.served(place.folder) as address:
        yield address


def test_a_search_from_the_first_page(browser: Any, root: str) -> None:
    """Words typed on the first page are answered, and a result shows where they stand."""
    browser.go(f"{root}/index.html")
    browser.press("/")
    browser.tell("Input.insertText", text="fog signal")
    browser.press("Enter")
    browser.until(MARKED_WORDS, ["fog", "signal"])
    query = browser.run("return new URLSearchParams(location.search).get('q')")
    days = browser.run(
        "return [...document.querySelectorAll('#results time')].map((one) => one.innerText)"
    )
    browser.run("document.querySelector('#results .hit a').click()")
    browser.until("return !!document.querySelector('.letter')")

    assert "fog signal" == query
    assert days
    assert all(re.fullmatch(DAY, day) for day in days)


def test_a_fault_in_a_search_is_explained(browser: Any, root: str) -> None:
    """Bad syntax gives a sentence, never an empty page."""
    browser.go(f"{root}/search.html?q={quote('date:yesterdayish')}")
    told = browser.until("return document.getElementById('results').textContent.trim()")

    assert "date" in told


def test_a_quote_unfolds_by_keyboard(browser: Any, place: Any) -> None:
    """A folded quote is one focus stop; Enter opens and closes it."""
    browser.go(place.at("message quoting"))
    browser.run(f"document.querySelector('{FOLDED} > summary').focus()")
    state = "return document.activeElement.parentElement.open"
    seen = [browser.run(state)]
    for _ in range(2):
        browser.press("Enter")
        seen.append(browser.run(state))

    assert [False, True, False] == seen


def test_a_link_to_a_line_marks_it(browser: Any, place: Any, root: str) -> None:
    """#L12 is scrolled to and stands out from the others."""
    page = place.pages["long-lines"]
    browser.go(f"{root}/{page}#L4")
    seen, others = browser.run(MARKED)
    top = browser.run("return document.getElementById('L4').getBoundingClientRect().top")

    assert seen != others
    assert 0 <= top < 800


def test_a_link_to_a_line_in_a_fold_opens_it(browser: Any, place: Any) -> None:
    """A line inside a folded quote is shown."""
    browser.go(place.at("message quoting"))
    line = browser.run(f"return document.querySelector('{FOLDED} span[id]').id")
    browser.go("about:blank")
    browser.go(place.at("message quoting") + f"#{line}")
    shown = browser.run("return document.querySelector(':target').closest('details').open")

    assert re.fullmatch(r"L\d+", line)
    assert shown


def test_the_theme_is_chosen_and_lasts(browser: Any, place: Any, root: str) -> None:
    """As the system says, light, dark: kept from page to page, and over a new load."""
    browser.go(f"{root}/index.html")
    browser.run("localStorage.clear()")
    seen = []
    for _ in range(3):
        browser.run(FLIP)
        browser.go(f"{root}/{place.pages['message plain']}")
        seen.append(browser.run(THEME))
    papers = [paper for paper, _ in seen]
    names = [name for _, name in seen]

    assert papers[0] == papers[2] != papers[1]
    assert 3 == len(set(names))
    assert [name for name in names if "dark" in name.lower()] == [names[1]]


def test_a_chosen_theme_does_not_wait(browser: Any, place: Any, root: str) -> None:
    """It is there before the page is drawn: the deferred script has no part in it."""
    choose = "localStorage.setItem('posterity.theme', arguments[0])"
    paper = "return getComputedStyle(document.documentElement).getPropertyValue('--paper')"
    browser.go(f"{root}/index.html")
    seen = []
    browser.tell("Network.enable")
    browser.tell("Network.setBlockedURLs", urls=["*/static/posterity.*.js"])
    try:
        for theme in ("light", "dark"):
            browser.run(choose, theme)
            browser.go(f"{root}/{place.pages['message plain']}")
            seen.append((browser.run(paper), browser.run(SWITCHES)))
    finally:
        browser.tell("Network.setBlockedURLs", urls=[])
        browser.run("localStorage.clear()")
    browser.said()

    assert seen[0][0] != seen[1][0]
    assert [0, 0] == [switches for _, switches in seen]


def test_a_chosen_theme_wins_over_the_system(
    browser: Any, chromium: Any, place: Any
) -> None:
    """Light stays light on a dark system."""
    browser.go(place.at("home"))
    browser.run("localStorage.clear()")
    browser.go(place.at("home"))
    light = browser.run(THEME)[0]
    browser.show_on(chromium.DARK)
    dark = browser.run(THEME)[0]
    browser.run(FLIP)
    chosen = browser.run(THEME)[0]
    browser.run("localStorage.clear()")

    assert light != dark
    assert light == chosen


def test_the_skip_link_is_first(browser: Any, place: Any) -> None:
    """The first Tab shows it, Enter leads past the menu."""
    browser.go(place.at("message plain"))
    browser.press("Tab")
    first = browser.run(AT)
    left = browser.run("return document.activeElement.getBoundingClientRect().left")
    browser.press("Enter")
    browser.press("Tab")
    within = browser.run("return !!document.activeElement.closest('main')")

    assert ("skip", True, True) == (first, left >= 0, within)


def test_real_keys_walk_a_thread(browser: Any, place: Any) -> None:
    """With j and k through it, u leads up, ? lists the keys and Escape closes the list."""
    browser.go(place.at("thread"))
    letters = browser.run(
        "return [...document.querySelectorAll('.letters > article')].map((one) => one.id)"
    )
    seen = []
    for key in "jjk":
        browser.press(key)
        seen.append(browser.run(AT))
    browser.press("?", shift=True)
    opened = browser.run("return document.querySelector('dialog').open")
    browser.press("Escape")
    closed = browser.run("return document.querySelector('dialog').open")

    steps = [letters.index(one) for one in seen]
    assert [1, -1] == [steps[1] - steps[0], steps[2] - steps[1]]
    assert (True, False) == (opened, closed)


def test_keys_do_nothing_in_a_box(browser: Any, place: Any) -> None:
    """Who types a j in the search box writes a j."""
    browser.go(place.at("home"))
    browser.press("/")
    for key in "jku?":
        browser.press(key)

    assert "jku?" == browser.run("return document.getElementById('q').value")


def test_the_lines_as_written(browser: Any, place: Any) -> None:
    """The switch in the footer shows a message in fixed pitch, and is remembered."""
    fixed = """
      var font = getComputedStyle(document.querySelector('.body p')).fontFamily;
      return font.indexOf('mono') >= 0;
    """
    press = "document.querySelector('footer button').click()"
    browser.go(place.at("message plain"))
    seen = [browser.run(fixed)]
    browser.run(press)
    browser.go(place.at("long-lines"))
    seen.append(browser.run(fixed))
    browser.run(press)
    seen.append(browser.run(fixed))

    assert [False, True, False] == seen


def test_the_headers_switch_opens_one_outline(browser: Any, place: Any) -> None:
    """A thread by headers alone and the whole one are never both open."""
    browser.go(place.at("thread"))
    switch = ".outline .alone > summary"
    if not browser.run(f"return !!document.querySelector('{switch}')"):
        browser.go(place.holds(_with_switch(place)))
    states = (
        "return [...document.querySelectorAll('.outline details')].map((one) => one.open)"
    )
    browser.run(f"document.querySelector('{switch}').click()")
    alone = browser.run(states)
    browser.run("document.querySelector('.outline summary').click()")
    browser.until("return document.querySelector('.outline details').open")

    assert ([False, True], [True, False]) == (alone, browser.run(states))


def _with_switch(place: Any) -> str:
    """A thread that headers alone would show otherwise."""
    for page in sorted(place.folder.glob("thread/*.html")):
        if 'class="alone"' in page.read_text("utf-8"):
            found: str = page.relative_to(place.folder).as_posix()
            return found
    raise AssertionError("no thread has a switch")


def test_html_mail_is_shown_in_a_locked_frame(browser: Any, place: Any) -> None:
    """Its text first; unfolded, a frame that runs nothing and fetches nothing."""
    browser.go(place.at("markup"))
    browser.run("document.querySelector('details.view').open = true")
    frame = browser.run("""
      var frame = document.querySelector('.view iframe');
      return [frame.sandbox.contains('allow-scripts'),
        frame.sandbox.contains('allow-same-origin'), frame.getBoundingClientRect().height];
    """)
    text = browser.run("return document.querySelector('.body').innerText")
    elsewhere = [url for url in browser.asked_for() if "example" in url]

    assert frame[:2] == [False, False]
    assert frame[2] > 200
    assert "GREAT LAMPS!!!" in text
    assert [] == elsewhere
