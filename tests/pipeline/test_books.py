"""Ingest, derive, relate, verify: nothing lost, nothing twice, and all of it provable."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest

from posterity.executor import executor
from posterity.export.maildir import export_maildir
from posterity.export.mbox import export_mbox
from posterity.pipeline import IngestReport, NoProgress, derive, ingest, relate, verify
from posterity.sources import ReadOptions
from posterity.store import Archive

# LF, body lines that look like separators and like quoted ones, no final line end.
AWKWARD = b"""\
From keeper@example.org Mon Mar  4 21:10:00 1996
From: Ada Keeper <keeper@example.org>
Date: Mon, 4 Mar 1996 21:10:00 +0000
Message-ID: <one@example.org>
Subject: The lamp

From here one sees the reef.
>From there one does not.
>>From nowhere at all.

From warden@example.org Tue Mar  5 08:00:00 1996
From: Bo Warden <warden@example.org>
Date: Tue, 5 Mar 1996 08:00:00 +0000
Message-ID: <two@example.org>
In-Reply-To: <one@example.org>
Subject: Re: The lamp

It burns.

From keeper@example.org Mon Mar  4 21:10:00 1996
From: Ada Keeper <keeper@example.org>
Date: Tue, 5 Mar 1996 21:10:00 +0000
Message-ID: <three@example.org>
In-Reply-To: <two@example.org>
Subject: Re: The lamp

It does."""


def take_in(folder: Path, *sources: Path, jobs: int = 1) -> tuple[Archive, IngestReport]:
    """Import sources as the command does."""
    archive = Archive.open_or_create(folder)
    progress = NoProgress()
    with executor(jobs) as run:
        report = ingest(
            archive, [str(path) for path in sources], ReadOptions(), run, progress
        )
        derive(archive, run, progress)
        relate(archive, run, progress)
    return archive, report


def hashes(archive: Archive) -> set[str]:
    """Every message hash held."""
    accession = archive.accession()
    found = {str(digest) for _, digest in accession.digests()}
    accession.close()
    return found


@pytest.fixture
def awkward(tmp_path: Path) -> Path:
    path = tmp_path / "awkward.mbox"
    path.write_bytes(AWKWARD)
    return path


def test_every_octet_is_accounted_for(tmp_path: Path, awkward: Path) -> None:
    """Three messages, three envelopes, two blank lines: the file's length exactly."""
    archive, report = take_in(tmp_path / "a", awkward)

    [row] = archive.reader().sources()
    assert (3, 3, 0) == (report.read, report.kept, report.duplicates)
    assert len(AWKWARD) == row.length == row.message_octets + row.framing_octets
    assert row.balanced


def test_a_message_hash_is_that_of_its_crlf_form_and_one_crlf(
    tmp_path: Path, awkward: Path
) -> None:
    """Said once in docs/format.md, true for the message without a final line end too."""
    archive, _ = take_in(tmp_path / "a", awkward)
    last = AWKWARD[AWKWARD.rindex(b"From: Ada") :].replace(b"\n", b"\r\n")

    assert hashlib.sha256(last + b"\r\n").hexdigest() in hashes(archive)


def test_reading_the_same_source_again_adds_nothing_and_says_so(
    tmp_path: Path, awkward: Path
) -> None:
    """Known by its digest and name; not even read."""
    take_in(tmp_path / "a", awkward)
    archive, report = take_in(tmp_path / "a", awkward)

    assert (0, 0, ("awkward.mbox",)) == (report.read, report.kept, report.known)
    assert 1 == len(archive.reader().sources())


def test_the_same_mail_under_another_name_is_all_duplicates(
    tmp_path: Path, awkward: Path
) -> None:
    """Another source is another line of the ledger, and no message more."""
    again = tmp_path / "again.mbox"
    again.write_bytes(AWKWARD)
    archive, report = take_in(tmp_path / "a", awkward, again)

    assert (6, 3, 3) == (report.read, report.kept, report.duplicates)
    assert all(row.balanced for row in archive.reader().sources())
    assert 3 == archive.reader().facts().messages


@pytest.mark.parametrize("form", ["mbox", "maildir"])
def test_an_export_read_again_gives_the_same_hashes(
    tmp_path: Path, awkward: Path, form: str
) -> None:
    """From lines, quoted From lines, LF and the missing line end all survive."""
    archive, _ = take_in(tmp_path / "a", awkward)
    to = tmp_path / f"out.{form}"
    written = (export_mbox if form == "mbox" else export_maildir)(archive, to)

    second, report = take_in(tmp_path / "b", to)

    assert (3, 3) == (written, report.kept)
    assert hashes(archive) == hashes(second)


