"""Rows T1-T8 of the robustness table: what is withdrawn is gone, and can come back."""

from __future__ import annotations

import base64
import gzip
import hashlib
import quopri
import re
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from posterity.amendments import phrase_digest
from posterity.cli.work import bring_up_to_date
from posterity.errors import ArchiveError
from posterity.executor import executor
from posterity.export.maildir import export_maildir
from posterity.export.mbox import export_mbox
from posterity.export.tables import export_tables
from posterity.pipeline import NoProgress, ingest, verify
from posterity.site import publish
from posterity.site.moved import missing_urls
from posterity.sources import ReadOptions
from posterity.store import Archive, catalogue
from posterity.store.amended import set_facts
from posterity.store.batches import Spoken
from posterity.store.catalogue import Derived
from posterity.store.searchindex import SearchIndex

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SECRET = "the spare key hangs behind the barometer in the hall"
PHONE = "555 0142"


def letter(
    number: int, who: str, subject: str, text: str, parent: int = 0, more: str = ""
) -> bytes:
    """A message of a list in March 1996."""
    answer = f"In-Reply-To: <{parent}@example.org>\n" if parent else ""
    return (
        f"From {who}@example.org Mon Mar  4 21:10:00 1996\n"
        f"From: {who.title()} Keeper <{who}@example.org>\n"
        f"Date: {3 + number} Mar 1996 21:10:00 +0000\n"
        f"Message-ID: <{number}@example.org>\n{answer}{more}"
        f"Subject: {subject}\n\n{text}\n\n"
    ).encode()


ENCODED = base64.encodebytes(
    f"> I went early. You should know that {SECRET}\n> so come.\n\nIn base64, no less.\n".encode()
).decode()
PRINTABLE = quopri.encodestring(
    f"> {SECRET}\n\nCaf=E9 indeed, caf\xe9 too.\n".encode("latin-1")
).decode()

LIST = b"".join(
    (
        letter(
            1,
            "ada",
            "The hall",
            f"I went early. You should know that {SECRET}\nso come when you like.\n"
            f"My number is {PHONE}.\n\nBring bread.",
        ),
        letter(
            2,
            "bo",
            "Re: The hall",
            "Ada wrote:\n> I went early. You should know that the spare key\n> hangs behind"
            " the barometer in the hall\n> so come when you like.\n\nThe dog will be glad.",
            1,
        ),
        letter(
            3,
            "cy",
            "Re: The hall",
            ENCODED,
            1,
            "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
            "Content-Transfer-Encoding: base64\n",
        ),
        letter(
            4,
            "di",
            "Re: The hall",
            PRINTABLE,
            2,
            "MIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\n"
            "Content-Transfer-Encoding: quoted-printable\n",
        ),
        letter(5, "ed", "Elsewhere", "Nothing of this matters to the reef or its lamp."),
        letter(6, "flo", "Keep out", "Please forget this one.", 0, "X-No-Archive: yes\n"),
    )
)


def digest_of(number: int) -> str:
    """The hash of a letter of the list."""
    pieces = re.split(rb"(?m)^From \S+@example.org Mon .*\n", LIST)[1:]
    octets = pieces[number - 1].removesuffix(b"\n").replace(b"\n", b"\r\n")
    return hashlib.sha256(octets + b"\r\n").hexdigest()


