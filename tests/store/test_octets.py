"""The accession: octets by digest, provenance, and books that balance."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest

from posterity.errors import ArchiveError, LedgerError, LockedError
from posterity.store.compress import Codec, train
from posterity.store.database import in_transaction
from posterity.store.octets import Accession
from posterity.store.pieces import Found, NewSource


@pytest.fixture
def accession(tmp_path: Path) -> Accession:
    return Accession.create(tmp_path / "accession.db")


def no_dictionary(number: int) -> bytes:
    """What a codec asks for when frames need no dictionary."""
    raise AssertionError(number)


def found(octets: bytes, offset: int, **changes: object) -> Found:
    """A message as ingest hands it over."""
    piece = Found(
        kind="message",
        member="",
        offset=offset,
        opening=b"From a@example.org Mon\n",
        length=len(octets),
        closing=b"\n",
        digest=hashlib.sha256(octets + b"\r\n").digest(),
        size=len(octets),
        frame=Codec(no_dictionary).compress(octets),
        line_ends=b"C",
        quoting="",
        fragment=None,
        reason="",
    )
    return piece._replace(**changes)  # type: ignore[arg-type]


def source(length: int, name: str = "keepers.mbox") -> NewSource:
    """A source of that many octets."""
    return NewSource(name, "", "mbox", name.encode().ljust(32), length, "mboxo", 1.0, "")


FRAMING = len(b"From a@example.org Mon\n") + len(b"\n")


def test_octets_come_back_as_they_went_in(accession: Accession) -> None:
    """A message is read back octet for octet, NUL and bare CR included."""
    octets = b"Subject: x\r\n\r\n\x00a\rb\r\n"

    with accession.source(source(FRAMING + len(octets))) as writer:
        writer.add([found(octets, 0)], 0)

    assert octets == accession.octets(1)


def test_the_same_octets_twice_are_one_message_and_a_duplicate(
    accession: Accession,
) -> None:
    """The second occurrence adds a line to the ledger and nothing to the store."""
    octets = b"Subject: x\r\n\r\nhello\r\n"
    each = FRAMING + len(octets)

    with accession.source(source(2 * each)) as writer:
        writer.add([found(octets, 0), found(octets, each)], 0)

    [(_, _, balance)] = accession.sources()
    assert (1, len(octets), 1, len(octets), 2 * FRAMING) == balance[:5]
    assert 1 == accession.count()
    assert ["message", "duplicate"] == [place.kind for place in accession.places(1)]


def test_books_that_do_not_balance_keep_nothing(accession: Accession) -> None:
    """One octet unaccounted for: the import fails loudly and the source is not in."""
    octets = b"Subject: x\r\n\r\n"
    lost = pytest.raises(LedgerError, match=r"38 of 39 octets accounted for")

    with lost, accession.source(source(FRAMING + len(octets) + 1)) as writer:
        writer.add([found(octets, 0)], 0)

    assert [] == accession.sources()
    assert 0 == accession.count()


def test_an_interrupted_source_leaves_nothing(accession: Accession) -> None:
    """Whatever ends the reading, half a source is never kept."""

    def interrupted() -> None:
        with accession.source(source(100)) as writer:
            writer.add([found(b"Subject: x\r\n\r\n", 0)], 0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert ([], 0) == (accession.sources(), accession.count())


def test_pieces_that_are_no_message_keep_their_octets(accession: Accession) -> None:
    """Preamble and quarantined octets are kept, counted apart, with the reason."""
    codec = Codec(no_dictionary)
    junk = found(
        b"junk",
        0,
        kind="quarantined",
        opening=b"",
        closing=b"",
        fragment=codec.compress(b"junk"),
        reason="no mail",
    )

    with accession.source(source(4)) as writer:
        writer.add([junk], 0)

    [place] = accession.places(1)
    [(_, _, balance)] = accession.sources()
    assert ("quarantined", "no mail") == (place.kind, place.reason)
    assert b"junk" == codec.decompress(place.fragment or b"")
    assert (1, 4) == (balance.quarantined, balance.quarantined_octets)


def test_a_dictionary_makes_short_mail_small_and_is_kept(accession: Accession) -> None:
    """Frames made with a dictionary are read with it, also after the file is reopened."""
    letters = [
        f"From: keeper{n}@example.org\r\nSubject: log of lamp {n}\r\n\r\nThe light burned"
        f" well on night {n}.\r\n".encode()
        for n in range(400)
    ]
    trained = train(letters)
    assert trained is not None
    number = accession.add_dictionary(trained)
    frame = accession.codec.compress(letters[7], number)

    with accession.source(source(FRAMING + len(letters[7]))) as writer:
        writer.add([found(letters[7], 0, frame=frame)], number)

    path = Path(accession.database.execute("PRAGMA database_list").fetchone()[2])
    assert letters[7] == Accession.open(path).octets(1)
    assert len(frame) < len(Codec(no_dictionary).compress(letters[7]))


def test_too_few_samples_make_no_dictionary() -> None:
    """A handful of messages is compressed without one."""
    assert None is train([b"a" * 50] * 10)


def test_a_hash_is_found_by_its_first_digits(accession: Accession) -> None:
    """Enough digits name one message; too few, or none of its, name nothing."""
    octets = [b"Subject: 1\r\n\r\n", b"Subject: 2\r\n\r\n"]
    with accession.source(source(2 * FRAMING + sum(map(len, octets)))) as writer:
        writer.add([found(octets[0], 0), found(octets[1], 50)], 0)
    digest = hashlib.sha256(octets[1] + b"\r\n").hexdigest()

    assert 2 == accession.find(digest)
    assert 2 == accession.find(digest[:8])
    assert None is accession.find("")
    assert None is accession.find("no hex")
    assert None is accession.find("0" * 64)


def test_a_newer_format_is_refused_plainly(tmp_path: Path) -> None:
    """An older program never guesses at a newer archive."""
    path = tmp_path / "accession.db"
    accession = Accession.create(path)
    accession.database.execute("UPDATE meta SET value = 99 WHERE key = 'format'")
    accession.close()

    with pytest.raises(ArchiveError, match=r"format 99 is newer than 1"):
        Accession.open(path)


def test_a_file_that_is_no_accession_is_refused(tmp_path: Path) -> None:
    """A text file with the right name is named, not read."""
    path = tmp_path / "accession.db"
    path.write_text("not a database, but long enough to look like one" * 40)

    with pytest.raises(
        ArchiveError, match=r"accession\.db: cannot be opened: file is not a database"
    ):
        Accession.open(path)


def test_a_damaged_frame_names_its_message(accession: Accession) -> None:
    """A flipped octet is reported with the message's hash."""
    octets = b"Subject: x\r\n\r\n"
    with accession.source(source(FRAMING + len(octets))) as writer:
        writer.add([found(octets, 0)], 0)
    accession.database.execute("UPDATE message SET octets = x'28b52ffd00'")

    with pytest.raises(ArchiveError, match=hashlib.sha256(octets + b"\r\n").hexdigest()):
        accession.octets(1)


def test_a_second_writer_is_told_so(accession: Accession, tmp_path: Path) -> None:
    """Two transactions at once: the second gives up with a sentence, not a traceback."""
    other = sqlite3.connect(tmp_path / "accession.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    accession.database.execute("PRAGMA busy_timeout = 10")

    with (
        pytest.raises(LockedError, match="another posterity is writing"),
        in_transaction(accession.database),
    ):
        pass
    other.close()
