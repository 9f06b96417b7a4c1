"""Feeds are well-formed, whatever the mail holds."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

Make = Callable[..., Any]
ATOM = "{http://www.w3.org/2005/Atom}"


def read(content: bytes) -> ET.Element:
    """The feed, parsed."""
    return ET.fromstring(content)


def test_a_feed_has_what_atom_demands(bench: Make, write: Make) -> None:
    """Ids, titles, times, authors and both links (RFC 4287 §4.1)."""
    made = bench(write(), write(number=2, day=2))
    feed = read(made.renderer.feed().content)
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None

    assert "The Keepers" == feed.findtext(f"{ATOM}title")
    assert "1994-03-02T10:00:00Z" == feed.findtext(f"{ATOM}updated")
    assert {"self", "alternate"} == {
        link.get("rel") for link in feed.findall(f"{ATOM}link")
    }
    assert f"urn:sha256:{made.reader.rows[1].digest}" == entry.findtext(f"{ATOM}id")
    assert "Anna Weiss" == entry.findtext(f"{ATOM}author/{ATOM}name")
    assert "Good morning." == entry.findtext(f"{ATOM}summary")


def test_controls_and_markup_are_text(bench: Make, write: Make) -> None:
    """XML allows no control character; a feed shows its picture (S16)."""
    made = bench(write("a\x0bb <b>\n", subject="x\x00\x1f\ufffe]]> <script>&amp;"))
    feed = read(made.renderer.feed().content)

    assert "<script>&amp;" in (feed.findtext(f"{ATOM}entry/{ATOM}title") or "")


def test_undated_messages_are_in_no_feed(bench: Make, write: Make) -> None:
    """Atom demands a time, and none is invented."""
    feed = read(bench(write(Date="")).renderer.feed().content)

    assert [] == feed.findall(f"{ATOM}entry")


def test_a_person_has_a_feed_from_ten_posts(bench: Make, write: Make) -> None:
    """Nine letters are no stream (few files)."""
    nine = bench(*(write(number=n) for n in range(9)))
    ten = bench(*(write(number=n) for n in range(10)))

    assert "authors/anna_example_org.atom" not in nine.files()
    assert "authors/anna_example_org.atom" in ten.files()


def test_links_are_absolute_where_a_base_is_set(bench: Make, write: Make) -> None:
    """A reader program needs no base of its own."""
    feed = read(bench(write(), base_url="https://l.example/").renderer.feed().content)
    entry = feed.find(f"{ATOM}entry/{ATOM}link")
    assert entry is not None

    assert (entry.get("href") or "").startswith("https://l.example/archive/1994/03/")
