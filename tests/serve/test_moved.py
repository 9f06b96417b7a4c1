"""What moved leads on, what was withdrawn says so: the static site's pages, with a status."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import pytest

from posterity.cli.work import bring_up_to_date
from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress, ingest
from posterity.site import publish
from posterity.sources import ReadOptions
from posterity.store import Archive

SECRET = "the quillfeather is in the drawer"


def letter(number: int, who: str, subject: str, text: str, parent: int = 0) -> bytes:
    """A message of ours."""
    answer = f"In-Reply-To: <{parent}@lamp.example>\n" if parent else ""
    return (
        f"From {who}@lamp.example Mon Mar  4 21:10:00 1996\n"
        f"From: {who.title()} Brook <{who}@lamp.example>\n"
        f"Date: {3 + number} Mar 1996 21:10:00 +0000\n"
        f"Message-ID: <{number}@lamp.example>\n{answer}"
        f"Subject: {subject}\n\n{text}\n\n"
    ).encode()


LETTERS = [
    letter(1, "ada", "Fog", f"It came at night, and {SECRET}."),
    letter(2, "bo", "Re: Fog", "Here too, from the east.", 1),
    letter(3, "cy", "Oil", "A barrel is left."),
    letter(4, "di", "Re: Oil", "We have none at all, and the winter is long.", 3),
    letter(5, "ed", "A letter", "It ends in the middle"),
    letter(6, "flo", "Its tail", "of a sentence."),
    letter(7, "gus", "Rope", "Forty fathoms."),
    letter(8, "gus.the.elder", "Re: Rope", "And forty more.", 7),
]


def digest_of(number: int) -> str:
    """The hash of a letter."""
    octets = LETTERS[number - 1].partition(b"\n")[2]
    return hashlib.sha256(octets.replace(b"\n", b"\r\n")).hexdigest()


AMENDMENTS = f"""
[[hide]]
message = "{digest_of(1)}"
reason = "a <wish>"

[[erase]]
message = "{digest_of(3)}"
reason = "an order"

[[join]]
message = "{digest_of(5)}"
tail = "{digest_of(6)}"

