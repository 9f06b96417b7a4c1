from __future__ import annotations

import dataclasses
import gzip
import os
import socket
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from posterity.errors import FramingError, RefusedError, SourceError
from posterity.sources import (
    ReadOptions,
    Refused,
    Source,
    open_sources,
    prefix_digest,
    read_source,
    walking,
)
from posterity.sources.extent import Extent
from posterity.sources.files import Folder, MailFile, folder_source

ENVELOPE = b"From ann@example.org Mon Jan  5 10:49:28 1998\r\n"
Letter = Callable[..., bytes]
Reader = Callable[..., Any]
Tree = Callable[[dict[str | bytes, bytes]], Path]


def mbox(letter: Letter, *numbers: int) -> bytes:
    return b"".join(ENVELOPE + letter(n) + b"\r\n" for n in numbers)


# -- Maildir ---------------------------------------------------------------------------


def test_p15_a_maildir_is_one_source(read: Reader, tree: Tree, letter: Letter) -> None:
    """P15: cur and new by name, which begins with the time; tmp is not delivered yet."""
    top = tree(
        {
            "cur/3.a.host:2,S": letter(3),
            "cur/1.b.host:2,RS": letter(1).replace(b"\r\n", b"\n"),
            "new/2.c.host": letter(2),
            "tmp/4.d.host": letter(4),
            "dovecot-uidlist": b"3 V1 N5\n",
            "dovecot.index.log": b"\x01\x02",
            "subscriptions": b"Work\n",
        }
    )

    found = read(top)

    assert [("maildir", "")] == found.names
    assert [letter(1), letter(2), letter(3)] == found.messages
    assert ["cur/1.b.host:2,RS", "new/2.c.host", "cur/3.a.host:2,S"] == [
        piece.member for piece in found.pieces
    ]
    assert [b"L", b"C", b"C"] == [piece.line_ends for piece in found.pieces]
    assert [] == found.refused


def test_nested_maildirs_are_sources_of_their_own(
    read: Reader, tree: Tree, letter: Letter
) -> None:
    """Maildir++ folders, and Maildirs in plain folders."""
    top = tree(
        {
            "cur/1.h:2,": letter(1),
            "new/": b"",
            ".Work.Old/cur/2.h:2,": letter(2),
            ".Work.Old/new/": b"",
            ".Work.Old/maildirfolder": b"",
            "deep/er/cur/3.h:2,": letter(3),
        }
    )

    found = read(top)

    assert [
        ("maildir", ""),
        ("maildir", ".Work.Old"),
        ("maildir", "deep/er"),
    ] == found.names
    assert [letter(1), letter(2), letter(3)] == found.messages


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("1.h:2,ST", True),
        ("1.h:2,T", True),
        ("1.h;2,T", True),
        ("1.h!2,T", True),
        ("1.h:2,S", False),
        ("1.T.h:2,", False),
        ("1.h,S=20:2,DFPRS", False),
    ],
)
def test_p17_trashed_maildir_messages_are_left_out(
    read: Reader, tree: Tree, letter: Letter, name: str, left_out: bool
) -> None:
    """P17: flag T, with the reason; an option keeps them."""
    top = tree({"cur/" + name: letter(1), "cur/2.h:2,": letter(2), "new/": b""})

    found = read(top)

    assert ["quarantined" if left_out else "message", "message"] == found.kinds
    assert left_out is ("flag T" in found.pieces[0].reason)
    assert [letter(1), letter(2)] == read(
        top, options=ReadOptions(keep_deleted=True)
    ).messages


def test_a_compressed_maildir_is_read(read: Reader, tree: Tree, letter: Letter) -> None:
    """Dovecot's zlib plugin keeps each message as gzip."""
    top = tree({"cur/1.h,S=9:2,": gzip.compress(letter(1)), "new/": b""})

    assert [letter(1)] == read(top).messages


def test_cur_and_new_need_each_other(read: Reader, tree: Tree, letter: Letter) -> None:
    """A folder called `new` with an mbox in it is a folder."""
    assert [("mbox", "new/a.mbox")] == read(tree({"new/a.mbox": mbox(letter, 1)})).names


# -- MH, eml ---------------------------------------------------------------------------


