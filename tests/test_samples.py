import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[1] / "samples"
SEPARATOR = re.compile(rb"^From owner-keepers@lists\.fastnet\.example .*\n", re.MULTILINE)
ROW = re.compile(r"^\| (.+?) \| `<(.+)>` \|$", re.MULTILINE)
MESSAGE_ID = re.compile(rb"^Message-ID: <(.+)>\r?$", re.MULTILINE)

# What README.md promises, and the octets that prove it in the message it names.
PROOFS = {
    "A thread over nine years, one letter each January": rb"In-Reply-To: <Pine",
    "An answer six years late": rb"DEEP past",
    "An answer two years late, to the first message": rb"two year old question",
    "References and In-Reply-To": rb"(?s)In-Reply-To: <.*\nReferences: <",
    "References alone": rb"^References: <(?s:(?!In-Reply-To).)*\n\n",
    "In-Reply-To alone": rb"^In-Reply-To: <(?s:(?!References).)*\n\n",
    "Neither, only a quotation": rb"(?s)\A(?!.*^In-Reply-To).*>>Sr Agnes Moll said:\n>",
    "Neither, and no Re: either": rb"^Subject: Please stop polishing\n",
    "In-Reply-To in elm's prose": rb'^In-Reply-To: <\S+> from "Ned Tollard" at Mar',
    "In-Reply-To in MH's prose": rb'^In-Reply-To: Your message of "',
    "In-Reply-To in words, without any id": rb"^In-Reply-To: Lucille's message",
    "In-Reply-To names the grandparent": rb"^In-Reply-To: <",
    "In-Reply-To names the grandparent, the quotation the parent": rb"rain on\.",
    "An answer to a message not held (ghost)": (
        rb"^In-Reply-To: <v0213050ab3f0d77e@\[fyrskib\.example\]>"
    ),
    "A second answer to the same ghost": (
        rb"^In-Reply-To: <v0213050ab3f0d77e@\[fyrskib\.example\]>"
    ),
    "A new subject, with (was: …)": (
        rb"^Subject: What the inspector saw \(was: Please stop polishing\)"
    ),
    "The root of a thread of 74": rb"^Subject: How would you spell",
    "A list tag in the subject (winter 1998)": rb"^Subject: \[keepers\] \[ADMIN\]",
    "AW: and RE: beside Re:": rb"^Subject: (AW|RE|Re): ",
    "Quotes four levels deep": rb"^> > > > ",
    "Top-posted, the whole message quoted below": rb"-----Original Message-----",
    "A writer's first address, comment style": (
        rb"^From: ida@library\.northhaven\.example \(Ida Brannock\)"
    ),
    "The same writer's third address and name": (
        rb'^From: "Ida M\. Brannock" <ida\.brannock@example\.org>'
    ),
    "A student who becomes Priscilla, and then Pru again": rb"^From: Priscilla Dunne <",
    "Tom Pascoe, the keeper": rb"^From: Tom Pascoe <TPascoe22",
    "Tom Pascoe, the engineer, no relation": rb"^From: Tom Pascoe <tpascoe@harbourtech",
    "A shared role address": rb"^From: keepers-request@",
    "An anonymous remailer": rb"^From: nobody@remail\.example",
    "A mail system's own empty message": rb"^From: MAILER-DAEMON@",
    "Two-digit year": rb"^Date: 01 Mar 94",
    "No zone": rb"^Date: Tue, 08 Feb 1994 22:47:\d\d\n",
    "No seconds": rb"^Date: Wed, 9 Feb 94 23:50 GMT\n",
    "No Date, but Received": rb"(?s)\A(?!.*^Date:).*^Received: ",
    "No Date and no Received: only the From_ line": rb"(?s)\A(?!.*^Date:)(?!.*^Received:)",
    "A Date in words": rb"^Date: half past the ebb",
    "A zone 22 hours from UTC": rb"^Date: .* -2200 \(Central\)",
    "A clock one year slow": rb"^Date: Tue, 03 Jan 1995(?s:.*)happy new year",
    "24:00": rb"^Date: Fri, 31 Dec 1999 24:00:00",
    "1904": rb"^Date: Fri, 1 Jan 1904",
    "The year 100": rb"^Date: Sat, 1 Jan 100 ",
    "Sent in July, delivered in October (and dated July)": rb"^Date: Wed, 1 Jul 1998",
    "Latin-1, declared": rb"charset=iso-8859-1",
    "Latin-1, undeclared, in body and From": rb"K\xfcstenkunde",
    "windows-1252, declared": rb"(?s)charset=windows-1252.*\x96",
    "windows-1252, undeclared": rb"\x85 \xbb \x96",
    "UTF-8, declared, 8bit": rb"(?s)charset=utf-8.*\xe2\x80\x9c",
    "UTF-8, undeclared, in body and From": rb"(?s)\A(?!.*^Content-Type).*\xe2\x80\x9c",
    "Right-to-left text (Hebrew, UTF-8)": rb"charset=utf-8",
    "KOI8-R, declared": rb"charset=koi8-r",
    "KOI8-R, undeclared": rb"(?s)\A(?!.*^Content-Type).*[\xc0-\xff]{4}",
    "KOI8-R under a label that names no charset": rb"charset=x-unknown",
    "ISO-2022-JP": rb"(?s)charset=iso-2022-jp.*\x1b\$B",
    "Shift_JIS": rb"charset=shift_jis",
    "Big5, declared": rb"charset=big5",
    "Big5, undeclared": rb"(?s)\A(?!.*^Content-Type).*[\xa4-\xc6][\x40-\xfe]",
    "GB2312, declared": rb"charset=gb2312",
    "GB2312, undeclared, in spam": rb"Content-Type: text/plain\n",
    "ISO-8859-7": rb"charset=iso-8859-7",
    "Latin-1 that says it is US-ASCII": rb"(?s)charset=us-ascii.*\xe9 \xe8 \xea",
    "Encoded words in Subject, Q in From": rb"^Subject: =\?",
    "Broken encoded words in Subject": rb"^Subject: =\?iso-8859-1\?Q\?RE: ",
    "An encoded word cut off": rb"^Subject: .*GyRCIVobKEI$",
    "Bidirectional controls in Subject and body": rb"\xe2\x80\xaefdp\.exe",
    "NUL and other control characters": rb"mo\x00\x00ved",
    "multipart/alternative with HTML": rb"multipart/alternative",
    "HTML alone": rb"^Content-Type: text/html",
    "A PNG": rb"Content-Type: image/png",
    "A CSV": rb"Content-Type: text/csv",
    "A PNG and a PDF": rb"(?s)image/png.*application/pdf",
    "A visiting card (vCard)": rb"text/x-vcard",
    "A file name in Hebrew": rb'filename="=\?utf-8\?Q\?',
    "File names that try to leave the folder": rb'filename="\.\./\.\./\.\./index\.png"',
    "uuencode in the text": rb"^begin 644 november\.png$",
    "format=flowed": rb"format=flowed",
    "Quoted-printable, declared": rb"Content-Transfer-Encoding: quoted-printable",
    "Quoted-printable, undeclared": rb"(?s)\A(?!.*^Content-Transfer-Encoding).*schlie=DFt",
    "base64 text": rb"Content-Transfer-Encoding: base64",
    "message/rfc822, one": rb"message/rfc822",
    "message/rfc822, two": rb"(?s)message/rfc822.*message/rfc822",
    "multipart/digest": rb"multipart/digest",
    "A plain digest (RFC 1153)": rb"^-{70}$",
    "PGP, clear-signed": rb"^-----BEGIN PGP SIGNATURE-----$",
    "PGP, encrypted": rb"^-----BEGIN PGP MESSAGE-----$",
    "PGP, a public key": rb"^-----BEGIN PGP PUBLIC KEY BLOCK-----$",
    "A patch": rb"^@@ -118,9 \+118,16 @@$",
    "ASCII art": rb"communion wafers",
    "A table 176 columns wide": rb"^.{170,}$",
    "Lines of 200 characters and more": rb"^.{200,}$",
    "A message of 300 lines": rb"(?:.*\n){300}",
    "An empty body and no subject": rb"(?s)\A(?!.*^Subject).*\n\n\Z",
    "No subject": rb"(?s)\A(?!.*^Subject)",
    "A subject of 400 characters": rb"^Subject: .{400,}$",
    "Attribution in German": rb"schrieb am",
    "Attribution in French": rb" a =E9crit :",
    "Attribution in Spanish": rb"escribi=F3:",
    "Attribution in Danish": rb"skrev",
    "Attribution of Gnus users": rb'>>>>> "ED"|>>>>> "GO"',
    "Body lines that began with From": rb"^>From Skerrow pier",
    "A whole mail inside a body, unquoted": rb"^From whruska@lakes\.example\.net ",
    "CRLF line ends": rb"\r\n\r\n",
    "X-No-Archive": rb"^X-No-Archive: Yes",
    "Hostile markup and templates, plain text": rb'<script>alert\("keeper"\)</script>',
    "Hostile HTML, and markup in the From name": rb"onerror=alert\('name'\)",
    "Spam with markup in name, subject and body": rb"<MARQUEE>",
    "A re-send with a new Message-ID: the first": rb"Subject: \[keepers\] re: we are back",
    "A re-send with a new Message-ID: the second": rb"X-Resent-By: keepers-request",
}


