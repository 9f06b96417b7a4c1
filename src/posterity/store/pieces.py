"""The pieces of a source, as the accession takes them in and gives them out."""

from __future__ import annotations

from typing import NamedTuple


class Found(NamedTuple):
    """A piece of a source as the accession takes it.

    kind is "message", "framing", "quarantined" or "preamble"; digest, size and frame
    are of a message, fragment of any other piece. original is the digest that a masked
    or redacted copy names; its own octets are then in fragment too.
    """

    kind: str
    member: str
    offset: int
    opening: bytes
    length: int
    closing: bytes
    digest: bytes
    size: int
    frame: bytes
    line_ends: bytes
    quoting: str
    fragment: bytes | None
    reason: str
    original: bytes = b""


class NewSource(NamedTuple):
    """A source about to be read."""

    name: str
    member: str
    form: str
    digest: bytes
    length: int
    dialect: str
    confidence: float
    evidence: str


class Balance(NamedTuple):
    """The books of one source: counts, and octets that add up to its length."""

    messages: int
    message_octets: int
    duplicates: int
    duplicate_octets: int
    framing_octets: int
    quarantined: int
    quarantined_octets: int
    preamble_octets: int


class Place(NamedTuple):
    """One piece of a source as it is kept; see accession.sql."""

    sequence: int
    kind: str
    member: str
    offset: int
    opening: bytes
    length: int
    closing: bytes
    message: int | None
    line_ends: bytes
    quoting: str
    fragment: bytes | None
    reason: str