def test_p15_an_mh_folder_is_read_by_number(
    read: Reader, tree: Tree, letter: Letter
) -> None:
    """P15: 2 before 10; the sequences file is no mail; folders in it are their own."""
    top = tree(
        {
            "10": letter(10),
            "2": letter(2),
            ".mh_sequences": b"cur: 2\n",
            "sub/1": letter(1),
        }
    )

    found = read(top)

    assert [("mh", ""), ("mh", "sub")] == found.names
    assert ["2", "10", "1"] == [piece.member for piece in found.pieces]
    assert [letter(2), letter(10), letter(1)] == found.messages


@pytest.mark.parametrize("mark", [",", "#"])
def test_p17_removed_mh_messages_are_left_out(
    read: Reader, tree: Tree, letter: Letter, mark: str
) -> None:
    """P17: `,4` is what rmm leaves of 4."""
    top = tree({"3": letter(3), mark + "4": letter(4)})

    found = read(top)

    assert ["message", "quarantined"] == found.kinds
    assert "removed by its reader" in found.pieces[1].reason
    assert letter(4) == found.pieces[1].octets
    assert 2 == len(read(top, options=ReadOptions(keep_deleted=True)).messages)


def test_a_number_may_be_an_mbox(read: Reader, tree: Tree, letter: Letter) -> None:
    """A file called 1996 that holds an mbox is one."""
    assert [("mbox", "1996")] == read(tree({"1996": mbox(letter, 1, 2)})).names


def test_a_single_message_is_a_source(read: Reader, letter: Letter) -> None:
    """No framing, nothing is cut off: blank lines at the end stay."""
    octets = letter(1, b"x\r\n\r\n")

    found = read(octets, name="one.eml")

    assert [octets] == found.messages
    assert ("eml", sha256(octets).hexdigest()) == (found.source.form, found.source.digest)
    assert (0, b"", b"", "") == (
        found.pieces[0].offset,
        found.pieces[0].opening,
        found.pieces[0].closing,
        found.pieces[0].member,
    )


@pytest.mark.parametrize("name", ["one.eml", "one.EML", "one.mail"])
def test_an_envelope_over_one_message_is_framing(
    read: Reader, letter: Letter, name: str
) -> None:
    """A From_ line at the top of an .eml is its opening; a blank line at the end stays."""
    octets = letter(1, b"x\r\n\r\n")

    found = read(ENVELOPE + octets, name=name)

    assert ("eml", [octets], ENVELOPE) == (
        found.source.form,
        found.messages,
        found.pieces[0].opening,
    )


def test_an_eml_of_several_separators_is_an_mbox(read: Reader, letter: Letter) -> None:
    """Names lie."""
    found = read(mbox(letter, 1, 2), name="all.eml")

    assert ("mbox", [letter(1), letter(2)]) == (found.source.form, found.messages)


def test_a_message_with_a_forwarded_envelope_is_one_message(
    read: Reader, letter: Letter
) -> None:
    """It begins with a header block, so one separator in it is text; two make an mbox."""
    octets = letter(1, b"See:\r\n\r\n" + mbox(letter, 2))

    assert [octets] == read(octets, name="msg").messages
    more = octets + mbox(letter, 3)
    assert 3 == len(read(more, name="msg").messages)
    assert [more] == read(more, name="msg.eml").messages


HEADER_AND_MORE = b"See:\r\n\r\n"


@pytest.mark.parametrize(("letters", "doubtful", "messages"), [(2, 1, 3), (1, 1, 4)])
def test_a_letter_with_pasted_mail_among_letters_is_a_letter(
    read: Reader, tree: Tree, letter: Letter, letters: int, doubtful: int, messages: int
) -> None:
    """In a folder with more plain letters than such files; else it is an mbox cut open."""
    files: dict[str | bytes, bytes] = {f"a{n}": letter(n) for n in range(letters)}
    pasted = letter(8, HEADER_AND_MORE + mbox(letter, 9, 10))
    files |= {f"b{n}": pasted for n in range(doubtful)}

    assert messages == len(read(tree(files)).messages)


def test_a_numbered_letter_with_pasted_mail_is_a_letter(
    read: Reader, tree: Tree, letter: Letter
) -> None:
    """The name says that it is one message."""
    pasted = letter(8, HEADER_AND_MORE + mbox(letter, 9, 10))

    assert [pasted] == read(tree({"8": pasted})).messages