[[reattach]]
message = "{digest_of(7)}"
parent = "{digest_of(4)}"
"""
MAILMAP = "Gus Brook <gus@lamp.example> <gus.the.elder@lamp.example>\n"


class Changed:
    """An archive that was published, amended, and published again."""

    def __init__(self, folder: Path) -> None:
        self.archive = Archive.create(folder / "archive")
        self.site = folder / "site"
        source = folder / "letters.mbox"
        source.write_bytes(b"".join(LETTERS))
        ingest(self.archive, [str(source)], ReadOptions(), SerialExecutor(), NoProgress())
        self.publish()
        self.before = set(self.pages())
        settings = self.archive.folder / "posterity.toml"
        settings.write_text(
            settings.read_text("utf-8") + "old_author_urls = true\n", "utf-8"
        )
        self.archive.amendments_path.write_text(AMENDMENTS, "utf-8")
        (self.archive.folder / ".mailmap").write_text(MAILMAP, "utf-8")
        self.publish()

    def publish(self) -> None:
        """Bring the site up to what is wanted."""
        self.archive = Archive.open(self.archive.folder)
        bring_up_to_date(self.archive, SerialExecutor(), NoProgress())
        publish(self.archive, self.site, SerialExecutor(), NoProgress(), 1)

    def pages(self) -> list[str]:
        """Every page of the site."""
        return sorted(
            p.relative_to(self.site).as_posix() for p in self.site.rglob("*.html")
        )

    def page_of(self, number: int) -> str:
        """The address of a letter."""
        return next(
            name
            for name in self.before
            if name.startswith("archive/") and name.endswith(f"{digest_of(number)}.html")
        )


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Changed:
    """Letters of which some went and some moved."""
    return Changed(tmp_path_factory.mktemp("moved"))


@pytest.fixture
def asked(changed: Changed, connect: Callable[[Path], Any]) -> Any:
    """Somebody who asks for them."""
    return connect(changed.archive.folder)


def led_to(page: bytes) -> str | None:
    """Where a page that says it moved leads."""
    found = re.search(rb'<a href="([^"]*)">Go there', page) or re.search(
        rb'class="head">\n<h1>[^<]*</h1>\n<p>[^<]*<a href="([^"]*)">', page
    )
    return found[1].decode() if found else None


def test_every_page_is_the_same_octets(changed: Changed, asked: Any) -> None:
    """Of every address that ever was, both sites have the same page; the server says which."""
    with_status: dict[int, set[str]] = {200: set(), 308: set(), 404: set(), 410: set()}
    for name in changed.pages():
        answer = asked.get("/" + quote(name))
        page = (changed.site / name).read_bytes()
        with_status[answer.status].add(name)

        assert page == answer.body, (name, answer.status)
        if answer.status == 308:
            assert led_to(page) == answer.headers["location"], name

    gone = {changed.page_of(1), changed.page_of(3)}
    people = {name for name in with_status[410] if name.startswith("authors/")}
    assert {"404.html"} == with_status[404]
    assert gone | people == with_status[410]
    assert len(people) == 3  # who wrote nothing else
    assert len(with_status[308]) >= 4


def test_no_address_is_left_dead(changed: Changed, asked: Any) -> None:
    """Every page that was published leads to one that is there, or says that it went."""
    for name in changed.before:
        url = "/" + quote(name)
        answer = asked.get(url)
        if answer.status == 308:
            answer = asked.get(urljoin(url, answer.headers["location"]))
            assert 200 == answer.status, name
        assert answer.status in ({404} if name == "404.html" else {200, 410}), name


@pytest.mark.parametrize(("number", "why"), [(1, b"a &lt;wish&gt;"), (3, b"an order")])
def test_what_is_withdrawn_is_gone(
    changed: Changed, asked: Any, number: int, why: bytes
) -> None:
    """T1: 410 with the page that says when and why; nothing of it anywhere else."""
    url = f"/{changed.page_of(number)}"
    answer = asked.get(url)
    value = asked.get(f"/api/v1/messages/{digest_of(number)}")

    assert (410, 410) == (answer.status, value.status)
    assert why in answer.body
    assert "etag" not in answer.headers
    assert {"error"} == set(value.json)
    assert 404 == asked.get(f"/raw/{digest_of(number)}.eml").status
    assert 404 == asked.get(f"/mid/{number}@lamp.example").status
    assert b"" == asked.get(url, "HEAD").body


def test_a_tail_is_where_its_message_is(changed: Changed, asked: Any) -> None:
    """What was the tail of another message leads to that."""
    answer = asked.get(f"/{changed.page_of(6)}")

    assert (308, f"{digest_of(5)}.html") == (answer.status, answer.headers["location"])


def test_a_thread_leads_to_the_thread_it_is_in(asked: Any) -> None:
    """A thread whose first message answers another now."""
    answer = asked.get(f"/thread/{digest_of(7)}.html")

    assert 308 == answer.status
    assert answer.headers["location"] in {f"{digest_of(number)}.html" for number in (3, 4)}


def test_a_person_is_found_by_an_old_name(changed: Changed, asked: Any) -> None:
    """A person's page under a name of before, and where the first archive had it."""
    gone = {
        name for name in changed.before if "elder" in name and name.startswith("authors/")
    }
    assert gone
    for name in [*gone, f"author/{next(iter(gone)).removeprefix('authors/')}"]:
        answer = asked.get("/" + quote(name))

        assert 308 == answer.status
        assert "gus" in answer.headers["location"]
        assert "elder" not in answer.headers["location"]


def test_what_never_was_is_not_gone(asked: Any) -> None:
    """410 and 308 are for what was published; the rest is 404."""
    for name in (
        "archive/1996/03/date-7.html",
        f"archive/1996/03/{'0' * 64}.html",
        "x.html",
    ):
        assert 404 == asked.get(f"/{name}").status, name


def test_no_word_of_it_is_served(asked: Any) -> None:
    """T1: neither the octets nor the subject's page hold what was hidden."""
    for url in (
        f"/api/v1/messages/{digest_of(1)}",
        f"/api/v1/threads/{digest_of(2)}",
        "/api/v1/search?q=quillfeather",
        "/search.mbox?q=fog",
        "/search.atom?q=fog",
        f"/thread/{digest_of(1)}.html",
        f"/thread/{digest_of(1)}.mbox",
    ):
        assert SECRET.encode() not in asked.get(url).body, url
