"""A person's pages: what is known of them, in pages that stay small."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from posterity.render.person import LONGEST, MESSAGES_A_PAGE
from posterity.rows import QuoteSpan

Make = Callable[..., Any]
ANNA = "authors/anna_example_org.html"


@pytest.fixture
def busy(bench: Make, write: Make, hold: Make) -> Any:
    """Anna began one thread more than fit her first page; Bo answered and quoted each."""
    letters: list[Any] = []
    for number in range(LONGEST + 1):
        letters.append(write(f"Question {number}.\n", f"Fog {number}", number=2 * number))
        letters.append(
            hold(
                write("So.\n", f"Re: Fog {number}", "Bo <bo@example.net>", day=2),
                parent=2 * number,
            )
        )
    made = bench(*letters)
    for key in (1, 3):
        made.reader.spans[key].append(QuoteSpan(1, 1, made.reader.rows[0], 1))
    return made


def test_threads_begun_have_pages_of_their_own(busy: Any) -> None:
    """The longest stand on the first page, all of them one click away."""
    files = busy.files()
    page = files[ANNA].decode()
    section = page.partition('id="started"')[2].partition("</section>")[0]

    assert "9 threads started" in section
    assert section.count("<li>") == LONGEST
    assert 'href="anna_example_org.started.html"' in section
    assert (
        files["authors/anna_example_org.started.html"].count(b"<li><a")
        == LONGEST + 1 + 2  # and the trail
    )


def test_few_threads_need_no_further_page(bench: Make, write: Make, hold: Make) -> None:
    """A page is only made where it shows more than the first one does."""
    files = bench(write("x\n"), hold(write("y\n", number=2), parent=0)).files()

    assert not [path for path in files if ".started" in path]


def test_what_others_quote_of_them(busy: Any) -> None:
    """The messages most others quote stand on the first page, with how many do."""
    page = busy.files()[ANNA].decode()
    section = page.partition('id="cited"')[2].partition("</section>")[0]

    assert ["Fog 0"] == re.findall("<bdi>(.*?)</bdi>", section)
    assert "quoted in 2 messages" in section


def test_years_lead_to_their_messages(bench: Make, write: Make) -> None:
    """Each bar leads to the year's heading, on whichever page it stands."""
    old = write("x\n")
    letters = [
        old.replace(b"Mar 1994", b"Mar %d" % year).replace(b"<1.", b"<%d.%d." % (n, year))
        for year in (1994, 1997)
        for n in range(MESSAGES_A_PAGE - 10)
    ]
    files = bench(*letters).files()
    page = files[ANNA].decode()
    ways = dict(re.findall(r'<a href="(\S+)" aria-label="(\d+):', page))

    assert {
        "anna_example_org.html#y1994": "1994",
        "anna_example_org.html#y1997": "1997",
    } == {way: year for way, year in ways.items() if "#" in way}
    assert '<section id="y1997">' in files["authors/anna_example_org-2.html"].decode()
    assert "1995: 0 messages" in page
    assert max(len(files[name]) for name in files if name.startswith("authors/")) < 60_000


def test_a_short_life_is_drawn_by_month(bench: Make, write: Make) -> None:
    """A year or two in one or two bars would say nothing; few letters have no chart."""
    old = write("x\n")
    letters = [
        old.replace(b" Mar 1994", when).replace(b"<1.", b"<%d." % n)
        for n, when in enumerate([b" Mar 1994"] * 3 + [b" Jun 1994", b" Jan 1995"])
    ]
    page = bench(*letters).files()[ANNA].decode()
    bars = re.findall(r'(?:href="([^"]*)" )?aria-label="(\w+ 199\d: [^"]*)"', page)

    assert [
        ("#y1994", "March 1994: 3 messages"),
        ("#y1994", "June 1994: 1 message"),
        ("#y1995", "January 1995: 1 message"),
    ] == [
        (way[way.index("#") :], words)
        for way, words in bars
        if not words.endswith(" 0 messages")
    ][:3]
    assert "<title>April 1994: 0 messages</title>" in page
    assert '<figure class="chart">' not in bench(*letters[:4]).files()[ANNA].decode()