def test_verify_is_green_and_names_the_message_of_a_flipped_octet(
    tmp_path: Path, awkward: Path
) -> None:
    """One octet of the store changed: verify says which message."""
    archive, _ = take_in(tmp_path / "a", awkward)
    good = verify(archive, NoProgress())
    with sqlite3.connect(archive.accession_path) as database:
        digest, frame = database.execute("SELECT digest, octets FROM message").fetchone()
        bad = frame[:-6] + bytes([frame[-6] ^ 1]) + frame[-5:]
        database.execute("UPDATE message SET octets = ? WHERE digest = ?", (bad, digest))
    database.close()

    report = verify(archive, NoProgress())

    assert () == good.faults
    assert (3, 1, len(AWKWARD)) == good[:3]
    assert any(digest.hex() in fault for fault in report.faults)


def test_what_cannot_be_read_is_left_out_and_the_rest_goes_on(
    tmp_path: Path, awkward: Path
) -> None:
    """A missing file and a picture: one line each, and the mail is in."""
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))

    archive, report = take_in(tmp_path / "a", tmp_path / "missing", picture, awkward)

    assert 3 == report.kept
    assert ["missing", "picture.png"] == [Path(name).name for name, _ in report.refused]
    assert all("\n" not in reason for _, reason in report.refused)
    assert 3 == archive.reader().facts().messages


def test_a_lost_catalogue_is_made_again_row_for_row(tmp_path: Path, awkward: Path) -> None:
    """Everything derived may be deleted."""
    archive, _ = take_in(tmp_path / "a", awkward)
    before = rows(archive)
    archive.catalogue_path.unlink()

    take_in(tmp_path / "a")

    assert before == rows(archive)


def rows(archive: Archive) -> dict[str, list[object]]:
    """Every row of the catalogue."""
    database = sqlite3.connect(archive.catalogue_path)
    tables = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    ).fetchall()
    found = {
        name: sorted(database.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
        for (name,) in tables
    }
    database.close()
    return found


def test_r16_any_number_of_workers_gives_the_same_rows(tmp_path: Path) -> None:
    """One process or two: the same catalogue."""
    sample = Path(__file__).parents[2] / "samples" / "keepers.mbox"
    one, _ = take_in(tmp_path / "one", sample, jobs=1)
    two, _ = take_in(tmp_path / "two", sample, jobs=2)

    assert rows(one) == rows(two)


def test_no_log_is_left_beside_the_databases(tmp_path: Path, awkward: Path) -> None:
    """Workers end without closing what they read; the archive is whole files all the same."""
    archive, _ = take_in(tmp_path / "a", awkward, jobs=2)

    archive.settle()

    assert [] == [path.name for path in archive.folder.iterdir() if "-" in path.name]


def test_a_thread_is_found_by_its_headers(tmp_path: Path, awkward: Path) -> None:
    """Three messages, one below the other, with the evidence of each link."""
    archive, _ = take_in(tmp_path / "a", awkward)
    reader = archive.reader()
    [first] = reader.holders("one@example.org")

    tree = reader.tree(reader.thread_of(first.key))

    assert [0, 1, 2] == [node.depth for node in tree]
    assert [None, "in-reply-to", "in-reply-to"] == [
        node.evidence and node.evidence.value for node in tree
    ]


@pytest.mark.corpus
def test_the_smallest_dump_is_all_there(tmp_path: Path, corpus: Path) -> None:
    """976 messages, 2,254,089 octets, every hash of 1992 known beforehand."""
    dump = corpus / "cypherpunks" / "cyp-1992.txt.xz"
    truth = corpus / "cypherpunks" / "truth" / "dates.tsv"
    known = {
        line.split("\t")[0] for line in truth.read_text("utf-8", "replace").split("\n")
    }

    archive, report = take_in(tmp_path / "a", dump, jobs=2)

    [row] = archive.reader().sources()
    assert (976, 976, 2_254_089) == (report.read, report.kept, row.length)
    assert row.balanced
    assert set() == hashes(archive) - known
    assert () == verify(archive, NoProgress()).faults