def head_of(message: bytes) -> bytes:
    """Cut a message after its header."""
    return re.split(rb"\r?\n\r?\n", message, maxsplit=1)[0]


@pytest.fixture(scope="module")
def mbox() -> bytes:
    return (SAMPLES / "keepers.mbox").read_bytes()


@pytest.fixture(scope="module")
def messages(mbox: bytes) -> list[bytes]:
    """The messages, without separator and the empty line that closes each."""
    return [message.removesuffix(b"\n") for message in SEPARATOR.split(mbox)[1:]]


@pytest.fixture(scope="module")
def by_id(messages: list[bytes]) -> dict[str, list[bytes]]:
    named: dict[str, list[bytes]] = {}
    for message in messages:
        for found in MESSAGE_ID.findall(head_of(message)):
            named.setdefault(found.decode(), []).append(message)
    return named


@pytest.fixture(scope="module")
def promises() -> dict[str, str]:
    """README.md's table: what is shown, and the Message-ID that shows it."""
    return dict(ROW.findall((SAMPLES / "README.md").read_text(encoding="utf-8")))


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_the_generator_gives_the_committed_octets(zone: str, mbox: bytes) -> None:
    """Anybody can make the file again, in any zone, with any hash seed."""
    made = subprocess.run(
        [sys.executable, str(SAMPLES / "make.py")],
        check=True,
        capture_output=True,
        env={"TZ": zone, "LC_ALL": "C", "PYTHONHASHSEED": str(len(zone))},
    )

    assert mbox == made.stdout


