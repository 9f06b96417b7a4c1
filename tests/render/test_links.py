"""Links in texts: what is shown is what is opened, and nothing takes long."""

from __future__ import annotations

import time

import pytest

from posterity.render.addresses import Addresses
from posterity.render.links import MAX_URL, ROOT, linked

SHOW = Addresses("show")
REL = ' rel="nofollow noopener ugc"'


def none(_message_id: str) -> str:
    """Nothing is held."""
    return ""


def live(url: str, shown: str | None = None) -> str:
    """A link as it should be printed."""
    return f'<a href="{url}"{REL}>{shown or url}</a>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see http://example.org/a.", f"see {live('http://example.org/a')}."),
        ("(http://example.org/x)", f"({live('http://example.org/x')})"),
        (
            "http://example.org/a_(b)",
            live("http://example.org/a_(b)"),
        ),
        ("<URL:http://example.org/>", f"&lt;URL:{live('http://example.org/')}&gt;"),
        ("ftp://ftp.example.org/pub", live("ftp://ftp.example.org/pub")),
        ("HTTP://EXAMPLE.ORG/", live("HTTP://EXAMPLE.ORG/")),
        ("http://a.example/?a=1&b=2", live("http://a.example/?a=1&amp;b=2")),
        ('http://a.example/"onmouseover=x', live("http://a.example/") + '"onmouseover=x'),
        ("mailto:anna@example.org", live("mailto:anna@example.org")),
        (
            "mailto:a@b.example?cc=c@d.example",
            live("mailto:a@b.example") + "?cc=c@d.example",
        ),
        ("news:comp.mail.misc", live("news:comp.mail.misc")),
        ("http://example.org:8080/", live("http://example.org:8080/")),
    ],
)
def test_links_are_live(text: str, shown: str) -> None:
    """http, https, ftp, mailto and news are links, without the sentence's punctuation."""
    assert shown == linked(text, SHOW, none)


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "http://",
        "http://user@evil.example/",
        "http://bank.example@evil.example/",
        "http://bank.example\\@evil.example/",
        "http://b\u0430nk.example/",
        "http://bank.example\u202e/",
        "xhttp://example.org/",
        "news: today",
        "mailto:nobody",
        "http:/example.org",
    ],
)
def test_what_is_no_honest_link_stays_text(text: str) -> None:
    """Other schemes, user parts and letters that pass for others are not live (S7, S17)."""
    assert "<a " not in linked(text, SHOW, none)


def test_held_ids_lead_to_their_message() -> None:
    """An id in brackets is a link of ours where a message bears it."""
    found = linked("in <12.ab@example.org> I", SHOW, lambda _: "archive/1994/03/x.html")

    assert (
        f'in &lt;<a href="{ROOT}archive/1994/03/x.html">12.ab@example.org</a>&gt; I'
        == found
    )


def test_mailboxes_are_not_looked_up() -> None:
    """Only what looks like an id costs a look-up."""
    asked: list[str] = []

    def ask(message_id: str) -> str:
        asked.append(message_id)
        return ""

    linked("<anna@example.org> <1994031.AA01@example.org>", SHOW, ask)

    assert ["1994031.AA01@example.org"] == asked


def test_masked_addresses_leave_no_live_link() -> None:
    """Where addresses are masked, no link holds one."""
    text = "mailto:anna@example.org http://example.org/?u=anna@example.org anna@example.org"
    found = linked(text, Addresses("mask"), none)

    assert "anna@example.org" not in found
    assert "<a " not in found


def test_a_link_has_a_longest() -> None:
    """What is longer than browsers take is text from there on."""
    found = linked("http://a.example/" + "x" * 5000, SHOW, none)

    assert 'href="http://a.example/' in found
    assert len(found) < 5000 + 2 * MAX_URL + 200


@pytest.mark.parametrize(
    "unit",
    [
        "http://",
        "http://a",
        "<",
        "<a@",
        "<a1a1a@",
        "mailto:",
        "news:a",
        "http://a/)",
        "a@",
        "@",
    ],
)
@pytest.mark.parametrize("policy", ["show", "mask"])
def test_linking_is_linear(unit: str, policy: str) -> None:
    """Hostile texts of 200 KB take no minutes, as a fault of growth would have it (D5)."""
    text = unit * (200_000 // len(unit))
    began = time.process_time()
    linked(text, Addresses(policy), none)

    assert time.process_time() - began < 10
