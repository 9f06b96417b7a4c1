"""THE table of search fields: what a reader may ask of a message.

Parser, help page, docs/search.md, OpenSearch, the JSON API and the browser's script are
all fed from here. A column is one stream of words of a message; a field of words searches
one or several of them, the other kinds ask the catalogue.

    columns of words, in the order the index keeps them
    subject    as decoded
    own        the body but for quoted lines and encoded blocks
    lost       quoted lines whose origin no held message is
    author     name and address of From
    files      names of the files that came along
    quoted     every quoted line
    recipients names and addresses of To and Cc
    list       List-Id and its older kin; To and Cc where there is none
    type       media types of the files that came along
    has        what came along: attachment, patch, pgp-signed …
    lang       the language of the own words, where they are enough to tell
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

COLUMNS: Final = (
    "subject",
    "own",
    "lost",
    "author",
    "files",
    "quoted",
    "recipients",
    "list",
    "type",
    "has",
    "lang",
)
"""Every stream of words of a message; their order is part of the index's form."""

WEIGHTS: Final = (6.0, 1.0, 0.5, 3.0, 2.0, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0)
"""What a hit in each column counts; quoted words weigh less than own ones."""

DEFAULT: Final = ("subject", "own", "lost", "author", "files")
"""Where a word without a field is looked for."""


class Kind(StrEnum):
    """How the value of a field is read."""

    WORDS = "words"  # words or a phrase in columns
    DATE = "date"  # a day, month, year or range
    BEFORE = "before"  # earlier than that
    AFTER = "after"  # later than that
    ID = "id"  # a Message-ID
    HASH = "hash"  # a hash, or how it begins
    SLUG = "slug"  # a person's


class Field(NamedTuple):
    """One field of the query language.

    Attributes:
        name: as a reader writes it before the colon.
        short: other spellings, those of public-inbox among them.
        kind: how its value is read.
        columns: where words are looked for.
        key: its name in the JSON API's results, "" where it is no part of them.
        help: one sentence.
        example: a query.
    """

    name: str
    short: tuple[str, ...]
    kind: Kind
    columns: tuple[str, ...]
    key: str
    help: str
    example: str


FIELDS: Final = (
    Field(
        "from",
        ("f", "author"),
        Kind.WORDS,
        ("author",),
        "from",
        "Who wrote it: words of the name or the address.",
        "from:may",
    ),
    Field(
        "to",
        ("t", "cc", "tc"),
        Kind.WORDS,
        ("recipients",),
        "",
        "Whom it was sent to: words of To and Cc.",
        "to:keepers@example.org",
    ),
    Field(
        "subject",
        ("s",),
        Kind.WORDS,
        ("subject",),
        "subject",
        "Words of the subject.",
        'subject:"fog signal"',
    ),
    Field(
        "body",
        ("b",),
        Kind.WORDS,
        ("own", "quoted"),
        "",
        "Words of the text, own and quoted.",
        "body:lantern",
    ),
    Field(
        "own",
        ("nq",),
        Kind.WORDS,
        ("own",),
        "",
        "The author's own words: the text without what is quoted.",
        "own:lantern",
    ),
    Field(
        "quoted",
        ("q",),
        Kind.WORDS,
        ("quoted",),
        "",
        "Words that are quoted from another message.",
        'quoted:"not a wreck"',
    ),
    Field(
        "date",
        ("d", "dt"),
        Kind.DATE,
        (),
        "date",
        "A year, month or day, or a range with both its ends: 1996, 1996-12,"
        " 1996-12-05, 1995..1996, 1996-11.., last-year.",
        "date:1995..1996",
    ),
    Field(
        "before",
        (),
        Kind.BEFORE,
        (),
        "",
        "Earlier than a year, month or day, which is not included.",
        "before:1996-12",
    ),
    Field(
        "after",
        (),
        Kind.AFTER,
        (),
        "",
        "Later than a year, month or day, which is not included.",
        "after:1995",
    ),
    Field(
        "has",
        (),
        Kind.WORDS,
        ("has",),
        "",
        "What came along: attachment, patch, html, pgp, pgp-signed, pgp-encrypted,"
        " pgp-key.",
        "has:attachment",
    ),
    Field(
        "file",
        ("n", "filename"),
        Kind.WORDS,
        ("files",),
        "attachments",
        "Words of an attachment's name.",
        "file:chart.gif",
    ),
    Field(
        "type",
        (),
        Kind.WORDS,
        ("type",),
        "attachments",
        "The type of an attachment, by its content.",
        "type:image",
    ),
    Field(
        "list",
        ("l",),
        Kind.WORDS,
        ("list",),
        "",
        "The list it went to: words of List-Id, or of To and Cc where there is none.",
        "list:keepers",
    ),
    Field(
        "mid",
        ("m", "id"),
        Kind.ID,
        (),
        "",
        "The message that bears a Message-ID.",
        "mid:19961205.7@example.org",
    ),
    Field(
        "thread",
        ("th",),
        Kind.HASH,
        (),
        "thread",
        "All messages of a thread: the hash in its page's address, or at least its"
        " first eight digits.",
        "thread:5f2a09c1",
    ),
    Field(
        "person",
        ("who",),
        Kind.SLUG,
        (),
        "person",
        "Everything a person wrote under any name: the last part of their page's address.",
        "person:ada-brook",
    ),
    Field(
        "lang",
        ("language",),
        Kind.WORDS,
        ("lang",),
        "",
        "The language of the own words, as en, de, fr; a guess from its commonest words.",
        "lang:fr",
    ),
)

BY_NAME: Final = {name: field for field in FIELDS for name in (field.name, *field.short)}
"""Every spelling of every field."""