@pytest.mark.parametrize("octets", [b"Hello there.\r\n", b"\r\nFrom: a@example.org\r\n"])
def test_an_eml_without_a_header_is_marked(read: Reader, octets: bytes) -> None:
    """What the name calls a message is one, whatever it looks like."""
    found = read(octets, name="odd.eml")

    assert ([octets], "no header block") == (found.messages, found.pieces[0].reason)


def test_a_truncated_single_message_says_so(read: Reader) -> None:
    """A cut .eml.gz."""
    lines = b"".join(b"%x\r\n" % (n * n * 7919) for n in range(90_000))
    stream = gzip.compress(b"From: a@example.org\r\n\r\n" + lines)

    found = read(stream[: len(stream) // 2], name="one.eml.gz")

    assert "breaks off" in found.pieces[0].reason
    assert "breaks off" in found.source.truncated


def test_a_folder_of_letters_and_mboxes(read: Reader, tree: Tree, letter: Letter) -> None:
    """Letters of a folder are one source, in order; the rest are sources of their own."""
    top = tree(
        {
            "b/9.eml": letter(9),
            "b/10.eml": letter(10),
            "b/note.eml": b"",
            "a.mbox": mbox(letter, 1, 2),
            "c.mbox.gz": gzip.compress(mbox(letter, 3)),
            "letter without an ending": letter(4),
        }
    )

    found = read(top)

    assert [
        ("eml folder", ""),
        ("mbox", "a.mbox"),
        ("mbox", "c.mbox.gz"),
        ("eml folder", "b"),
    ] == found.names
    assert [letter(n) for n in (4, 1, 2, 3, 9, 10)] == found.messages
    assert ("quarantined", "an empty file", "note.eml") == (
        found.pieces[-1].kind.value,
        found.pieces[-1].reason,
        found.pieces[-1].member,
    )
    assert {top.name} == {source.name for source in found.sources}


def test_a_folders_digest_is_of_names_and_contents(
    read: Reader, tree: Tree, letter: Letter
) -> None:
    """As netstrings, so that no other folder has the same; lengths add up."""
    a, b = letter(1), letter(2)
    found = read(tree({"1": a, "2": b}))

    framed = b"1:1,%d:%b,1:2,%d:%b," % (len(a), a, len(b), b)
    assert sha256(framed).hexdigest() == found.source.digest
    assert len(a) + len(b) == found.source.length
    assert [0, len(a)] == [piece.offset for piece in found.pieces]


def test_folders_are_read_in_batches(read: Reader, tree: Tree) -> None:
    """500 files a batch; offsets run on."""
    found = read(tree({f"{n}.eml": b"Subject: %d\r\n\r\n" % n for n in range(1, 1002)}))
    batches = found.source.batches

    assert [500, 500, 1] == [len(list(batch.read())) for batch in batches]
    assert [batch.end for batch in batches[:-1]] == [batch.start for batch in batches[1:]]
    assert found.source.length == batches[-1].end


def test_batches_of_files_are_bounded_in_octets(
    read: Reader, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that fit the limit exactly share a batch; a long one is alone."""
    monkeypatch.setattr("posterity.sources.files.BATCH_OCTETS", 40)
    sizes = [20, 20, 20, 90, 20]
    files: dict[str | bytes, bytes] = {
        f"{n}.eml": (b"Subject: %d\r\n\r\n" % n).ljust(size, b"x")
        for n, size in enumerate(sizes)
    }

    found = read(tree(files))

    assert [2, 1, 1, 1] == [len(list(batch.read())) for batch in found.source.batches]


def test_a_file_beyond_the_limit_is_set_aside(
    read: Reader, tree: Tree, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In chunks, with the reason; the others are read."""
    monkeypatch.setattr("posterity.sources.files.MESSAGE_LIMIT", 400)
    monkeypatch.setattr("posterity.sources.aside.CHUNK", 300)

    found = read(tree({"1": letter(1, b"x" * 500), "2": letter(2)}))

    assert ["quarantined", "quarantined", "quarantined", "message"] == found.kinds
    assert ["1", "1", "1", "2"] == [piece.member for piece in found.pieces]


# -- what is in the way ----------------------------------------------------------------


def test_f9_links_fifos_and_sockets_are_not_opened(
    read: Reader, tree: Tree, letter: Letter, tmp_path: Path
) -> None:
    """F9: each with a note; loops end; nothing of what a link points at is read."""
    secret = tmp_path / "secret.eml"
    secret.write_bytes(letter(99, b"secret\r\n"))
    top = tree({"cur/1.h:2,": letter(1), "new/": b"", "box/a.mbox": mbox(letter, 2)})
    (top / "cur" / "2.h:2,").symlink_to(secret)
    (top / "loop").symlink_to(top)
    (top / "box" / "up").symlink_to("..")
    (top / "dead").symlink_to("nowhere")
    os.mkfifo(top / "box" / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(top)
        server.bind("plug")
        os.chdir(here)

        found = read(top)

    assert [letter(1), letter(2)] == found.messages
    assert {
        "cur/2.h:2,": walking.SYMLINK,
        "loop": walking.SYMLINK,
        "box/up": walking.SYMLINK,
        "dead": walking.SYMLINK,
        "box/pipe": walking.SPECIAL,
    } == {r.member: r.reason for r in found.refused if r.member != "plug"}


def test_f9_a_folder_called_mbox_is_a_folder(
    read: Reader, tree: Tree, letter: Letter
) -> None:
    """F9: endings decide nothing."""
    assert [("mbox", "old.mbox/mbox")] == read(
        tree({"old.mbox/mbox": mbox(letter, 1)})
    ).names


def test_f9_names_that_are_no_utf8_or_hold_a_newline(
    read: Reader, tree: Tree, letter: Letter
) -> None:
    """F9, L1: shown escaped on one line; read all the same."""
    files: dict[str | bytes, bytes] = {
        b"a\xff.mbox": mbox(letter, 1),
        "b\n\x1b[31m.mbox": mbox(letter, 2),
        "c\u202e.mbox": mbox(letter, 3),
        "größe.mbox": mbox(letter, 4),
    }

    found = read(tree(files))

    assert ["a\\xff.mbox", "b\\n\\x1b[31m.mbox", "c\\u202e.mbox", "größe.mbox"] == [
        source.member for source in found.sources
    ]
    assert [letter(n) for n in (1, 2, 3, 4)] == found.messages


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_f9_what_may_not_be_read_is_noted(
    tree: Tree, letter: Letter, tmp_path: Path
) -> None:
    """F9: a file and a folder without permission; the others are read."""
    top = tree({"1": letter(1), "2": letter(2), "b.mbox": mbox(letter, 3), "shut/x": b""})
    for name in ("1", "b.mbox", "shut"):
        (top / name).chmod(0)
    for folder in (top, *top.parents):
        if folder.stat().st_uid == 0 and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    spool = tmp_path / "spool"
    spool.mkdir()
    spool.chmod(0o777)
    os.seteuid(65534)
    try:
        opened = list(open_sources(top, spool=spool))
    finally:
        os.seteuid(0)

    assert {"1", "b.mbox", "shut"} == {o.member for o in opened if isinstance(o, Refused)}
    assert all("Permission denied" in o.reason for o in opened if isinstance(o, Refused))
    assert [1] == [len(o.batches) for o in opened if isinstance(o, Source)]


def test_a_file_that_goes_away_while_it_is_read(tree: Tree, letter: Letter) -> None:
    """R6: a file of a folder that vanished is noted; the others are read."""
    top = tree({"cur/1.h:2,": letter(1), "cur/2.h:2,": letter(2), "new/": b""})
    files = [
        MailFile(
            name, name.encode(), Extent(str(top / "cur" / name), 0, len(letter(1))), ""
        )
        for name in ("0.h", "1.h:2,", "2.h:2,")
    ]
    (refused, source) = folder_source(Folder("box", "in", "maildir", files), ReadOptions())

    assert Refused("box", "in/0.h", "cannot be read: No such file or directory") == refused
    assert isinstance(source, Source)
    assert 2 * len(letter(1)) == source.length


def test_r11_a_file_cut_while_it_is_read_is_an_error(
    letter: Letter, tmp_path: Path
) -> None:
    """R11: never a crash of the process, never octets that were not there."""
    path = tmp_path / "list.mbox"
    path.write_bytes(mbox(letter, 1, 2, 3))
    (source,) = open_sources(path, spool=tmp_path)
    assert isinstance(source, Source)
    os.truncate(path, 300)

    with pytest.raises(SourceError, match="at octet 300: the file became shorter"):
        list(source.batches[0].read())


def test_l2_file_names_are_never_commands(
    read: Reader, tree: Tree, letter: Letter, tmp_path: Path
) -> None:
    """L2: names that a shell would run are names."""
    mark = tmp_path / "ran"
    names = [
        f"$(touch {mark.name}).mbox",
        "`id`.mbox",
        "; rm -rf x.mbox",
        "-rf.mbox",
        "a|b.mbox",
    ]
    files: dict[str | bytes, bytes] = {
        name: mbox(letter, n) for n, name in enumerate(names)
    }

    found = read(tree(files))

    assert sorted(names) == sorted(source.member for source in found.sources)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing", "No such file"),
        ("a\x00b", "no file has such a name"),
        ("x" * 300, "too long"),
    ],
)
def test_a_path_that_cannot_be_read_is_an_error_of_one_line(
    tmp_path: Path, name: str, reason: str
) -> None:
    """It names the file and the reason."""
    with pytest.raises(SourceError, match=reason) as caught:
        list(open_sources(tmp_path / name, spool=tmp_path))

    assert "\n" not in str(caught.value)


def test_a_fifo_by_name_is_refused(tmp_path: Path) -> None:
    """Opening it would wait for ever."""
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(SourceError, match=r"\Apipe: no regular file; pipe it in"):
        list(open_sources(tmp_path / "pipe", spool=tmp_path))


def test_a_folder_without_mail_is_an_error(tree: Tree, tmp_path: Path) -> None:
    """Nothing at all in it."""
    with pytest.raises(SourceError, match=r"\Atree: a folder without mail"):
        list(open_sources(tree({"sub/": b"", "CVS/Entries": b"x"}), spool=tmp_path))


def test_other_files_in_a_folder_are_refused_by_name(
    read: Reader, tree: Tree, letter: Letter
) -> None:
    """One bad file does not stop the others, and the count is complete."""
    top = tree(
        {"a.mbox": mbox(letter, 1), "photo.jpg": b"\xff\xd8\xff\xe0" * 50, "todo": b"x y"}
    )

    found = read(top)

    assert [letter(1)] == found.messages
    assert ["photo.jpg", "todo"] == [refused.member for refused in found.refused]
    assert all(refused.reason.startswith("no mail in it") for refused in found.refused)


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b"BABYL OPTIONS: -*- rmail -*-\n", "Babyl"),
        (b"=" * 73 + b"\nDate:         Mon, 5 Jan 1998\n", "LISTSERV log"),
        (b"<!-- MHonArc v2 -->\n<!DOCTYPE HTML>\n", "HTML archive"),
        (b"<html><head>", "HTML archive"),
        (b"!BDN", "Outlook PST"),
        (b"*mbx*\r\n", "mbx folder"),
        (b"*mix*", "mix folder"),
        (b"\xcf\xad\x12\xfe\xc5\xfd", "Outlook Express DBX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Outlook MSG"),
        (b"123\nFrom: a@example.org\n", "emlx"),
        (b"#! rnews 100\n", "rnews"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"\x1f\x9d\x90", "compress"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"\xff\xfeF\x00r\x00", "UTF-16"),
        (b"%PDF-1.4", "PDF"),
        (b"\x78\x9f\x3e\x22", "TNEF"),
        (b"LZIP\x01", "lzip"),
        (b"\x04\x22\x4d\x18", "LZ4"),
    ],
)
def test_p15_known_forms_that_are_not_read_are_named(
    read: Reader, head: bytes, form: str
) -> None:
    """P15: refused in one line, with what to do."""
    with pytest.raises(RefusedError, match=form) as caught:
        read(head + b"x" * 100)

    assert str(caught.value).startswith("list.mbox: ")
    assert "; " in str(caught.value)


