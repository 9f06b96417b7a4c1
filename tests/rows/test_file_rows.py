"""Files and paths (F), notes on a terminal (L): a sender names nothing but text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from zlib import crc32

import pytest

from posterity.render import urls

NEUTRAL = re.compile(r"attachments/[0-9a-f]{64}\.(?:txt|bin|png|gif|pdf|zip|gz)")
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAMBAQDJ/pLvAAAAAElFTkSuQmCC"

FILES = {
    ".htaccess": ("text/plain", "AddHandler cgi-script .txt\n", "txt"),
    "page.shtml": ("text/html", '<!--#exec cmd="id" -->\n', "txt"),
    "shell.php": ("application/x-httpd-php", "<?php system('id'); ?>\n", "txt"),
    "shell.php.png": ("image/png", "<?php system('id'); ?>\n", "txt"),
    "run.cgi": ("application/x-cgi", "#!/bin/sh\nid\n", "txt"),
    "run.pl": ("text/x-perl", "#!/usr/bin/perl\nprint 1;\n", "txt"),
    "index.html": ("text/html", "<html><script>alert(1)</script></html>\n", "txt"),
    "INDEX.HTM": ("image/gif", "<!doctype html><script>alert(1)</script>\n", "txt"),
    "evil.svg": (
        "image/svg+xml",
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>\n",
        "txt",
    ),
    "evil.xml": ("text/xml", "<?xml version='1.0'?><x/>\n", "txt"),
    "evil.xhtml": (
        "application/xhtml+xml",
        "<html xmlns='http://www.w3.org/1999/xhtml'/>\n",
        "txt",
    ),
    "evil.js": ("application/javascript", "alert(1)\n", "txt"),
    "evil.css": ("text/css", "@import '//evil.example/';\n", "txt"),
    "paper.pdf": ("application/pdf", "%PDF-1.4\n1 0 obj\n", "pdf"),
    "paper.exe": ("application/octet-stream", "%PDF-1.4\n2 0 obj\n", "pdf"),
    "web.config": ("text/plain", "<configuration/>\n", "txt"),
    "../../../etc/passwd": ("text/plain", "root:x:0:0\n", "txt"),
    "CON": ("text/plain", "console\n", "txt"),
    "a/b\\c": ("text/plain", "slashes\n", "txt"),
}
"""The sender's name for a file: declared type, content, the ending it is stored under."""


def with_file(makers: ModuleType, name: str, kind: str, content: str) -> bytes:
    """A letter with one attachment."""
    quoted = name.replace("\\", "\\\\")
    body = (
        "--tea\nContent-Type: text/plain\n\nSee the file.\n"
        f'--tea\nContent-Type: {kind}; name="{quoted}"\n'
        f'Content-Disposition: attachment; filename="{quoted}"\n\n{content}--tea--\n'
    )
    marker = f"file{crc32(name.encode())}"
    return bytes(makers.letter(marker, body, Content_Type="multipart/mixed; boundary=tea"))


@pytest.fixture
def filed(build: Callable[..., Any], makers: ModuleType) -> Any:
    """One letter a file."""
    return build(
        makers.mbox([with_file(makers, name, *rest[:2]) for name, rest in FILES.items()])
    )


def test_f4_f7_what_is_stored_is_named_by_hash_and_content(filed: Any) -> None:
    """No ending that a host runs or a browser opens as a page, whatever was declared."""
    endings = {}
    for row in filed.reader.recent(100):
        [file] = filed.reader.attachments(row.key)
        path = urls.attachment(file.digest, file.media_type)
        assert (filed.site / path).is_file()
        assert NEUTRAL.fullmatch(path), path
        endings[file.filename] = path.rpartition(".")[2]
    published = [Path(name) for name in filed.names()]
    ours = {
        "html",
        "atom",
        "eml",
        "mbox",
        "css",
        "js",
        "svg",
        "txt",
        "pdf",
        "xml",
        "gz",
    } | {"json", "csv", "htm"}

    assert {name: rest[2] for name, rest in FILES.items()} == endings
    assert {path.suffix[1:] for path in published} <= ours
    assert not [path for path in published if path.name.startswith(".")]
    assert {
        path.parts[0] for path in published if path.suffix in {".js", ".css", ".svg"}
    } <= {"static", "search"}


