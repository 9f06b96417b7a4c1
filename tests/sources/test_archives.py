from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from posterity.errors import RefusedError, SourceError
from posterity.sources import ReadOptions, archives
from posterity.sources.archives import climbs

ENVELOPE = b"From ann@example.org Mon Jan  5 10:49:28 1998\r\n"
Letter = Callable[..., bytes]
Reader = Callable[..., Any]
TAR_FORMATS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]


def tar(
    members: list[tuple[str | tarfile.TarInfo, bytes]], form: int = tarfile.PAX_FORMAT
) -> bytes:
    """A tar of members; a TarInfo goes in as it is."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, octets in members:
            info = tarfile.TarInfo(name) if isinstance(name, str) else name
            if info.isreg():
                info.size = len(octets)
            archive.addfile(info, io.BytesIO(octets))
    return out.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = target
    return info


def zipped(
    members: dict[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, octets in members.items():
            archive.writestr(name, octets)
    return out.getvalue()


def mbox(letter: Letter, *numbers: int) -> bytes:
    return b"".join(ENVELOPE + letter(n) + b"\r\n" for n in numbers)


@pytest.mark.parametrize("form", TAR_FORMATS)
@pytest.mark.parametrize(
    "wrap", [lambda octets: octets, gzip.compress], ids=["tar", "tar.gz"]
)
def test_p15_a_tar_of_mboxes_and_letters(
    read: Reader, letter: Letter, form: int, wrap: Callable[[bytes], bytes]
) -> None:
    """P15: each mbox is a source; the letters of one folder are one; sorted by name."""
    octets = tar(
        [
            ("list/b.mbox", mbox(letter, 3, 4)),
            ("list/a.mbox.gz", gzip.compress(mbox(letter, 1, 2))),
            ("list/letters/10.eml", letter(10)),
            ("list/letters/9.eml", letter(9)),
        ],
        form,
    )

    found = read(wrap(octets), name="dump.tar")

    assert [
        ("mbox", "list/a.mbox.gz"),
        ("mbox", "list/b.mbox"),
        ("eml folder", "list/letters"),
    ] == found.names
    assert [letter(n) for n in (1, 2, 3, 4, 9, 10)] == found.messages
    assert ["9.eml", "10.eml"] == [piece.member for piece in found.pieces[-2:]]
    assert {"dump.tar"} == {source.name for source in found.sources}


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_are_read(read: Reader, letter: Letter, form: int) -> None:
    """GNU `L` members and pax records carry names beyond 100 octets."""
    name = "/".join(["folder"] * 40) + "/größe.mbox"

    assert [("mbox", name)] == read(tar([(name, mbox(letter, 1))], form)).names


def test_ustar_prefixes_are_read(read: Reader, letter: Letter) -> None:
    """Names up to 255 octets in two fields."""
    name = "/".join(["folder"] * 20) + "/x.mbox"

    found = read(tar([(name, mbox(letter, 1))], tarfile.USTAR_FORMAT))

    assert [("mbox", name)] == found.names


@pytest.mark.parametrize(
    "method",
    [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA],
)
def test_p15_a_zip_of_mboxes_and_letters(read: Reader, letter: Letter, method: int) -> None:
    """P15: as a tar; folders in it are no members."""
    octets = zipped(
        {
            "Takeout/": b"",
            "Takeout/all.mbox": mbox(letter, 1, 2),
            "Takeout/x.eml": letter(3),
        },
        method,
    )

    found = read(octets, name="takeout.zip")

    assert [("eml folder", "Takeout"), ("mbox", "Takeout/all.mbox")] == found.names
    assert [letter(n) for n in (3, 1, 2)] == found.messages


def test_f8_members_that_climb_link_or_are_devices_are_refused(
    read: Reader, letter: Letter
) -> None:
    """F8: each with a note; the good members are read; nothing is written by name."""
    good = mbox(letter, 1)
    octets = tar(
        [
            ("good.mbox", good),
            ("../up.mbox", good),
            ("/etc/cron.d/x.mbox", good),
            ("a/../../b.mbox", good),
            (special("link", tarfile.SYMTYPE, "/etc/passwd"), b""),
            (special("hard", tarfile.LNKTYPE, "good.mbox"), b""),
            (special("fifo", tarfile.FIFOTYPE), b""),
            (special("null", tarfile.CHRTYPE), b""),
            (special("disk", tarfile.BLKTYPE), b""),
            ("good.mbox", mbox(letter, 2)),
            ("last.mbox", mbox(letter, 3)),
        ]
    )

    found = read(octets)

    assert [("mbox", "good.mbox"), ("mbox", "last.mbox")] == found.names
    assert [letter(1), letter(3)] == found.messages
    reasons = {refused.member: refused.reason for refused in found.refused}
    assert {
        "../up.mbox": archives.CLIMBS,
        "/etc/cron.d/x.mbox": archives.CLIMBS,
        "a/../../b.mbox": archives.CLIMBS,
        "link": archives.LINK,
        "hard": archives.LINK,
        "fifo": archives.DEVICE,
        "null": archives.DEVICE,
        "disk": archives.DEVICE,
        "good.mbox": archives.SECOND,
    } == reasons


def test_f8_the_same_of_a_zip(read: Reader, letter: Letter) -> None:
    """F8: climbing names, links, encrypted and second members of a zip."""
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    octets = zipped(
        {"good.mbox": mbox(letter, 1), "../up.mbox": b"x", link: b"/etc/passwd"}
    )
    out = io.BytesIO(octets)
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("good.mbox", mbox(letter, 2))
    changed = bytearray(out.getvalue())

    found = read(bytes(changed))

    assert [letter(1)] == found.messages
    assert {
        "../up.mbox": archives.CLIMBS,
        "link": archives.LINK,
        "good.mbox": archives.SECOND,
    } == {refused.member: refused.reason for refused in found.refused}


def test_f8_an_encrypted_member_is_refused(read: Reader, letter: Letter) -> None:
    """F8: with what to do; the other one is read."""
    octets = bytearray(zipped({"a.mbox": mbox(letter, 1), "b.mbox": mbox(letter, 2)}))
    central = octets.index(b"PK\x01\x02")
    octets[central + 8] |= 1

    found = read(bytes(octets))

    assert [letter(2)] == found.messages
    assert [("a.mbox", archives.ENCRYPTED)] == [(r.member, r.reason) for r in found.refused]


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        (b"a/b.mbox", False),
        (b"a..b/c", False),
        (b"..", True),
        (b"a/..", True),
        (b"/a", True),
        (b"C:/a", True),
        (b"C:\\a", True),
        (b"a\\..\\b", True),
        (b"\\\\host\\a", True),
        (b"a\x00b", True),
    ],
)
def test_f8_which_names_climb(name: bytes, bad: bool) -> None:
    """F8: parts of two dots, absolute names of two systems, NUL."""
    assert bad is climbs(name)


def test_f8_a_member_that_claims_8_gib_gives_what_is_there(
    read: Reader, letter: Letter
) -> None:
    """F8, D7: the header's claim is not believed beyond the end of the archive."""
    octets = bytearray(tar([("big.mbox", mbox(letter, 1))], tarfile.USTAR_FORMAT))
    octets[124:136] = b"77777777777\x00"
    octets[148:156] = b" " * 8
    octets[148:156] = b"%06o\x00 " % sum(octets[:512])

    found = read(bytes(octets[: 512 + len(mbox(letter, 1))]))

    assert [letter(1)] == found.messages
    assert archives.CUT_OFF == found.source.truncated


