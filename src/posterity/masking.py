"""How mail addresses appear, as the keeper decided: shown, masked or hidden."""

from __future__ import annotations

SHOW, MASK, HIDE = "show", "mask", "hide"


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