def test_f4_the_senders_name_is_shown_and_leads_to_the_file(
    filed: Any, judge: ModuleType
) -> None:
    """Display text on the page, a neutral reference behind it."""
    shown = {}
    for row in filed.reader.recent(100):
        page = judge.judge(filed.page(row))
        assert [] == page.findings
        [section] = judge.having(page.tree, "section", class_="files")
        [link] = list(section.iter("a"))
        target = (filed.site / urls.message(row)).parent / link.get("href")
        shown[judge.text_of(link)] = target.resolve().is_relative_to(
            (filed.site / "attachments").resolve()
        )

    assert dict.fromkeys(FILES, True) == shown


def test_f7_a_picture_is_one_by_its_content(
    build: Callable[..., Any], makers: ModuleType
) -> None:
    """A PNG called .html is a picture; a page called .png is text and no picture."""
    pictured = with_file(makers, "page.html", "text/html", PNG + "\n").replace(
        b"Content-Disposition", b"Content-Transfer-Encoding: base64\nContent-Disposition"
    )
    faked = with_file(makers, "real.png", "image/png", "<script>alert(1)</script>\n")
    built = build(makers.mbox([pictured, faked]))
    images = {
        row.key: re.findall(r'<img src="([^"]+)"', built.page(row))
        for row in built.reader.recent(10)
    }
    kinds = {
        built.reader.attachments(key)[0].filename: [src.rpartition(".")[2] for src in found]
        for key, found in images.items()
    }

    assert {"page.html": ["png"], "real.png": []} == kinds


# -- F6, F10, F12 ----------------------------------------------------------------------

HOSTILE_NAMES = [
    "../../etc/passwd",
    "..\\..\\windows",
    "/absolute",
    ".hidden",
    "CON",
    "nul",
    "com1",
    "index",
    "feed",
    "a:b|c?d*e",
    "$(id);`id`&|",
    "Case Twin",
    "CASE TWIN",
    "case twin",
    "Jos\u00e9",
    "Jose\u0301",
    "\uff21\uff24\uff21",
    "ADA",
    "stra\u00dfe",
    "STRASSE",
    "tab\there",
    "trailing dot.",
    "\u202egnp",
    "%2e%2e%2f",
    "x" * 400,
    "x" * 400 + "y",
    "\u96fb" * 300,
]


def named(makers: ModuleType, number: int, name: str) -> bytes:
    """A letter by someone of a name."""
    quoted = name.replace("\\", "\\\\")
    return bytes(
        makers.letter(
            f"named{number}",
            From=f'{makers.encoded(quoted)} <"{name[:40]}"@h{number}.example.org>'
            if number % 2
            else f'"{quoted}" <p{number}@h{number}.example.org>',
        )
    )


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())


def test_f6_f10_slugs_are_safe_and_one_persons_only(
    build: Callable[..., Any], makers: ModuleType
) -> None:
    """No two pages are one file where case and accents are folded; none leaves its folder."""
    built = build(
        makers.mbox([named(makers, n, name) for n, name in enumerate(HOSTILE_NAMES)])
    )
    names = built.names()
    people = [one.slug for one in built.reader.people()]
    files = [Path(name).stem for name in names if name.startswith("authors/")]

    assert len(HOSTILE_NAMES) == built.reader.facts().messages
    assert len(set(people)) == len(people) >= len(HOSTILE_NAMES) - 4
    assert {urls.person(slug) for slug in people} <= set(names)
    assert len(names) == len({_folded(name) for name in names})
    assert all(len(part.encode()) <= 255 for name in names for part in name.split("/"))
    assert not [
        name for name in files if re.search(r'[\x00-\x1f\\:*?"<>|%$;&`]|^\.|[. ]$', name)
    ]
    assert not {"con", "nul", "com1", "feed"} & {name.lower() for name in files}
    assert [] == [path for path in (built.site.parent).iterdir() if path.name[0] in ".e"]


