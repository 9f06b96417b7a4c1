"""Prints of texts: for saying that one is another's equal without repeating it."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

_SIZE: Final = 8
"""Octets: two of a list's texts are compared, so none meets another's print by chance."""


def print_of(text: str) -> str:
    """The print of a text, in hex."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIZE).hexdigest()
