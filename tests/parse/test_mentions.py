"""The URLs that a message names in its author's own words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posterity.figures import host_of, is_file
from posterity.model import Body, Digest
from posterity.parse import parse_message
from posterity.parse.body import read_body
from posterity.parse.mentions import LONGEST, MOST, mentions


def named(text: str) -> tuple[str, ...]:
    """What a plain message with that text names."""
    octets = f"Subject: reefs\r\n\r\n{text}".encode()
    return mentions(read_body(octets, parse_message(octets, Digest("0" * 64))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See http://reef.example/lamp.html.", ("http://reef.example/lamp.html",)),
        (
            "(ftp://FTP.Reef.Example/pub/Lamp.tar.gz)",
            ("ftp://ftp.reef.example/pub/Lamp.tar.gz",),
        ),
        ("<URL:HTTP://reef.example>", ("http://reef.example/",)),
        ("http://reef.example, http://reef.example/", ("http://reef.example/",)),
        ("https://reef.example:8443/a?b=c#d", ("https://reef.example:8443/a?b=c#d",)),
        ("http://localhost/ and http://reef", ()),
        ("http://ada@reef.example/", ()),
        ("http://ada.keeper@reef.example/", ()),
        ("ftp://reef.example/~ada@home", ()),
        ("> http://quoted.example/\n\nYes.", ()),
        ("Hello.\n\n-- \nAda, http://signed.example/", ()),
        ("nothing here", ()),
        ("://reef.example/ 9://b.example/ http://c.example/", ("http://c.example/",)),
        ("http://reef.examplehttp://b.example/", ("http://reef.examplehttp/",)),
        ("http://a.example/http://b.example/", ("http://a.example/http://b.example/",)),
    ],
)
def test_urls_of_the_authors_own_words(text: str, expected: tuple[str, ...]) -> None:
    """In one spelling each, without the sentence's punctuation, quotes and signatures."""
    assert expected == named(text)


def test_a_list_of_links_is_cut_and_a_monstrous_url_left_out() -> None:
    """At most MOST of a message, none longer than LONGEST."""
    many = "\n".join(f"http://reef.example/{n}" for n in range(2 * MOST))
    assert len(named(many)) == MOST
    assert named(f"http://reef.example/{'x' * LONGEST}") == ()


@pytest.mark.parametrize("bait", ["http://", "http://a.b/", "http://a.b/@", "ftp://a.a@"])
def test_d5_baits_for_urls_are_linear(linear: Callable[..., None], bait: str) -> None:
    """Beginnings that come to nothing, a text of nothing else."""

    def make(size: int) -> Body:
        octets = f"Subject: bait\r\n\r\n{bait * size}".encode()
        return read_body(octets, parse_message(octets, Digest("0" * 64)))

    linear(make, mentions, 4_000)


def test_sites_and_files() -> None:
    """A file is told by its ending, a site by its host."""
    assert host_of("https://reef.example:8443/a/b.zip") == "reef.example"
    assert is_file("ftp://reef.example/pub/LAMP.ZIP")
    assert not is_file("http://reef.example/lamp.html")
    assert not is_file("http://reef.example/")