@pytest.mark.parametrize(
    "octets", [b"PK is a name\n", b"123 From\n", b"http://example.org/\n", b"Note: x\n"]
)
def test_text_is_not_taken_for_mail(read: Reader, octets: bytes) -> None:
    """A line with a colon is no header block of mail."""
    with pytest.raises(FramingError, match="text with neither"):
        read(octets)


# -- the small interface ---------------------------------------------------------------


def test_read_source_yields_raw_messages(tree: Tree, letter: Letter) -> None:
    """Digest, octets, line ends, provenance; what is left out is passed over."""
    top = tree(
        {"box/1": letter(1).replace(b"\r\n", b"\n"), "box/,2": letter(2), "bad": b"x"}
    )

    (raw,) = read_source(top)

    assert sha256(letter(1) + b"\r\n").hexdigest() == raw.digest
    assert (letter(1), "lf") == (raw.octets, raw.line_ends.value)
    assert ("tree", "box/1", 0, "file", b"") == (
        raw.provenance.source,
        raw.provenance.member,
        raw.provenance.offset,
        raw.provenance.framing.value,
        raw.provenance.envelope,
    )


def test_provenance_covers_the_framing(tmp_path: Path, letter: Letter) -> None:
    """Offset and length are of the frame, so that frames tile the source."""
    path = tmp_path / "list.mbox"
    path.write_bytes(mbox(letter, 1, 2))

    first, second = read_source(str(path))

    length = len(mbox(letter, 1))
    assert (0, length, ENVELOPE) == (
        first.provenance.offset,
        first.provenance.length,
        first.provenance.envelope,
    )
    assert (length, length) == (second.provenance.offset, second.provenance.length)