def test_counts(mbox: bytes, messages: list[bytes]) -> None:
    """460 messages, 459 distinct; a 461st separator stands inside a body."""
    shaped = re.findall(
        rb"^From \S+@\S+ \w{3} \w{3} [ \d]\d [\d:]{8} \d{4}$", mbox, re.MULTILINE
    )

    assert len(messages) == 460
    assert len(set(messages)) == 459
    assert len(shaped) == 461
    assert len(mbox) < 1_500_000


def test_every_separator_follows_an_empty_line(mbox: bytes) -> None:
    """Also a reader that looks for the empty line finds every message."""
    starts = [found.start() for found in SEPARATOR.finditer(mbox)]

    assert starts[0] == 0
    assert {b"\n\n"} == {mbox[start - 2 : start] for start in starts[1:]}


def test_repeated_message_ids(by_id: dict[str, list[bytes]]) -> None:
    """Three ids are borne twice: by equal octets, other trace fields, another text."""
    twice = [group for group in by_id.values() if len(group) > 1]
    equal = [a == b for a, b in twice]
    same_text = [a.split(b"\n\n", 1)[1] == b.split(b"\n\n", 1)[1] for a, b in twice]

    assert Counter(zip(equal, same_text, strict=True)) == {
        (True, True): 1,
        (False, True): 1,
        (False, False): 1,
    }


