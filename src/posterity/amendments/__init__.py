"""Amendments: what a person overrides, in amendments.toml beside the archive.

    version = 1

    [[hide]]
    message = "4f0c5d…"              # a message hash, or how it begins
    reason = "asked for by the author"
    date = 2024-05-01

The file becomes an `Amendments` once, at the door; nothing else reads it. Kinds:

    hide  erase  redact  join            what readers see       docs/amendments.md
    reattach  detach  retime             where it stands
    merge  split                         who is who

An unknown key, a wrong value, an entry that would do nothing: each is an error that
names the line, because an amendment that is silently passed over publishes what
somebody meant to withdraw. A message that is not held is no error: it may come later.
"""

from posterity.amendments.phrases import phrase_digest
from posterity.amendments.reading import read_amendments
from posterity.amendments.values import (
    NOTHING,
    Amendments,
    Detach,
    Erase,
    Hide,
    Join,
    Merge,
    Reattach,
    Redact,
    Retime,
    Split,
)

__all__ = [
    "NOTHING",
    "Amendments",
    "Detach",
    "Erase",
    "Hide",
    "Join",
    "Merge",
    "Reattach",
    "Redact",
    "Retime",
    "Split",
    "phrase_digest",
    "read_amendments",
]