class Keeper:
    """Builds and rebuilds one archive and its site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder / "S"
        self.mbox = folder / "hall.mbox"
        self.mbox.write_bytes(LIST)
        self.archive = Archive.create(folder / "A")
        self.built = 0
        self.take_in(self.mbox)

    def take_in(self, *sources: Path) -> None:
        """Import and publish."""
        self.archive = Archive.open(self.folder / "A")
        with executor(1) as run:
            ingest(self.archive, [*map(str, sources)], ReadOptions(), run, NoProgress())
        self.build()

    def build(self) -> None:
        """Bring everything up to date and publish."""
        self.built += 1
        self.archive = Archive.open(self.folder / "A")
        with executor(1) as run:
            bring_up_to_date(self.archive, run, NoProgress())
            publish(self.archive, self.site, run, NoProgress(), self.built)

    def amend(self, text: str) -> None:
        """Write amendments.toml and build."""
        self.archive.amendments_path.write_text(text, "utf-8")
        self.build()

    def settings(self, text: str) -> None:
        """Write posterity.toml and build."""
        (self.archive.folder / "posterity.toml").write_text(text, "utf-8")
        self.build()

    def page(self, number: int) -> str:
        """The page of a letter."""
        return (self.site / f"archive/1996/03/{digest_of(number)}.html").read_text("utf-8")

    def export(self) -> Path:
        """Every export there is."""
        to = self.folder / f"exports-{self.built}"
        to.mkdir()
        export_mbox(self.archive, to / "all.mbox")
        export_maildir(self.archive, to / "maildir")
        export_tables(self.archive, to / "tables")
        return to

    def tree(self, number: int) -> list[tuple[str, int]]:
        """(hash, depth) of the thread of a letter."""
        reader = self.archive.reader()
        key = reader.keys_by_digest()[digest_of(number)]
        nodes = reader.tree(reader.thread_of(key))
        reader.close()
        return [(str(node.message.digest), node.depth) for node in nodes if node.message]


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(tmp_path)


HIDE = f"""\
[[hide]]
message = "{digest_of(1)}"
reason = "asked for by the author"
date = 2024-05-01
"""


def everything_in(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file, and all that can be read out of it."""
    dictionaries: list[zstd.ZstdDict | None] = [None]
    for path in folder.rglob("accession.db"):
        with sqlite3.connect(path) as database:
            rows = database.execute("SELECT octets FROM dictionary").fetchall()
        database.close()
        dictionaries += [zstd.ZstdDict(row[0]) for row in rows]
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            for octets in unfolded(path.read_bytes(), dictionaries):
                yield path, octets


