"""What a page says of itself to those who find, cite and share it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import html5lib
import pytest

Make = Callable[..., Any]
BASE = "https://lists.example.org/k"
POSTING = "https://schema.org/DiscussionForumPosting"


def parsed(html: str) -> Any:
    """The page as a browser reads it."""
    return html5lib.parse(html, namespaceHTMLElements=False)


def metas(html: str) -> dict[str, str]:
    """Content of the page's meta elements by name or property."""
    return {
        one.get("name") or one.get("property"): one.get("content")
        for one in parsed(html).iter("meta")
        if one.get("name") or one.get("property")
    }


def items(html: str) -> list[dict[str, Any]]:
    """The microdata of a page: top items, their properties by name.

    Source: HTML §5.2 (the microdata model), for the elements that pages have.
    """
    top: list[dict[str, Any]] = []

    def walk(element: Any, item: dict[str, Any] | None) -> None:
        name = element.get("itemprop")
        value: Any = None
        if "itemscope" in element.attrib:
            value = {"type": element.get("itemtype")}
        elif name:
            value = (
                element.get("href")
                or element.get("datetime")
                or " ".join("".join(element.itertext()).split())
            )
        if name:
            assert item is not None, f"{name} belongs to nothing"
            item.setdefault(name, []).append(value)
        elif value:
            top.append(value)
        for child in element:
            walk(child, value if isinstance(value, dict) else item)

    walk(parsed(html), None)
    return top


@pytest.fixture
def talk(bench: Make, write: Make, hold: Make) -> Any:
    """A question and its answer, on a published site."""
    return bench(
        write("Who has lamp oil?\n", number=1, day=1),
        hold(
            write(
                'I have. "Much".\n',
                subject='Re: Lamp <oil> & "wicks"',
                sender='"Bo \\"B\\" Lund" <bo@example.net>',
                number=2,
                day=2,
            ),
            parent=0,
        ),
        base_url=BASE,
    )


def test_a_message_page_describes_itself(talk: Any) -> None:
    """Description, canonical address and what a link to it shows elsewhere."""
    html = talk.page(1)
    said = metas(html)
    url = f"{BASE}/archive/1994/03/{talk.reader.rows[1].digest}.html"

    assert f'<link rel="canonical" href="{url}">' in html
    assert 'I have. "Much".' == said["description"]
    assert {
        "og:url": url,
        "og:title": 'Re: Lamp <oil> & "wicks" — Bo "B" Lund, 2 Mar 1994',
        "og:site_name": "The Keepers",
        "og:type": "article",
        "og:description": 'I have. "Much".',
        "article:published_time": "1994-03-02T10:00:00Z",
    } == {name: text for name, text in said.items() if ":" in name}


def test_the_style_does_not_wait_for_a_script(talk: Any) -> None:
    """It is asked for first; behind the script of the theme it came a round trip later.

    Chromium looks ahead for what a page needs only as far as a policy in a meta element,
    and stops reading at a script that is not deferred (seen in Chromium 156).
    """
    html = talk.page(1)

    assert 0 < html.index('<link rel="stylesheet"') < html.index("<script src=")


def test_what_needs_an_address_waits_for_one(bench: Make, write: Make) -> None:
    """Without a base URL nothing is said to be somewhere."""
    html = bench(write()).page()

    assert "canonical" not in html
    assert not [name for name in metas(html) if ":" in name]
    assert "Good morning." == metas(html)["description"]


def test_a_message_is_a_posting(talk: Any) -> None:
    """schema.org as attributes of what is shown anyway; nothing in script blocks."""
    html = talk.page(1)
    [posting] = items(html)

    assert {
        "type": POSTING,
        "headline": ['Re: Lamp <oil> & "wicks"'],
        "author": [
            {
                "type": "https://schema.org/Person",
                "url": ["../../../authors/bo_example_net.html"],
                "name": ['Bo "B" Lund'],
            }
        ],
        "datePublished": ["1994-03-02T10:00:00Z"],
        "text": ['I have. "Much".'],
    } == posting
    assert "ld+json" not in html


def test_a_thread_is_a_posting_with_comments(talk: Any) -> None:
    """The first message is the posting, the others are what was said to it."""
    [posting] = items(talk.thread())
    [comment] = posting["comment"]

    assert (POSTING, ["Lamp oil"], ["Who has lamp oil?"]) == (
        posting["type"],
        posting["headline"],
        posting["text"],
    )
    assert "https://schema.org/Comment" == comment["type"]
    assert ['Bo "B" Lund'] == comment["author"][0]["name"]
    assert ["2 messages, 1\N{EN DASH}2 Mar 1994: Who has lamp oil?"] == [
        metas(talk.thread())["description"]
    ]


def test_each_message_of_a_thread_has_a_heading(talk: Any) -> None:
    """One h1; who wrote is a heading, so that one can go from message to message."""
    page = parsed(talk.thread())

    assert 1 == len(list(page.iter("h1")))
    assert ["Anna Weiss", 'Bo "B" Lund'] == ["".join(h.itertext()) for h in page.iter("h3")]


@pytest.mark.parametrize("base", ["", BASE])
def test_csl_json_is_json(bench: Make, write: Make, base: str) -> None:
    """Whatever the subject holds, and with an address or a hash to find it by."""
    made = bench(write(subject='a\\b "c" </pre> d'), base_url=base)
    digest = made.reader.rows[0].digest
    found = re.search(r"<h3>CSL-JSON</h3>\n<pre>(.*?)</pre>", made.page(), re.DOTALL)
    assert found is not None

    where = (
        {"URL": f"{BASE}/archive/1994/03/{digest}.html"}
        if base
        else {"note": f"sha256:{digest}"}
    )
    assert {
        "id": digest[:12],
        "type": "post",
        "title": 'a\\b "c" </pre> d',
        "author": [{"literal": "Anna Weiss"}],
        "container-title": "The Keepers",
        "issued": {"date-parts": [[1994, 3, 1]]},
        **where,
    } == json.loads(unescape(found[1]))


def test_keys_can_tell_where_they_lead(talk: Any) -> None:
    """The keys n and p go by what stands under "In time", u by the trail."""
    html = talk.page(1)
    first = talk.reader.rows[0].digest

    assert f'<li class="earlier"><a href="{first}.html">' in html
    assert '<li class="later">' not in html
    assert "n later|p earlier" in html
