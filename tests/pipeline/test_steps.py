"""An archive that grows step by step has the rows of one made at once."""

from __future__ import annotations

import lzma
import re
import sqlite3
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from posterity.cli.work import bring_up_to_date
from posterity.executor import SerialExecutor
from posterity.export.tables import export_tables
from posterity.pipeline import NoProgress, ingest, rejoining
from posterity.relate import quotes, statements
from posterity.relate.shingles import I64
from posterity.sources import ReadOptions
from posterity.store import Archive

SAMPLES = Path(__file__).parents[2] / "samples"
SEPARATOR = re.compile(rb"^From \S+  ?\w{3} .*\r?\n", re.MULTILINE)

TABLES = {
    "message": "SELECT m.digest, m.utc, m.date_evidence, m.date_error, m.date_detail, m.listed,"
    " p.slug, r.digest FROM message m JOIN person p ON p.id = m.person"
    " JOIN thread t ON t.id = m.thread JOIN message r ON r.id = t.root",
    "thread": "SELECT r.digest, messages, counted, people, first, last FROM thread t"
    " JOIN message r ON r.id = t.root",
    "node": "SELECT r.digest, position, m.digest, ghost, parent, depth, evidence, strength,"
    " detail FROM node n JOIN thread t ON t.id = n.thread JOIN message r ON r.id = t.root"
    " LEFT JOIN message m ON m.id = n.message",
    "edge": "SELECT c.digest, p.digest FROM edge JOIN message c ON c.id = child"
    " JOIN message p ON p.id = parent",
    "witness": "SELECT c.digest, kind, p.digest, strength, detail FROM witness"
    " JOIN message c ON c.id = child JOIN message p ON p.id = parent",
    "person": "SELECT slug, name, posts, first, last FROM person",
    "spelling": "SELECT from_written, slug, s.name, address, s.posts, evidence, detail"
    " FROM spelling s JOIN person p ON p.id = s.person",
    "copy": "SELECT m.digest, f.digest, how FROM copy c JOIN message m ON m.id = c.message"
    " JOIN message f ON f.id = c.first",
    "quote": "SELECT m.digest, q.first, last, o.digest, origin_first, origin_last FROM quote q"
    " JOIN message m ON m.id = q.message JOIN message o ON o.id = q.origin",
}
"""What relate finds, messages by their hashes."""


