"""A thread as a book: sound, whole, the same each time, and without anything remote."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZIP_STORED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.render.epub import thread_book
from posterity.render.links import ROOT
from posterity.render.xhtml import as_xhtml

Make = Callable[..., Any]
OPF = "{http://www.idpf.org/2007/opf}"
XHTML = "{http://www.w3.org/1999/xhtml}"
QUOTE = "\n".join(f"> Line {n} of what was said." for n in range(30))


@pytest.fixture
def made(bench: Make, write: Make, hold: Make) -> Any:
    """A thread of four: quotes, armour, links, hostile text."""
    key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----"
    return bench(
        write("Who has oil & wicks?\n<script>alert(1)</script>\n", number=1),
        hold(
            write(
                f"Anna wrote:\n{QUOTE}\n\nI do. See http://example.net/a?b=1&c=2 and"
                " http://example.net/[x] and <1.lamp@example.org>.\n",
                sender="Bo <bo@example.net>",
                number=2,
                day=2,
            ),
            parent=0,
        ),
        hold(write(f"My key:\n\n{key}\n", number=3, day=3), parent=1),
        hold(write("Me too\x0c\x01.\n", number=4, day=4), parent=0),
        epub=True,
    )


def bound(octets: bytes) -> dict[str, bytes]:
    """The files of a book."""
    with ZipFile(io.BytesIO(octets)) as book:
        assert book.testzip() is None
        return {name: book.read(name) for name in book.namelist()}


def test_the_container_is_as_it_must_be(made: Any) -> None:
    """The first entry is the media type, stored, with nothing before it (OCF 4.3)."""
    octets = thread_book(made.renderer.press, 0).content
    with ZipFile(io.BytesIO(octets)) as book:
        first = book.infolist()[0]

    assert ("mimetype", ZIP_STORED, b"") == (
        first.filename,
        first.compress_type,
        first.extra,
    )
    assert b"mimetypeapplication/epub+zip" == octets[30:58]
    assert b'full-path="EPUB/package.opf"' in bound(octets)["META-INF/container.xml"]


def test_manifest_spine_and_files_agree(made: Any) -> None:
    """Every file is named once, every chapter is read in order, and all is well-formed."""
    files = bound(thread_book(made.renderer.press, 0).content)
    package = ET.fromstring(files["EPUB/package.opf"])
    items = {one.get("id"): one.get("href") for one in package.iter(f"{OPF}item")}
    spine = [items[one.get("idref")] for one in package.iter(f"{OPF}itemref")]

    assert {f"EPUB/{name}" for name in items.values()} == {
        name for name in files if name.startswith("EPUB/")
    } - {"EPUB/package.opf"}
    assert ["title.xhtml", "m1.xhtml", "m2.xhtml", "m3.xhtml", "m4.xhtml"] == spine
    for name, content in files.items():
        if name.endswith((".xhtml", ".opf", ".xml")):
            ET.fromstring(content)


def test_contents_are_the_tree(made: Any) -> None:
    """An answer stands in the list of what it answers."""
    nav = ET.fromstring(
        bound(thread_book(made.renderer.press, 0).content)["EPUB/nav.xhtml"]
    )
    outer = nav.find(f".//{XHTML}nav/{XHTML}ol")
    assert outer is not None
    first = outer.findall(f"{XHTML}li")

    assert 1 == len(first)
    answers = first[0].findall(f"{XHTML}ol/{XHTML}li/{XHTML}a")
    assert ["m2.xhtml", "m4.xhtml"] == [one.get("href") for one in answers]


def test_text_is_whole_and_links_stay_in_the_book(made: Any) -> None:
    """Quotes stand unfolded without their marks; armour is only named."""
    files = bound(thread_book(made.renderer.press, 0).content)
    text = files["EPUB/m2.xhtml"].decode()

    assert 30 == text.count("of what was said.")
    assert "&gt; Line" not in text
    assert "<details" not in text
    assert 'href="http://example.net/a?b=1&amp;c=2"' in text
    assert re.search(r'<a href="m1.xhtml">[^<]*1\.lamp@example\.org', text)
    assert "&lt;script&gt;" in files["EPUB/m1.xhtml"].decode()
    assert "AAAA" not in files["EPUB/m3.xhtml"].decode()
    assert "PGP" in files["EPUB/m3.xhtml"].decode()


def test_the_same_octets_on_the_site_and_alone(made: Any) -> None:
    """No clock and no order: a book made again is the same book."""
    one = thread_book(made.renderer.press, 0)

    assert one.content == made.files()[one.path]
    assert b"1994-03-04T10:00:00Z</meta>" in bound(one.content)["EPUB/package.opf"]


def test_only_linked_where_built(bench: Make, write: Make, hold: Make, made: Any) -> None:
    """The page of a thread names its book where the setting makes one, else nowhere."""
    plain = bench(write("x\n"), hold(write("y\n", number=2), parent=0))

    assert ".epub" in made.thread()
    assert ".epub" not in plain.thread()
    assert [] == [path for path in plain.files() if path.endswith(".epub")]


def test_a_withdrawn_message_keeps_its_place(made: Any) -> None:
    """Nothing of it is in the book but that it was there."""
    made.reader.rows[2] = made.reader.rows[2]._replace(amended="hidden")
    files = bound(thread_book(made.renderer.press, 0).content)

    assert "This message was withdrawn." in files["EPUB/m3.xhtml"].decode()
    assert "My key" not in files["EPUB/m3.xhtml"].decode()


@given(
    st.lists(
        st.sampled_from(
            "<p>|</p>|<details class='q'>|</details>|<summary>|</summary>|<blockquote>|<b>|"
            "</b>|<br>|<img src=x>|<a href='x'>|</a>|<pre>|&lt;|&amp;|text|<script>|"
            f"</script>|<|{ROOT}".split("|")
        ),
        max_size=30,
    ).map("".join)
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_fed_is_well_formed(html: str) -> None:
    """Elements are closed in their order, however they were opened."""
    ET.fromstring(f"<x>{as_xhtml(html.replace(ROOT, 'site:'), lambda _: '')}</x>")