def test_a_tar_cut_short_gives_its_first_members(read: Reader, letter: Letter) -> None:
    """A tar.gz that breaks off: what was read, and a note."""
    octets = gzip.compress(
        tar([("a.mbox", mbox(letter, 1)), ("b.mbox", mbox(letter, *range(2000)))])
    )

    found = read(octets[: len(octets) * 3 // 4])

    assert [("mbox", "a.mbox"), ("mbox", "b.mbox")] == found.names
    assert 1 < len(found.messages) < 2001
    assert archives.CUT_OFF == found.sources[1].truncated
    assert [
        ("b.mbox", archives.CUT_OFF),
        ("", "the gzip stream breaks off before its end"),
    ] == [(one.member, one.reason) for one in found.refused]


def test_a_damaged_tar_says_where(read: Reader, letter: Letter) -> None:
    """A header that is none: the members before it are read."""
    octets = tar([("a.mbox", mbox(letter, 1))], tarfile.USTAR_FORMAT)
    cut = 512 * (1 + -(-len(mbox(letter, 1)) // 512))

    found = read(octets[:cut] + b"x" * 1024)

    assert [letter(1)] == found.messages
    assert [f"the tar is damaged at offset {cut}; the rest is not read"] == [
        refused.reason for refused in found.refused
    ]


def test_gnu_sparse_members_are_refused(read: Reader, letter: Letter) -> None:
    """A file with holes needs a map; a note instead of wrong octets."""
    info = tarfile.TarInfo("holes")
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}

    found = read(tar([(info, b"1\n0\n5\n"), ("a.mbox", mbox(letter, 1))]))

    assert [("holes", archives.DEVICE)] == [(r.member, r.reason) for r in found.refused]
    assert [letter(1)] == found.messages


def test_pax_sizes_and_base_256_sizes_are_read(read: Reader, letter: Letter) -> None:
    """Sizes that do not fit the octal field."""
    info = tarfile.TarInfo("a.mbox")
    octets = bytearray(tar([(info, mbox(letter, 1))], tarfile.GNU_FORMAT))
    octets[124:136] = b"\x80" + len(mbox(letter, 1)).to_bytes(11, "big")
    octets[148:156] = b" " * 8
    octets[148:156] = b"%06o\x00 " % sum(octets[:512])

    assert [letter(1)] == read(bytes(octets)).messages

    info.pax_headers = {"size": str(len(mbox(letter, 1)))}
    octets = bytearray(tar([(info, mbox(letter, 1))]))
    octets[1024 + 124 : 1024 + 136] = b"00000000000\x00"
    octets[1024 + 148 : 1024 + 156] = b" " * 8
    octets[1024 + 148 : 1024 + 156] = b"%06o\x00 " % sum(octets[1024:1536])
    assert [letter(1)] == read(bytes(octets)).messages


def test_d7_twenty_thousand_members(read: Reader) -> None:
    """D7: 20,000 small members of a zip are one source, read in batches."""
    octets = zipped({f"all/{n}.eml": b"Subject: %d\r\n\r\n" % n for n in range(20_000)}, 0)

    found = read(octets)

    assert (20_000, 40) == (len(found.messages), len(found.source.batches))


def test_d7_members_beyond_the_limit_are_noted(
    read: Reader, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D7: the first ones are read, one note says that more were there."""
    monkeypatch.setattr(archives, "MEMBERS", 3)

    found = read(tar([(f"{n}.eml", letter(n)) for n in range(9)]))

    assert [letter(n) for n in range(3)] == found.messages
    assert ["beyond the 3 members that are read"] == [r.reason for r in found.refused]


def test_d7_a_zip_that_grows_past_measure_is_stopped(read: Reader, letter: Letter) -> None:
    """D7: 100 MB of one octet: members before it are read, then one note."""
    octets = zipped({"a.mbox": mbox(letter, 1), "b": b"\x00" * (100 << 20), "c.mbox": b""})

    found = read(octets)

    assert [letter(1)] == found.messages
    assert ["b"] == [refused.member for refused in found.refused]
    assert "400 times its size" in found.refused[0].reason


def test_a_damaged_zip_member_is_noted(read: Reader, letter: Letter) -> None:
    """The other members are read; a checksum that fails leaves the octets, marked."""
    octets = bytearray(zipped({"a.mbox": mbox(letter, 1), "b.mbox": mbox(letter, 2)}, 0))
    octets[octets.index(b"Hello.")] ^= 1

    found = read(bytes(octets))

    assert [letter(2)] == found.messages[-1:]
    notes = [r.reason for r in found.refused] + [s.truncated for s in found.sources]
    assert any("damaged" in note for note in notes)


@pytest.mark.parametrize("octets", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500])
def test_a_zip_without_its_directory_is_an_error(read: Reader, octets: bytes) -> None:
    """One line that names the file."""
    with pytest.raises(
        SourceError, match=r"\Alist\.mbox: a zip archive that cannot be read"
    ):
        read(octets)


def test_archives_in_archives(read: Reader, letter: Letter) -> None:
    """A zip in a tar in a tar.gz: its path says where."""
    inner = tar(
        [("in/x.zip", zipped({"a.mbox": mbox(letter, 1)})), ("y.mbox", mbox(letter, 2))]
    )
    octets = gzip.compress(tar([("outer.tar", inner), ("z.mbox", mbox(letter, 3))]))

    found = read(octets)

    assert [
        ("mbox", "outer.tar/y.mbox"),
        ("mbox", "outer.tar/in/x.zip/a.mbox"),
        ("mbox", "z.mbox"),
    ] == found.names


def test_d7_archives_nested_too_deep_are_refused(read: Reader, letter: Letter) -> None:
    """D7: seven archives in one another are opened, eight are not."""
    octets = mbox(letter, 1)
    for _ in range(8):
        octets = tar([("x", octets)])

    assert [letter(1)] == read(octets).messages
    deeper = read(tar([("x", octets)]))
    assert [] == deeper.messages
    assert ["nested deeper than 8 archives"] == [
        refused.reason.partition(";")[0] for refused in deeper.refused
    ]


def test_a_maildir_in_a_tar_is_a_maildir(read: Reader, letter: Letter) -> None:
    """Forms that go by names work inside archives too."""
    octets = tar(
        [
            ("Mail/cur/2.h:2,S", letter(2)),
            ("Mail/new/1.h", letter(1)),
            ("Mail/tmp/3.h", letter(3)),
            ("Mail/cur/4.h:2,ST", letter(4)),
        ]
    )

    found = read(octets)

    assert [("maildir", "Mail")] == found.names
    assert [letter(1), letter(2)] == found.messages


def test_an_archive_may_hold_nothing(read: Reader) -> None:
    """No sources, no error: the container was read."""
    assert [] == read(zipped({})).sources


def test_a_member_of_a_known_unread_form_is_refused_by_name(
    read: Reader, letter: Letter
) -> None:
    """One bad member does not stop the others."""
    found = read(tar([("a.pst", b"!BDN" + b"\x00" * 600), ("b.mbox", mbox(letter, 1))]))

    assert [letter(1)] == found.messages
    assert [
        ("a.pst", "an Outlook PST or OST file is not read; export it as mbox first")
    ] == [(refused.member, refused.reason) for refused in found.refused]


def test_options_reach_members(read: Reader, letter: Letter) -> None:
    """A limit holds inside an archive too."""
    octets = tar(
        [("a.mbox.gz", gzip.compress(mbox(letter, 1))), ("b.mbox", mbox(letter, 2))]
    )

    found = read(octets, options=ReadOptions(unwrapped_limit=10))

    assert [letter(2)] == found.messages
    assert ["a.mbox.gz"] == [refused.member for refused in found.refused]
    with pytest.raises(RefusedError):
        read(gzip.compress(octets), options=ReadOptions(unwrapped_limit=10))


def test_zip_extents_hold_while_the_archive_is_read(read: Reader) -> None:
    """A member inside a member is read from the spool."""
    inner = zipped({"one.eml": b"Subject: 1\r\n\r\n"})

    assert [b"Subject: 1\r\n\r\n"] == read(zipped({"inner.zip": inner}, 0)).messages
