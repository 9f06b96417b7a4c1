"""Ask the questions of docs/reading-test.md in a browser, and count the clicks.

    python bench/reading.py SITE

SITE is that of the five dumps. Each question is typed into the box of the first page;
then the order is chosen where another than the best first is wanted, the answer is
clicked where it stands among the results shown, and its thread where that is told of.
Exit status 1 when an answer does not stand where the page says. Needs Chromium.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

from chromium import Browser, missing, served

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reading-test.md"
ROW = re.compile(
    r"^\| ([^|]+\?) \| `(.+?)` \| (\w+) \| `([0-9a-f]{12})`(.*?)\| (\d) \|$", re.MULTILINE
)
SHOWN = """
return document.querySelectorAll('#results .hit').length ||
  document.querySelector('#results').textContent.trim();
"""
ORDER = """
var ways = [...document.querySelectorAll('#results a, #results button')];
var found = ways.find((one) => one.textContent.trim().startsWith(arguments[0]));
if (found) found.click();
return !!found;
"""
ANSWER = """
scrollBy(0, 300);  // a result is filled when it comes into sight
var hits = [...document.querySelectorAll('#results .hit a')].filter(
  (one) => one.href.includes('/archive/'));
return hits.findIndex((one) => one.href.includes('/' + arguments[0])) + 1;
"""
OPEN = """
[...document.querySelectorAll('#results .hit a')].find(
  (one) => one.href.includes('/' + arguments[0])).click();
"""
THREAD = """
var way = document.querySelector('section.thread p a');
if (way) way.click();
return !!way;
"""


class Question(NamedTuple):
    """A row of the page."""

    words: str
    typed: str
    order: str
    answer: str
    thread: bool
    clicks: int


def questions() -> list[Question]:
    """The rows of the page."""
    text = PAGE.read_text("utf-8")
    return [
        Question(row[1], row[2], row[3], row[4], "its thread" in row[5], int(row[6]))
        for row in ROW.finditer(text)
    ]


def main() -> int:
    """Ask all, and print a table."""
    if missing():
        raise SystemExit(f"needs {missing()}")
    wrong = 0
    browser = Browser()
    try:
        with served(Path(sys.argv[1])) as address:
            for one in questions():
                clicks, place = asked(browser, address, one)
                wrong += clicks != one.clicks
                print(f"{clicks} clicks (told: {one.clicks}), result {place}: {one.words}")
    finally:
        browser.quit()
    return 1 if wrong else 0


def asked(browser: Browser, address: str, one: Question) -> tuple[int, int]:
    """The clicks to the answer, and its place among the results; 0 where it is not there."""
    browser.go(f"{address}/index.html")
    browser.press("/")
    browser.tell("Input.insertText", text=one.typed)
    browser.press("Enter")
    browser.until("return location.pathname.endsWith('search.html')")
    browser.until(SHOWN)
    clicks = 1
    if one.order != "best":
        browser.until(ORDER, one.order)
        browser.until("return location.search.includes('old')")
        browser.until(SHOWN)
        clicks += 1
    try:
        place = int(browser.until(ANSWER, one.answer))
    except TimeoutError:
        return clicks, 0
    browser.run(OPEN, one.answer)
    browser.until("return !!document.querySelector('.letter')")
    clicks += 1
    if one.thread and browser.run(THREAD):
        browser.until("return document.body.className === 'at-thread'")
        clicks += 1
    return clicks, place


if __name__ == "__main__":
    sys.exit(main())
