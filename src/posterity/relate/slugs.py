"""Names for people's pages: the old archive's slug, made safe for every file system.

A slug is read by people, lasts for ever, and is a file name on systems that fold case,
compose accents, cap names at 255 octets or keep words such as `con` for themselves.
`slug` is the old archive's form, exactly. `page_names` gives each of many people a
name no other has; where the plain form will not do, eight hex digits of a SHA-256 are
added after a hyphen. The plain form never holds a hyphen, so no added name can be
taken for a plain one.

Sources: Microsoft, "Naming Files, Paths, and Namespaces" (reserved words); Apple
TN1150 (names are compared decomposed and without case).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

MAX_SLUG_OCTETS = 200
"""Longest slug in UTF-8, so that 255 (ext4, APFS, NTFS) leaves room for endings."""

_BLANKS = re.compile(r"(?:[<>().]|[^\S\x1c-\x1f])+")
_NO_WORD = re.compile(r"[^\w\x80-\U0010ffff]")
_DIGITS = "0123456789\N{SUPERSCRIPT ONE}\N{SUPERSCRIPT TWO}\N{SUPERSCRIPT THREE}"
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "conin", "conout", "index", "feed", "unknown"]
    + [port + digit for port in ("com", "lpt") for digit in _DIGITS]
)


def slug(from_as_written: str) -> str:
    """The old archive's name for an author: `joe@a.org (Joe)` is `joe_at_a_org_joe_`.

    `@` becomes `_at_`, runs of `<>().` and white space become `_`, every other ASCII
    character that is no letter, digit or `_` is dropped, and the rest is in lower case.
    0x1C, by which that archive joined two values, is dropped and not white space.

    Returns:
        The slug; it may be empty, overlong, or a name a file system keeps to itself.
    """
    spelled = from_as_written.replace("@", "_at_")
    return _NO_WORD.sub("", _BLANKS.sub("_", spelled)).lower()


def masked_slug(name: str, address: str) -> str:
    """A slug that does not spell an address: the name and a digest of the address."""
    plain = slug("" if "@" in name else name).strip("_")
    return f"{plain or 'person'}-{_digest(address)[:8]}"


def page_names(wanted: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """A safe and unique page name for each (slug, what tells it from its twins).

    The first to ask for a slug gets it as it is, so callers give people in an order
    that lasts. Twins are names a file system may hold for the same: equal without
    case and after Unicode compatibility normalisation.

    Args:
        wanted: (slug, seed) pairs; the seeds of equal slugs differ.

    Returns:
        One name a pair, at most MAX_SLUG_OCTETS octets, none empty or reserved.
    """
    taken: set[str] = set()
    names: list[str] = []
    for plain, seed in wanted:
        name = next(n for n in _candidates(plain, seed) if _fold(n) not in taken)
        taken.add(_fold(name))
        names.append(name)
    return tuple(names)


def _candidates(plain: str, seed: str) -> Iterable[str]:
    """The plain slug where it is safe, then ever longer marked ones."""
    safe = _printable(plain)
    if safe == plain and safe not in _RESERVED and 0 < _octets(safe) <= MAX_SLUG_OCTETS:
        yield safe
    digest = _digest(seed)
    for size in range(8, len(digest) + 1, 8):
        room = MAX_SLUG_OCTETS - 1 - size
        yield f"{_cut(safe, room) or 'person'}-{digest[:size]}"


def _printable(text: str) -> str:
    """The text without controls, format characters and lone surrogates."""
    return text if text.isprintable() else "".join(c for c in text if c.isprintable())


def _cut(text: str, octets: int) -> str:
    return text.encode("utf-8")[:octets].decode("utf-8", "ignore")


def _octets(text: str) -> int:
    return len(text.encode("utf-8"))


def _fold(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _digest(seed: str) -> str:
    return hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()