def unfolded(
    octets: bytes, dictionaries: Sequence[zstd.ZstdDict | None]
) -> Iterator[bytes]:
    """Octets, and what is compressed or encoded in them."""
    yield octets
    plain = [octets]
    if octets.startswith(b"\x1f\x8b"):
        plain.append(gzip.decompress(octets))
    for found in re.finditer(rb"\x28\xb5\x2f\xfd", octets):
        for one in dictionaries:
            try:
                frame = zstd.ZstdDecompressor(one).decompress(octets[found.start() :])
            except zstd.ZstdError:
                continue
            plain.append(frame)
            break
    for text in plain:
        yield text
        yield quopri.decodestring(text)
        for run in re.finditer(rb"(?:[A-Za-z0-9+/]{8,76}={0,2}\r?\n){1,}", text):
            signs = b"".join(run[0].split())
            yield base64.b64decode(signs.rstrip(b"=")[: len(signs) // 4 * 4] + b"==")


def holders(folder: Path, phrase: str) -> set[str]:
    """Names of files that hold a phrase, however wrapped, quoted or marked up."""
    wanted = " ".join(phrase.split()).encode()
    between = re.compile(rb"(?:\s|>|&gt;|<[^<>]{0,400}>)+")
    return {
        path.name
        for path, octets in everything_in(folder)
        if wanted in between.sub(b" ", octets)
    }


def test_the_grep_finds_what_is_there(keeper: Keeper) -> None:
    """Else its silence would prove nothing."""
    found = holders(keeper.folder, SECRET)

    assert found & {"accession.db", "accession.db-wal"}
    assert {f"{digest_of(n)}.html" for n in (1, 2, 3, 4)} <= found
    assert {f"{digest_of(n)}.eml" for n in (1, 2, 3, 4)} <= found
    assert "03.mbox.gz" in found


def test_t1_a_hidden_message_is_gone_from_everything_but_the_accession(
    keeper: Keeper,
) -> None:
    """T1: pages, raw, feeds, mbox, search, exports, and three replies that quoted it."""
    keeper.amend(HIDE)

    assert set() == holders(keeper.site, SECRET)
    assert set() == holders(keeper.export(), SECRET)
    assert set() == holders(keeper.site, PHONE)
    assert "asked for by the author" in keeper.page(1)
    assert "2024-05-01" in keeper.page(1)
    assert not (keeper.site / f"raw/{digest_of(1)}.eml").exists()


def test_t1_the_replies_stay_with_their_own_words(keeper: Keeper) -> None:
    """T1: what they say themselves is nobody's but theirs; the copy says it is one."""
    keeper.amend(HIDE)

    assert "The dog will be glad." in keeper.page(2)
    assert "In base64, no less." in keeper.page(3)
    assert "indeed" in keeper.page(4)
    raw = (keeper.site / f"raw/{digest_of(2)}.eml").read_bytes()
    assert raw.startswith(b"X-Posterity-Original: " + digest_of(2).encode())
    assert "took words out" in keeper.page(2)


def test_t2_re_import_brings_nothing_back(keeper: Keeper) -> None:
    """T2: the same mail under another name, and our own redacted export, change nothing."""
    keeper.amend(HIDE)
    copies = keeper.export() / "all.mbox"
    again = keeper.folder / "again.mbox"
    again.write_bytes(LIST)
    keeper.take_in(again, copies)

    assert set() == holders(keeper.site, SECRET)
    assert 6 == len(keeper.archive.reader().keys_by_digest())
    assert () == verify(keeper.archive, NoProgress()).faults


def test_t3_rebuilding_from_raw_brings_nothing_back(keeper: Keeper) -> None:
    """T3: the list of removals is a plain file, and all else may be thrown away."""
    keeper.amend(HIDE)
    before = {p: p.read_bytes() for p in keeper.site.rglob("*.html")}
    keeper.archive.catalogue_path.unlink()
    keeper.build()

    assert set() == holders(keeper.site, SECRET)
    assert before == {p: p.read_bytes() for p in keeper.site.rglob("*.html")}


@pytest.mark.parametrize(
    "how",
    [
        f'text = "{PHONE}"',
        r'pattern = "\\b555 \\d{4}\\b"',
        'sha256 = "{0}"\nwords = {1}',
    ],
)
def test_t4_words_are_redacted_in_one_message(keeper: Keeper, how: str) -> None:
    """T4: by themselves, by pattern, or by digest; the page says so, the rest stays."""
    keeper.amend(
        f'[[redact]]\nmessage = "{digest_of(1)}"\nreason = "a telephone"\n'
        + (how.format(*phrase_digest(PHONE)) if "{0}" in how else how)
    )

    assert set() == holders(keeper.site, PHONE)
    assert set() == holders(keeper.export(), PHONE)
    assert "a telephone" in keeper.page(1)
    assert "Bring bread." in keeper.page(1)
    assert f"{digest_of(2)}.html" in holders(keeper.site, SECRET)


def test_t4_lines_are_redacted_and_what_quotes_them(keeper: Keeper) -> None:
    """T4: a span of one body, in encoded quotations too."""
    keeper.amend(
        f'[[redact]]\nmessage = "{digest_of(1)}"\nfirst = 1\nlast = 1\nreason = "x"\n'
    )

    assert set() == holders(keeper.site, SECRET)
    assert "Bring bread." in keeper.page(1)


@pytest.mark.parametrize("policy", ["mask", "hide"])
def test_t5_no_mailbox_address_is_left(keeper: Keeper, policy: str) -> None:
    """T5: in no page, feed, original, export or table; a Message-ID is no mailbox."""
    keeper.settings(f'addresses = "{policy}"\n')
    found = holders(keeper.site, "ada@example.org") | holders(
        keeper.export(), "ada@example.org"
    )

    assert set() == found
    raw = (keeper.site / f"raw/{digest_of(2)}.eml").read_bytes()
    assert b"In-Reply-To: <1@example.org>" in raw
    assert 0o600 == keeper.archive.accession_path.stat().st_mode & 0o777


def test_t6_nobody_reads_before_it_is_applied(keeper: Keeper) -> None:
    """T6: between the word and the build, the archive is closed to readers."""
    keeper.archive.amendments_path.write_text(HIDE, "utf-8")

    with pytest.raises(ArchiveError, match="what is withdrawn was changed"):
        keeper.archive.reader()


def published(site: Path) -> dict[Path, bytes]:
    """Every file that readers are shown."""
    return {
        path: path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and ".posterity" not in path.parts
    }


def test_t7_undone_it_comes_back_at_its_url(keeper: Keeper) -> None:
    """T7: with its thread place, its octets, and what quoted it."""
    before = published(keeper.site)
    keeper.amend(HIDE)
    keeper.amend("")

    assert before == published(keeper.site)
    assert SECRET in keeper.page(1).replace("\n", " ")


def test_t8_the_tree_is_intact_without_its_root(keeper: Keeper) -> None:
    """T8: every reply stands where it stood, under a place that says withdrawn."""
    before = keeper.tree(1)
    keeper.amend(HIDE)

    assert before == keeper.tree(1)
    thread = (keeper.site / f"thread/{digest_of(1)}.html").read_text("utf-8")
    assert "This message was withdrawn." in thread


def test_t8_an_attachment_alone_is_gone_from_disk(tmp_path: Path) -> None:
    """T8: its file is gone, and it is in no original; the text of the message stays."""
    keeper = Keeper(tmp_path)
    content = b"\x89PNG\r\n\x1a\n a picture of the hall"
    mail = tmp_path / "picture.mbox"
    mail.write_bytes(
        letter(
            8,
            "hal",
            "A picture",
            "--x\nContent-Type: text/plain\n\nHere it is.\n--x\nContent-Type: image/png\n"
            "Content-Disposition: attachment; filename=hall.png\n"
            "Content-Transfer-Encoding: base64\n\n"
            f"{base64.encodebytes(content).decode()}--x--",
            0,
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n",
        )
    )
    keeper.take_in(mail)
    file = keeper.site / f"attachments/{hashlib.sha256(content).hexdigest()}.png"
    assert content == file.read_bytes()
    [(digest, *_)] = [
        (str(row.digest),) for _, row in keeper.archive.reader().all_attachments()
    ]
    keeper.amend(f'[[redact]]\nmessage = "{digest}"\npart = "2"\nreason = "a face"\n')

    page = (keeper.site / f"archive/1996/03/{digest}.html").read_text("utf-8")
    assert not file.exists()
    assert set() == holders(keeper.site, "a picture of the hall")
    assert "Here it is." in page
    assert "a face" in page


@pytest.mark.parametrize("kind", ["hide", "erase"])
def test_every_url_stays(keeper: Keeper, kind: str) -> None:
    """Whatever is withdrawn, no address that was published is dead."""
    keeper.amend(HIDE.replace("hide", kind))

    assert [] == missing_urls(keeper.archive, keeper.site)


def test_erased_octets_are_in_no_file(keeper: Keeper) -> None:
    """Not in the accession, its log, its dictionary, the catalogue, nor in replies."""
    keeper.mbox.unlink()
    keeper.amend(HIDE.replace("hide", "erase"))

    assert set() == holders(keeper.folder, SECRET)
    assert "asked for by the author" in keeper.page(1)
    report = verify(keeper.archive, NoProgress())
    assert ((), 1) == (report.faults, len(report.notes))
    assert (digest_of(1), 0) == keeper.tree(1)[0]


def test_an_erased_message_does_not_come_back(keeper: Keeper) -> None:
    """Nor do its words by way of those that quoted them, or of a new quotation."""
    keeper.amend(HIDE.replace("hide", "erase"))
    again = keeper.folder / "again.mbox"
    again.write_bytes(
        LIST
        + letter(
            7,
            "gus",
            "Re: The hall",
            f"> I went early. You should know that {SECRET}\n\nI found it.",
            1,
        )
    )
    keeper.take_in(again)

    assert set() == holders(keeper.site, SECRET)
    raw = b"".join(path.read_bytes() for path in keeper.site.glob("raw/*.eml"))
    assert b"I found it." in raw


def test_a_wish_not_to_be_archived_is_honoured_by_setting(keeper: Keeper) -> None:
    """By default it is kept, for it was published once; a setting hides it."""
    assert "Please forget this one." in keeper.page(6)
    keeper.settings("honour_no_archive = true\n")

    assert "Please forget this one." not in keeper.page(6)
    assert "asked for it not to be archived" in keeper.page(6)


def test_links_times_and_people_are_set_right(keeper: Keeper) -> None:
    """reattach, detach, retime and merge, each with its evidence."""
    keeper.amend(
        f'[[reattach]]\nmessage = "{digest_of(5)}"\nparent = "{digest_of(2)}"\n'
        f'[[detach]]\nmessage = "{digest_of(3)}"\n'
        f'[[retime]]\nmessage = "{digest_of(4)}"\nutc = 1996-04-01T00:00:00Z\n'
        '[[merge]]\npeople = ["bo@example.org", "cy@example.org"]\n'
    )
    reader = keeper.archive.reader()
    keys = reader.keys_by_digest()

    assert [digest_of(n) for n in (1, 2, 5, 4)] == [one for one, _ in keeper.tree(1)]
    assert [(digest_of(3), 0)] == keeper.tree(3)
    row = reader.message(keys[digest_of(4)])
    assert (828_316_800, "amendment", "1996/03") == (row.utc, row.date_evidence, row.month)
    assert (
        reader.message(keys[digest_of(2)]).person
        == reader.message(keys[digest_of(3)]).person
    )


def test_a_thread_that_lost_its_root_leads_on(keeper: Keeper) -> None:
    """The old thread page redirects to where its first message stands now."""
    keeper.amend(f'[[reattach]]\nmessage = "{digest_of(1)}"\nparent = "{digest_of(5)}"\n')

    old = (keeper.site / f"thread/{digest_of(1)}.html").read_text("utf-8")
    assert f"{digest_of(5)}.html" in old
    assert [] == missing_urls(keeper.archive, keeper.site)


def test_a_false_tail_is_shown_with_its_message(tmp_path: Path) -> None:
    """The head's page has the whole; the tail's leads there."""
    keeper = Keeper(tmp_path)
    keeper.amend(f'[[join]]\nmessage = "{digest_of(5)}"\ntail = "{digest_of(6)}"\n')

    assert "Please forget this one." in keeper.page(5)
    assert f"{digest_of(5)}.html" in keeper.page(6)
    assert "Please forget this one." not in keeper.page(6)


def test_incremental_equals_anew(keeper: Keeper) -> None:
    """Amended before the mail came or after it: the same pages, but for what led on."""
    keeper.amend(HIDE)
    other = Archive.create(keeper.folder / "B")
    other.amendments_path.write_text(HIDE, "utf-8")
    (other.folder / "posterity.toml").write_text('title = "A"\n', "utf-8")
    other = Archive.open(other.folder)
    with executor(1) as run:
        ingest(other, [str(keeper.mbox)], ReadOptions(), run, NoProgress())
        bring_up_to_date(other, run, NoProgress())
        publish(other, keeper.folder / "T", run, NoProgress())

    ours = {p.relative_to(keeper.site): p.read_bytes() for p in keeper.site.rglob("*.html")}
    theirs = {
        p.relative_to(keeper.folder / "T"): p.read_bytes()
        for p in (keeper.folder / "T").rglob("*.html")
    }
    assert theirs == {path: ours[path] for path in theirs}


def test_other_mail_leaves_what_is_withdrawn_as_it_is(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No row of it is written again, and no word of it taken anew; but of what repeats it."""
    keeper.amend(HIDE)
    written: list[int] = []
    put, replace = set_facts, SearchIndex.replace

    def seen_put(database: sqlite3.Connection, rows: Sequence[Derived]) -> None:
        written.append(len(rows))
        put(database, rows)

    def seen_replace(self: SearchIndex, messages: Sequence[Spoken]) -> None:
        written.append(len(messages))
        replace(self, messages)

    monkeypatch.setattr(catalogue, "set_facts", seen_put)
    monkeypatch.setattr(SearchIndex, "replace", seen_replace)
    later = keeper.folder / "later.mbox"
    later.write_bytes(letter(10, "gus", "Weather", "A calm night at last."))
    keeper.take_in(later)
    assert sum(written) == 0

    later.write_bytes(letter(11, "hal", "Re: The hall", f"> that {SECRET}\n\nWhere?", 1))
    keeper.take_in(later)
    assert sum(written) == 1
    assert not holders(keeper.site, SECRET)


def test_what_is_done_is_in_the_log(keeper: Keeper) -> None:
    """Every change of the amendments, and every erasure, with its time."""
    keeper.amend(HIDE)
    keeper.amend(HIDE.replace("hide", "erase"))
    accession = keeper.archive.accession()
    events = accession.events()
    accession.close()

    kinds = [what for _, what, _ in events]
    assert ["amendments", "amendments", "erased"] == [
        kind for kind in kinds if kind in {"amendments", "erased"}
    ]
