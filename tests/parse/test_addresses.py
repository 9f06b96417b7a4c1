"""Addresses: the case table, the standard library as oracle, size, any text at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from email.headerregistry import Address as StandardAddress
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.defects import DefectCode
from posterity.model import Address, Group, Mailbox
from posterity.parse.addresses import read_addresses
from posterity.parse.addrtokens import tokens

Linear = Callable[..., None]
CASES = json.loads(
    (Path(__file__).parents[1] / "data" / "addresses.json").read_text("utf-8")
)


def shown(address: Address) -> list[str] | dict[str, Any]:
    """An address as the table spells it."""
    if isinstance(address, Group):
        return {"group": address.display_name, "members": [*map(shown, address.members)]}
    return [address.display_name, address.local_part, address.domain]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["input"] or "empty")
def test_every_form_of_address(case: dict[str, Any]) -> None:
    """Names, local parts, domains and defects, as a person would read them."""
    found, defects = read_addresses(case["input"])

    assert case["addresses"] == [shown(address) for address in found]
    assert sorted(case["defects"]) == sorted(defect.code.value for defect in defects)


def test_what_was_read_stays_as_written() -> None:
    """Of each element, raw is its own text, groups included."""
    text = 'Ann <a@example.org> , "B, C"  <b@example.org (x)>,G: d@example.org ;'
    raws = [address.raw for address in read_addresses(text)[0]]

    assert [
        "Ann <a@example.org>",
        '"B, C"  <b@example.org (x)>',
        "G: d@example.org ;",
    ] == raws


def test_the_quick_way_and_the_slow_way_agree() -> None:
    """A plain mailbox reads the same behind an element that needs patience."""
    plain = 'Ann Lee <ann@example.org>, "B, C" <b@example.org>, c@example.org (Cy)'
    quick, _ = read_addresses(plain)
    slow, _ = read_addresses(f"(x) x@example.org, {plain}")

    assert quick == slow[1:]


def test_a_defect_quotes_the_first_offender() -> None:
    """One defect of a kind, with the element as written."""
    _, defects = read_addresses("Ann <a@example.org>, Bo, Cy <c@example.org")

    assert [(DefectCode.BAD_ADDRESS, "", "Bo")] == [tuple(defect) for defect in defects]


ATOMS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_+", min_size=1, max_size=8)
NAMES = st.text("abcdefghij KLMNOP,.;:<>@()'[]", max_size=20).map(str.strip)


@given(st.lists(st.tuples(NAMES, ATOMS, ATOMS), min_size=1, max_size=5))
@settings(max_examples=200)
def test_as_the_standard_library_writes_and_reads_it(
    people: list[tuple[str, str, str]],
) -> None:
    """What headerregistry writes comes back, and getaddresses reads the same."""
    text = ", ".join(
        str(StandardAddress(name, local, f"{host}.example")) for name, local, host in people
    )
    found = [a for a in read_addresses(text)[0] if isinstance(a, Mailbox)]
    expected = [
        (" ".join(name.split()), f"{local}@{host}.example") for name, local, host in people
    ]

    assert expected == [(mailbox.display_name, mailbox.address) for mailbox in found]
    assert [address for _, address in getaddresses([text])] == [m.address for m in found]


PIECES = st.sampled_from(
    [
        "ann",
        "Lee",
        " ",
        "@",
        "example.org",
        "<",
        ">",
        "(",
        ")",
        '"',
        "\\",
        ",",
        ";",
        ":",
        "\x1c",
        "!",
        "%",
        "::",
        "/G=a/",
        "S=x;",
        " at ",
        "[",
        "]",
        "=?utf-8?q?=C3=A9?=",
        "é",
    ]
)
ANYTHING = st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join))


@given(ANYTHING)
@settings(max_examples=500)
def test_any_text_gives_addresses_that_stand_in_it(text: str) -> None:
    """Never an exception, and no part of a domain that is not written there."""
    found, _ = read_addresses(text)
    mailboxes = [
        mailbox
        for address in found
        for mailbox in (address.members if isinstance(address, Group) else (address,))
    ]

    for mailbox in mailboxes:
        assert mailbox.raw in text
        assert all(label in text for label in mailbox.domain.split("."))


@pytest.mark.parametrize("text", ['<"@"0', '<a@"b"(x) c>', "<a@b c@d  e>"])
def test_no_blank_comes_into_a_domain(text: str) -> None:
    """Words behind the one with the @ are not joined to it by a blank nobody wrote."""
    (mailbox,), defects = read_addresses(text)

    assert isinstance(mailbox, Mailbox)
    assert " " not in mailbox.domain
    assert [DefectCode.BAD_ADDRESS] == [defect.code for defect in defects]


@given(ANYTHING)
@settings(max_examples=300)
def test_tokens_tile_the_field(text: str) -> None:
    """Each token begins where the last one ended; none is empty."""
    found = list(tokens(text))
    starts = [token.start for token in found]

    assert [0, *(token.end for token in found)] == [*starts, len(text)]
    assert all(token.start < token.end for token in found)


BOMBS = {
    "recipients": "Ann <ann@example.org>, ",
    "slow recipients": '"A" Lee <ann@example.org>, ',
    "open parentheses": "(",
    "comments": "(a)",
    "escaped parentheses": "(\\(",
    "groups": "g:a@b;",
    "open groups": "g: a@b,",
    "quotes": '"',
    "escaped quotes": '"\\',
    "doubtful quotes": '\\"<a@b>, ',
    "colons": "a:",
    "routes": "@a,",
    "route colons": "@:",
    "semicolons": "a;",
    "words": "a ",
    "bare addresses": "a@b ",
    "brackets": "<",
    "closed brackets": "<> ",
    "bracketed": "<a@b>",
    "literals": "[a",
    "DECnet": "a::",
    "X.400": "S=a;",
    "words at": "a at ",
    "encoded": "=?a?q?",
    "joined": "\x1c",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_d2_d5_time_grows_with_the_text(linear: Linear, bomb: str) -> None:
    """D2, D5: twice the text takes about twice as long."""
    linear(lambda length: bomb * (length // len(bomb)), read_addresses, 8_000)


def test_d2_a_hundred_thousand_recipients() -> None:
    """D2: read, all of them; also 50,000 parentheses deep and 5,000 groups."""
    many = read_addresses("Ann <ann@example.org>, " * 100_000)[0]
    deep = read_addresses("(" * 50_000 + ")" * 50_000 + " ann@example.org")[0]
    groups = read_addresses("g: ann@example.org;" * 5_000)[0]

    assert (100_000, 1, 5_000) == (len(many), len(deep), len(groups))


@pytest.mark.long
@pytest.mark.parametrize(
    ("make", "size"),
    [
        (lambda n: "Ann <ann@example.org>, " * n, 50_000),
        (lambda n: "(" * n + ")" * n + " ann@example.org", 25_000),
        (lambda n: "g: ann@example.org;" * n, 2_500),
    ],
    ids=["recipients", "parentheses", "groups"],
)
def test_d2_fields_of_the_row_cost_what_they_weigh(
    linear: Linear, make: Callable[[int], str], size: int
) -> None:
    """D2: the row's own sizes: 100,000 recipients, 50,000 parentheses, 5,000 groups."""
    linear(make, read_addresses, size)
