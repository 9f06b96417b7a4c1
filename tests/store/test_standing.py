"""What is put of a message is known again, and anything else is not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from posterity.config import Settings
from posterity.model import Digest
from posterity.pipeline.facts import derived
from posterity.pipeline.shown import with_copy, withdrawn
from posterity.rows import Amendment
from posterity.store.catalogue import Catalogue, Derived
from posterity.store.standing import stands

OCTETS = b"""\
From: Ada Keeper <ada@example.org>\r
Date: Mon, 4 Mar 1996 21:10:00 +0000\r
Message-ID: <1@example.org>\r
References: <9@example.org> <8@example.org>\r
In-Reply-To: <8@example.org>\r
Subject: Re: lamp\r
Content-Type: multipart/mixed; boundary=x\r
\r
--x\r
Content-Type: text/plain; charset=us-ascii\r
\r
Sm\xf8ke: see http://example.org/lamp and http://example.org/fog\r
--x\r
Content-Type: image/gif; name=lamp.gif\r
\r
GIF89a\r
--x--\r
"""
PLAIN = OCTETS[: OCTETS.index(b"Content-Type")] + b"\r\nThe lamp smokes.\r\n"
WHY = Amendment("redacted", "asked for", "2024-05-01")
SETTINGS = Settings()


def rows(octets: bytes) -> Derived:
    return derived(1, Digest(hashlib.sha256(octets).hexdigest()), octets, SETTINGS)[0]


WHOLE = rows(OCTETS)._replace(hidden=((5, 50, "2@example.org", "tail"),))
COPY = with_copy(WHOLE, OCTETS.replace(b"lamp", b"----"), WHY, SETTINGS, said=False)
STATES = {
    "whole": WHOLE,
    "of one text": rows(PLAIN),
    "with a copy": COPY,
    "hidden": withdrawn(WHOLE, WHY._replace(kind="hidden")),
    "hidden for another reason": withdrawn(WHOLE, WHY._replace(kind="hidden", reason="")),
    "said by an amendment": COPY._replace(change=COPY.change and COPY.change._replace(said=True)),
    "with another copy": COPY._replace(change=COPY.change and COPY.change._replace(copy=b"")),
    "of another subject": WHOLE._replace(facts=WHOLE.facts._replace(subject="Re: fog")),
    "with another id": WHOLE._replace(message_ids=("3@example.org",)),
    "answering less": WHOLE._replace(references=WHOLE.references[:1]),
    "without the picture": WHOLE._replace(attachments=WHOLE.attachments[1:]),
    "sound": WHOLE._replace(defects=()),
    "with nothing inside": WHOLE._replace(hidden=()),
    "naming less": WHOLE._replace(mentions=WHOLE.mentions[1:]),
}  # fmt: skip


def test_the_sample_has_something_of_everything() -> None:
    """What is empty in both could not differ."""
    empty = [name for name, value in WHOLE._asdict().items() if not value]

    assert ["gist", "change"] == empty
    assert STATES["of one text"].gist


@pytest.mark.parametrize("put", STATES)
def test_only_what_was_put_stands(tmp_path: Path, put: str) -> None:
    """Also where it took the place of something else."""
    catalogue = Catalogue.open(tmp_path / "catalogue.db")
    catalogue.add([WHOLE], 1)
    if put != "whole":
        catalogue.put_again([STATES[put]])
    found = [name for name, row in STATES.items() if stands(catalogue.database, row)]
    catalogue.close()

    assert [put] == found