def test_f10_ids_of_300_octets_that_differ_at_the_end_are_two_pages(
    build: Callable[..., Any], makers: ModuleType
) -> None:
    """Message-IDs alike but for case, accent or their last octet: each has its page."""
    ids = ["x" * 300 + "1", "x" * 300 + "2", "Case", "case", "jos\u00e9", "jose\u0301"]
    letters = [
        makers.letter(f"id{n}", Message_ID=f"<{name}@example.org>")
        for n, name in enumerate(ids)
    ]
    built = build(makers.mbox(letters))
    pages = [built.page(built.row(f"{name}@example.org")) for name in ids]

    assert len(ids) == len(set(pages))
    assert all(f"id{n} says" in page for n, page in enumerate(pages))
    assert len(built.names()) == len({_folded(name) for name in built.names()})


def test_f12_ids_that_sanitising_would_make_one_are_two_reachable_pages(
    build: Callable[..., Any], makers: ModuleType
) -> None:
    """Ids alike but for a slash, a blank or a sign: a page each, linked to from home."""
    ids = ["a/b", "a_b", "a%2Fb", "a\\b", "a b", "a+b"]
    letters = [
        makers.letter(f"twin{n}", Message_ID=f"<{name}@example.org>")
        for n, name in enumerate(ids)
    ]
    built = build(makers.mbox(letters))
    rows = built.reader.recent(100)
    found = {urls.message(row) for row in rows}

    assert len(ids) == len(found)
    assert found <= built.reachable()
    texts = sorted(re.search(r"twin\d says", built.page(row))[0] for row in rows)  # type: ignore[index]
    assert [f"twin{n} says" for n in range(len(ids))] == texts


# -- L1 --------------------------------------------------------------------------------


def test_l1_a_note_is_one_line_without_power_over_the_terminal(
    tmp_path: Path, makers: ModuleType
) -> None:
    """Colours, line ends, bells and %s in file names: escaped, one line a note."""
    names = ["red\x1b[31m.bin", "two\nlines.bin", "bell\x07%s%n.bin", "cr\rback.bin"]
    for name in names:
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(60))
    sound = tmp_path / "sound\x1b]0;owned\x07.mbox"
    sound.write_bytes(makers.mbox([makers.letter("one", Subject="\x1b[2J\x9b31m")]))
    given = [*(str(tmp_path / name) for name in names), str(sound)]
    command = [sys.executable, "-m", "posterity.cli", "import", *given]

    done = subprocess.run(
        [*command, "--archive", str(tmp_path / "A"), "--jobs", "1"],
        capture_output=True,
        check=False,
        timeout=60,
        env=os.environ,
    )

    lines = done.stderr.decode().split("\n")
    left_out = [line for line in lines if line.startswith("left out: ")]
    assert 3 == done.returncode
    assert len(names) == len(left_out)
    assert r"red\x1b[31m.bin" in left_out[0]
    assert r"two\nlines.bin" in left_out[1]
    assert r"bell\x07%s%n.bin" in left_out[2]
    assert r"cr\rback.bin" in left_out[3]
    assert [] == [line for line in lines if not line.isprintable()]
    assert {
        "posterity",
        "left out",
        "read 1 · kept 1 · duplicates 0 · quarantined 0 · defects",
    } >= {
        line.split(":")[0] if ":" in line else re.split(r" \d+ \(", line)[0]
        for line in lines
        if line
    }


def test_l1_what_mail_says_is_escaped_where_a_terminal_shows_it(
    tmp_path: Path, makers: ModuleType
) -> None:
    """`defects`, `ledger` and `show` print hostile mail with no control character."""
    source = tmp_path / "list\x1b[31m.mbox"
    source.write_bytes(
        makers.mbox(
            [
                makers.letter(
                    "one", "\x1b]0;owned\x07 lamp", Subject="\x1b[2Jred", Date="\x1b[5m"
                )
            ]
        )
    )
    base = [sys.executable, "-m", "posterity.cli"]
    place = ["--archive", str(tmp_path / "A")]
    subprocess.run(
        [*base, "import", str(source), *place, "--jobs", "1"],
        check=True,
        capture_output=True,
    )
    for command in (["defects"], ["ledger"], ["status"], ["show", "one@example.org"]):
        done = subprocess.run([*base, *command, *place], check=True, capture_output=True)
        shown = done.stdout.decode()
        assert shown
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown), command