def test_a_re_send_differs_in_its_id_alone(
    by_id: dict[str, list[bytes]], promises: dict[str, str]
) -> None:
    """Only its text tells that the second letter is the first one again."""
    first = by_id[promises["A re-send with a new Message-ID: the first"]][0]
    second = by_id[promises["A re-send with a new Message-ID: the second"]][0]

    assert first.split(b"\n\n", 1)[1] == second.split(b"\n\n", 1)[1]
    assert MESSAGE_ID.findall(first) != MESSAGE_ID.findall(second)


def test_one_message_has_no_id(messages: list[bytes]) -> None:
    """A capital letter writer's mailer once left it out."""
    bare = [message for message in messages if not MESSAGE_ID.search(head_of(message))]

    assert len(bare) == 1
    assert b"Subject: FOUND A LETTER" in bare[0]


def test_ghosts(messages: list[bytes], by_id: dict[str, list[bytes]]) -> None:
    """Two messages are answered that are not there; one of them twice."""
    missing = Counter(
        name.decode()
        for message in messages
        for line in re.findall(
            rb"^In-Reply-To:.*(?:\n\s.*)*", head_of(message), re.MULTILINE
        )
        for name in re.findall(rb"<([^<>]+@[^<>]+)>", line)
        if name.decode() not in by_id
    )

    assert sorted(missing.values()) == [1, 2]


def test_the_grandparent_is_named_and_the_parent_quoted(
    by_id: dict[str, list[bytes]], promises: dict[str, str]
) -> None:
    """A wrong In-Reply-To: its message isn't quoted, its message's answer is."""
    child = by_id[promises["In-Reply-To names the grandparent"]][0]
    (named,) = re.findall(rb"^In-Reply-To: <(.+)>", child, re.MULTILINE)
    quoted = b"Further to mine of 21 January last year"

    assert b"> " + quoted in child
    assert quoted not in by_id[named.decode()][0]


def test_long_threads(messages: list[bytes]) -> None:
    """One conversation of 70 and more, four of 25 and more."""
    openings = (b"fog signal", b"polishing", b"olveig", b"html in the mail", b"1894")
    sizes = [
        sum(part in head_of(message).lower() for message in messages) for part in openings
    ]

    assert sizes[0] >= 70
    assert all(size >= 10 for size in sizes)
    assert sum(size >= 25 for size in sizes) >= 4


def test_only_reserved_domains(mbox: bytes) -> None:
    """No address can be anybody's (RFC 2606): .example, or below example.org/com/net."""
    hosts = {
        host.decode().lower()
        for host in re.findall(rb"[\w.+-]@\[?([A-Za-z0-9.-]*[A-Za-z])", mbox)
    }
    reserved = re.compile(r"(?:.*\.)?(?:example|example\.(?:org|com|net))")
    outlook_machine = re.compile(r"[a-z-]+")  # the right side of its Message-IDs

    assert {h for h in hosts if not reserved.fullmatch(h)} == {
        h for h in hosts if outlook_machine.fullmatch(h) and h != "example"
    }


def test_every_promise_has_its_proof(promises: dict[str, str]) -> None:
    """README's table and the proofs name the same, save what has a test above."""
    tested_above = {
        "The same octets twice",
        "The same letter by another route (trace fields differ)",
        "One Message-ID, two texts",
    }

    assert set(promises) == PROOFS.keys() | tested_above


@pytest.mark.parametrize("what", PROOFS)
def test_promised_oddity_is_there(
    what: str, promises: dict[str, str], by_id: dict[str, list[bytes]]
) -> None:
    """Each oddity that README.md lists is in the message it names."""
    found = [
        message
        for message in by_id[promises[what]]
        if re.search(PROOFS[what], message, re.MULTILINE)
    ]

    assert found