@pytest.fixture(name="continued", autouse=True)
def _continued(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each time a list was joined that was joined before: whether in part only.

    However much of a small list is new, it is joined in part.
    """
    monkeypatch.setattr(rejoining, "MUCH", 0)
    found: list[bool] = []
    pairs = rejoining.Rejoining.pairs

    def counted(
        self: rejoining.Rejoining, utc: I64, places: I64
    ) -> rejoining.Rejoined | None:
        result = pairs(self, utc, places)
        found.append(result is not None)
        return result

    monkeypatch.setattr(rejoining.Rejoining, "pairs", counted)
    return found


def rows(archive: Archive) -> dict[str, list[Any]]:
    """Everything that relate found."""
    with sqlite3.connect(archive.catalogue_path) as database:
        found = {
            name: sorted(database.execute(question), key=repr)
            for name, question in TABLES.items()
        }
    database.close()
    return found


def step(archive: Archive, folder: Path, name: str, mail: bytes, said: str = "") -> None:
    """Import some mail, and what the keeper says."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(mail)
    if said:
        with archive.amendments_path.open("a", encoding="utf-8") as file:
            file.write(said)
    run = SerialExecutor()
    ingest(archive, [str(folder / name)], ReadOptions(), run, NoProgress())
    bring_up_to_date(archive, run, NoProgress())


def tables(archive: Archive, folder: Path) -> dict[str, bytes]:
    """What `export tables` writes."""
    export_tables(archive, folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def pieces(octets: bytes, number: int) -> list[bytes]:
    """An mbox in pieces of about as many messages."""
    starts = [found.start() for found in SEPARATOR.finditer(octets)]
    edges = [starts[len(starts) * n // number] for n in range(number)] + [len(octets)]
    return [octets[first:last] for first, last in pairwise(edges)]


def check_steps(tmp_path: Path, mail: Sequence[bytes]) -> None:
    """The pieces of a list, imported one after the other, and at once."""
    names = [f"{number:03}.mbox" for number in range(len(mail))]
    stepwise = Archive.create(tmp_path / "steps")
    for name, piece in zip(names, mail, strict=True):
        step(stepwise, tmp_path / "in", name, piece)
    at_once = Archive.create(tmp_path / "once")
    run = SerialExecutor()
    sources = [str(tmp_path / "in" / name) for name in names]
    ingest(at_once, sources, ReadOptions(), run, NoProgress())
    bring_up_to_date(at_once, run, NoProgress())

    assert rows(at_once) == rows(stepwise)
    assert tables(at_once, tmp_path / "T1") == tables(stepwise, tmp_path / "T2")


@pytest.mark.parametrize("backwards", [False, True])
def test_the_sample_list_in_steps(
    tmp_path: Path, continued: list[bool], backwards: bool
) -> None:
    """Fifteen steps, onwards and from the end: late parents are adopted."""
    mail = pieces((SAMPLES / "keepers.mbox").read_bytes(), 15)
    check_steps(tmp_path, mail[::-1] if backwards else mail)

    assert sum(continued) >= 8  # in others recovered mail changed


def letter(who: str, number: int, subject: str, text: str, more: str = "") -> bytes:
    """A letter of the day of March 1996 that its number says."""
    date = f"Date: {number} Mar 1996 21:10:00 +0000\n" if "Date:" not in more else ""
    address = f"{who.rsplit(maxsplit=1)[-1].lower()}@example.org"
    return (
        f"From {address} Mon Mar  4 21:10:00 1996\n"
        f"From: {who} <{address}>\n{date}{more}"
        f"Message-ID: <{number}.{address}>\n"
        f"Subject: {subject}\n\n{text}\n\n"
    ).encode()


LAMP = "The lamp of the west tower went out twice in the storm of last night, at four."
OIL = "Whoever trims the wicks should also see that the oil is not mixed with water."
FOG = "Seven ships lay off the bar until the fog lifted, and none of them was harmed."
QUOTED = f"> {LAMP}\n> {OIL}\n"
NEVER = "Date: not said\n"

STORIES: dict[str, list[tuple[bytes, str]]] = {
    "late parent": [
        (letter("Ann Poe", 9, "Re: lamp", f"{QUOTED}\nSo it was."), ""),
        (letter("Bo Ray", 10, "Re: lamp", f">{QUOTED[:80]}\n> So it was.\nNo."), ""),
        (letter("Cy Orr", 4, "lamp", f"{LAMP}\n{OIL}"), ""),
        (letter("Di Fox", 3, "oil", f"{OIL}\n{FOG}"), ""),
    ],
    "copy before its original": [
        (letter("Cy Orr", 6, "lamp", f"{LAMP}\n{OIL}\n{FOG}"), ""),
        (letter("Ann Poe", 9, "Re: lamp", f"{QUOTED}\nSo it was."), ""),
        (letter("Cy Orr", 8, "lamp", f"{LAMP}\n{OIL}\n{FOG}"), ""),
        (letter("Cy Orr", 4, "lamp", f"{LAMP}\n{OIL}\n{FOG}"), ""),
        (letter("Cy Orr", 21, "lamp", f"{LAMP}\n{OIL}\n{FOG}"), ""),
        (letter("Cy Orr", 15, "lamp", f"{LAMP}\n{OIL}\n{FOG}"), ""),
    ],
    "too frequent": [
        (letter("Cy Orr", 4, "lamp", f"{LAMP}\n{FOG}"), ""),
        (letter("Ann Poe", 9, "Re: lamp", f"> {LAMP}\n> {FOG}\nSo it was."), ""),
        (letter("Di Fox", 10, "one", f"{LAMP}\nHm."), ""),
        (letter("Ed Roe", 11, "two", f"{LAMP}\nHm, hm."), ""),
        (letter("Flo Day", 12, "three", f"{LAMP}\nHm, hm, hm."), ""),
        (letter("Bo Ray", 13, "Re: lamp", f"> {LAMP}\nNo."), ""),
    ],
    "somebody who was named writes": [
        (letter("Cy Orr", 4, "lamp", f"{LAMP}\n{OIL}"), ""),
        (letter("Ann Poe", 9, "news", f"Di Fox wrote:\n{QUOTED}\nSo it was."), ""),
        (letter("Di Fox", 3, "oil", "I shall be away until the end of the month."), ""),
        (letter("Dinah Fox", 5, "oil", f"I am back. {LAMP} {OIL}"), ""),
    ],
    "a time is corrected": [
        (letter("Cy Orr", 4, "lamp", f"{LAMP}\n{OIL}"), ""),
        (letter("Di Fox", 5, "oil", f"{LAMP}\n{OIL}"), ""),
        (letter("Ann Poe", 9, "Re: lamp", f"{QUOTED}\nSo it was."), ""),
        (letter("Ann Poe", 10, "Re: lamp", f"{QUOTED}\nSo it was."), ""),
        (
            letter("Bo Ray", 12, "fog", FOG),
            '[[retime]]\nmessage = "{0}"\nutc = "1996-03-20T00:00:00Z"\ndate = "1997-01-01"\n',
        ),
        (
            letter("Bo Ray", 13, "fog", FOG),
            '[[reattach]]\nmessage = "{3}"\nparent = "{1}"\ndate = "1997-01-01"\nreason = "y"\n',
        ),
    ],
    "a time is estimated otherwise": [
        (letter("Cy Orr", 4, "lamp", f"{LAMP}\n{OIL}", NEVER), ""),
        (letter("Di Fox", 5, "oil", f"{LAMP}\n{OIL}"), ""),
        (letter("Ann Poe", 9, "Re: lamp", f"{QUOTED}\nSo it was."), ""),
        (
            letter("Bo Ray", 12, "Re: lamp", FOG, "In-Reply-To: <4.orr@example.org>\n"),
            "",
        ),
        (
            letter("Bo Ray", 3, "Re: lamp", FOG, "In-Reply-To: <4.orr@example.org>\n"),
            "",
        ),
    ],
}
"""Lists that grow by a letter at a time, and by what the keeper says."""


@pytest.mark.parametrize("story", STORIES)
def test_after_each_step_all_is_as_if_made_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, continued: list[bool], story: str
) -> None:
    """Each step compared with an archive of the same mail that is related from nothing."""
    for module in (statements, rejoining):
        monkeypatch.setattr(module, "FREQUENT", 3)
    for module in (quotes, rejoining):
        monkeypatch.setattr(module, "CITES_KEPT", 2)
    grown = Archive.create(tmp_path / "steps")
    mail, said, found = b"", "", []
    for number, (octets, template) in enumerate(STORIES[story]):
        amendment = _filled(template, grown) if template else ""
        mail, said = mail + octets, said + amendment
        step(grown, tmp_path / "in", f"{number}.mbox", octets, amendment)
        whole = Archive.create(tmp_path / f"once-{number}")
        step(
            whole, tmp_path / f"in-{number}", "0.mbox", octets if not number else mail, said
        )
        found.append(rows(grown))
        if story != "a time is estimated otherwise":
            assert rows(whole) == found[-1]
        kept = grown.shingles_path / "quotes.npz"
        kept.rename(tmp_path / "kept")
        _relate_from_nothing(grown)
        assert rows(grown) == found[-1]
        (tmp_path / "kept").rename(kept)

    assert [True] * (len(found) - 1) == continued
    assert len({repr(one) for one in found}) == len(found)


def _filled(template: str, archive: Archive) -> str:
    """An amendment with the hashes of the messages it names by number."""
    with sqlite3.connect(archive.catalogue_path) as database:
        digests = database.execute("SELECT lower(hex(digest)) FROM message ORDER BY id")
        found = template
        for number, (digest,) in enumerate(digests):
            found = found.replace(f"{{{number}}}", digest)
    database.close()
    return found


def _relate_from_nothing(archive: Archive) -> None:
    with sqlite3.connect(archive.catalogue_path) as database:
        database.execute("UPDATE meta SET value = NULL WHERE key = 'related'")
    database.close()
    bring_up_to_date(archive, SerialExecutor(), NoProgress())


@pytest.mark.corpus
def test_a_year_in_steps(corpus: Path, tmp_path: Path, continued: list[bool]) -> None:
    """The 976 messages of 1992 in six steps, and at once."""
    dump = lzma.decompress((corpus / "cypherpunks" / "cyp-1992.txt.xz").read_bytes())
    check_steps(tmp_path, pieces(dump, 6))

    assert any(continued)


def test_little_that_is_new_is_joined_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, continued: list[bool]
) -> None:
    """And where much is new, all is joined anew."""
    monkeypatch.setattr(rejoining, "MUCH", 8)
    many = b"".join(pieces((SAMPLES / "keepers.mbox").read_bytes(), 15)[:10])
    archive = Archive.create(tmp_path / "A")
    step(archive, tmp_path / "in", "0.mbox", many)
    step(archive, tmp_path / "in", "1.mbox", STORIES["late parent"][0][0])
    step(archive, tmp_path / "in", "2.mbox", many.replace(b"lamp", b"light"))

    assert [True, False] == continued
