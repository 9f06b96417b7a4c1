"""Who a field names: RFC 5322 §3.4 address lists, and what stood there instead.

Plain mailboxes are read by one regular expression each; from the first that it does
not fit, the rest of the field is cut into tokens and read with patience:

    Ann Lee <ann@example.org>         ann@example.org (Ann Lee)       ann@example.org
    Keepers: a@example.org, b;        <@relay:ann@example.org>        two joined by 0x1C
    Ann <ann@example.org              "Ann, ann@example.org           host!ann (Ann)

A name is what stands before the angle brackets, else the first comment. A word by
itself is a local user, several words without an address are a name. Nothing is
completed: where no domain stands there is none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from posterity.defects import Defect
from posterity.model import Address, Mailbox
from posterity.parse.addrbox import display_name
from posterity.parse.addrlist import read_list
from posterity.parse.addrspec import DOMAIN, DOT_ATOM

_PLAIN = re.compile(
    r"[ \t\r\n]*(?:(?:"
    r'"([^"\\\x00-\x1f]*)"[ \t]*|([^"(),:;<>@\[\]\\\x00-\x1f]*))'
    rf"<({DOT_ATOM})@({DOMAIN})>"
    rf"|({DOT_ATOM})@({DOMAIN})(?:[ \t]+\(([^()\\\x00-\x1f]*)\))?"
    r")[ \t\r\n]*(?:,|\Z)"
)


REMEMBERED: Final = 400
"""Characters of a field; longer ones are read anew each time."""


def read_addresses(text: str) -> tuple[tuple[Address, ...], tuple[Defect, ...]]:
    """Read an address list: From, Sender, To, Cc, Reply-To.

    A list's letters have few authors and name its own address: what was read is remembered.

    Args:
        text: the field's value, unfolded or not.

    Returns:
        The mailboxes and groups in order, and at most one defect of each kind. Never
        raises; takes time in proportion to the text.
    """
    return _remembered(text) if len(text) <= REMEMBERED else _read(text)


def _read(text: str) -> tuple[tuple[Address, ...], tuple[Defect, ...]]:
    found: list[Address] = []
    at, end = 0, len(text)
    while at < end:
        plain = _PLAIN.match(text, at)
        if plain is None:
            odd, defects = read_list(text, at)
            return (*found, *odd), defects
        quoted, phrase, local, domain, bare, bare_domain, comment = plain.groups()
        raw = plain[0].strip(" \t\r\n,")
        if local:
            name = display_name(quoted or phrase or "")
            found.append(Mailbox(name, local, domain, raw))
        else:
            name = display_name(comment or "")
            found.append(Mailbox(name, bare, bare_domain, raw))
        at = plain.end()
    return tuple(found), ()


_remembered = lru_cache(maxsize=4096)(_read)
