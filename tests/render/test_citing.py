"""Who quotes whom: said below each passage, and at the foot of both pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from posterity.rows import QuoteSpan

Make = Callable[..., Any]


def section(page: str, name: str) -> str:
    """The inside of a section by the id of its heading; "" where there is none."""
    found = re.search(
        rf'<section[^>]* aria-labelledby="{name}">(.*?)</section>', page, re.DOTALL
    )
    return found[1] if found else ""


@pytest.fixture
def quoting(bench: Make, write: Make, hold: Make) -> Any:
    """Three letters; the second quotes the first, the third both."""
    made = bench(
        write("Who has oil?\nI have none.\n", number=1, day=1),
        hold(
            write(
                "Anna Weiss wrote:\n> Who has oil?\n> I have none.\n\nI.\n",
                sender="Bo Lund <bo@example.net>",
                number=2,
                day=2,
            ),
            parent=0,
        ),
        write(
            "Somebody wrote:\n> I.\n\nand before\n\n> Who has oil?\n",
            subject="Other lamps",
            sender="Cy Ort <cy@example.com>",
            number=3,
            day=3,
        ),
    )
    first, second, _ = made.reader.rows
    made.reader.spans[1] = [QuoteSpan(2, 3, first, 1)]
    made.reader.spans[2] = [QuoteSpan(2, 2, second, 6), QuoteSpan(6, 6, first, 1)]
    return made


def test_a_page_lists_who_quotes_its_message(quoting: Any) -> None:
    """In time, with how much is quoted, and the subject where it is another one."""
    _, second, third = quoting.reader.rows
    assert (
        '<h2 id="quoted">Quoted in</h2>\n<ul>\n'
        f'<li><a href="{second.digest}.html"><bdi>Bo Lund</bdi>, 2 Mar 1994</a>'
        " <small>2 lines</small></li>\n"
        f'<li><a href="{third.digest}.html"><bdi>Cy Ort</bdi>, 3 Mar 1994</a>'
        " <cite>Other lamps</cite> <small>1 line</small></li>\n"
        "</ul>"
    ) in section(quoting.page(0), "quoted")


def test_a_page_lists_whom_its_message_quotes_where_they_are_several(quoting: Any) -> None:
    """One origin is named beside the passage, and is not named again."""
    first, second, _ = quoting.reader.rows
    hrefs = re.findall(r'href="([^"]+)"', section(quoting.page(2), "quotes"))

    assert [f"{second.digest}.html", f"{first.digest}.html"] == hrefs
    assert not section(quoting.page(1), "quotes")
    assert not section(quoting.page(2), "quoted")


def test_so_many_that_quote_one_are_counted(bench: Make, write: Make) -> None:
    """A page stays small however often its message was quoted."""
    made = bench(
        write(), *(write(number=n, day=2 + n % 20, subject=f"S{n}") for n in range(2, 30))
    )
    for key in range(1, 29):
        made.reader.spans[key] = [QuoteSpan(1, 1, made.reader.rows[0], 1)]
    listed = section(made.page(0), "quoted")

    assert 20 == listed.count("<a ")
    assert listed.endswith("<li>and 8 more</li>\n</ul>\n")


def test_an_attribution_leads_to_the_passage_it_names(quoting: Any) -> None:
    """It says who and when to who points at it; nothing need stand below the quote."""
    first = quoting.reader.rows[0]
    page = quoting.page(1)

    assert (
        f'<p class="att"><a href="../../../archive/1994/03/{first.digest}.html#L1"'
        ' title="Anna Weiss, 1 Mar 1994"><span id="L1">Anna Weiss wrote:</span></a></p>'
    ) in page
    assert '<p class="origin">' not in page


def test_a_passage_without_its_attribution_says_whom_it_is_from(quoting: Any) -> None:
    """Also where the line above names another; it leads to the very line."""
    first, second, _ = quoting.reader.rows
    page = quoting.page(2)

    assert '<p class="att"><span id="L1">Somebody wrote:</span></p>' in page
    assert [
        (
            f'From <a href="../../../archive/1994/03/{second.digest}.html#L6">'
            "<bdi>Bo Lund</bdi>, 2 Mar 1994</a>"
        ),
        (
            f'From <a href="../../../archive/1994/03/{first.digest}.html#L1">'
            "<bdi>Anna Weiss</bdi>, 1 Mar 1994</a>"
        ),
    ] == re.findall(r'<p class="origin">(.*?)</p>', page)


def test_a_passage_of_who_is_not_named_has_a_word_for_them(quoting: Any) -> None:
    """As in every list: somebody who signed nothing, and a letter that is withdrawn."""
    first, second, _ = quoting.reader.rows
    quoting.reader.spans[2] = [
        QuoteSpan(2, 2, second._replace(author=""), 6),
        QuoteSpan(6, 6, first._replace(author="", amended="hidden"), 1),
    ]
    names = re.findall(r'<p class="origin">.*?<bdi>(.*?)</bdi>', quoting.page(2))

    assert ["(no name)", "Withdrawn"] == names
