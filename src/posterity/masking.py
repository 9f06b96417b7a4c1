"""How mail addresses appear, as the keeper decided: shown, masked or hidden."""

from __future__ import annotations

import re

# Tried once per run of its characters, so that no text can make the search slow.
_ADDRESS = re.compile(r"(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]++@[\w.-]++")

SHOW, MASK, HIDE = "show", "mask", "hide"

ORIGINAL = b"X-Posterity-Original"
"""The field of a masked or redacted copy that names the message it was made from."""


def masked(address: str, policy: str) -> str:
    """An address as a reader may see it.

    Args:
        address: user@host, or whatever stood there.
        policy: "show", "mask" (user@…) or "hide" ("").
    """
    if policy == SHOW:
        return address
    if policy == HIDE:
        return ""
    user, at, _ = address.partition("@")
    return f"{user}@…" if at else address


def masked_text(text: str, policy: str) -> str:
    """A text with every address in it as a reader may see it."""
    if policy == SHOW or "@" not in text:
        return text
    return _ADDRESS.sub(lambda found: masked(found[0], policy), text)