def test_an_earlier_state_of_a_grown_mbox_is_known_by_its_digest(
    read: Reader, letter: Letter
) -> None:
    """SHA-256 of the first octets; nothing for folders, or beyond the end."""
    early, late = mbox(letter, 1), mbox(letter, 1, 2)
    source = read(late).source

    assert sha256(early).hexdigest() == prefix_digest(source, len(early))
    assert source.digest == prefix_digest(source, len(late))
    assert "" == prefix_digest(source, len(late) + 1)
    assert "" == prefix_digest(dataclasses.replace(source, file=None), 1)


def test_files_beside_mail_are_passed_over_in_silence(
    read: Reader, tree: Tree, letter: Letter
) -> None:
    """Known names only: any other hidden file is read or noted."""
    beside = [".DS_Store", "Inbox.msf", "._a.mbox", "popstate.dat", ".mh_sequences"]
    files: dict[str | bytes, bytes] = dict.fromkeys(beside, b"\x00\x01")
    files |= {".saved": mbox(letter, 1), ".odd": b"\x00", "mail.dat": mbox(letter, 2)}

    found = read(tree(files))

    assert [("mbox", ".saved"), ("mbox", "mail.dat")] == found.names
    assert [".odd"] == [refused.member for refused in found.refused]


def test_broken_files_in_a_maildir_are_noted(
    read: Reader, tree: Tree, letter: Letter
) -> None:
    """A gzip that gives nothing; other mail beside cur and new is read too."""
    top = tree(
        {"cur/1.h:2,": letter(1), "new/2.h": b"\x1f\x8bx", "old.mbox": mbox(letter, 3)}
    )

    found = read(top)

    assert [letter(1), letter(3)] == sorted(found.messages)
    assert ["new/2.h"] == [refused.member for refused in found.refused]


def test_the_same_input_gives_the_same_sources_twice(
    read: Reader, tree: Tree, letter: Letter
) -> None:
    """C0: whatever order the file system lists things in."""
    names = ["b/2", "b/10", "a/x.eml", "a/y.mbox", "c/cur/1.h:2,", "c/new/2.h", "bad"]
    top = tree({name: letter(n) for n, name in enumerate(names)})

    one, two = read(top), read(top)

    assert one.pieces == two.pieces
    assert [s.digest for s in one.sources] == [s.digest for s in two.sources]
    assert one.refused == two.refused


def test_paths_may_be_deep(read: Reader, tmp_path: Path, letter: Letter) -> None:
    """600 folders in one another: the walk has its own stack."""
    here = Path.cwd()
    top = tmp_path / "deep"
    top.mkdir()
    os.chdir(top)
    for _ in range(600):
        Path("d").mkdir()
        os.chdir("d")
    Path("a.mbox").write_bytes(mbox(letter, 1))
    os.chdir(here)

    assert [letter(1)] == read(top).messages
    assert sys.getrecursionlimit() <= 1000
