"""URLs: neutral endings, relative references, names no file system trips over."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.render import urls

FOLDERS = st.lists(st.sampled_from(["archive", "1996", "12", "authors"]), max_size=4)
PATHS = st.builds(lambda above, name: "/".join([*above, name]), FOLDERS, st.just("p.html"))


@given(PATHS, PATHS)
@settings(max_examples=60, deadline=None)
def test_a_reference_leads_where_it_should(origin: str, target: str) -> None:
    """Joined to the folder of its page, a reference is the target's path."""
    joined = posixpath.join(posixpath.dirname(origin), urls.relative(origin, target))

    assert target == posixpath.normpath(joined)


def test_references_spell_index_html() -> None:
    """A disk has no index: the reference names the file."""
    assert "../../index.html" == urls.relative("archive/1996/index.html", urls.HOME)


@pytest.mark.parametrize(
    ("media_type", "ending"),
    [
        ("image/png", "png"),
        ("application/pdf", "pdf"),
        ("text/html", "txt"),
        ("image/svg+xml", "txt"),
        ("application/xhtml+xml", "txt"),
        ("text/javascript", "txt"),
        ("application/x-httpd-php", "bin"),
        ("application/octet-stream", "bin"),
        ("", "bin"),
        ("../../etc/passwd", "bin"),
    ],
)
def test_attachments_have_endings_no_host_runs(media_type: str, ending: str) -> None:
    """What a browser could run is text or octets (F4, F7)."""
    assert f"attachments/aa.{ending}" == urls.attachment("aa", media_type)


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "index",
        "..",
        "../../etc/passwd",
        "a/b",
        "a\\b",
        ".htaccess",
        "x" * 5000,
        "\0",
        "é" * 150,
    ],
)
def test_hostile_slugs_stay_in_their_folder(slug: str) -> None:
    """A slug is one file name of at most 255 octets, and never the index (F6)."""
    folder, _, name = urls.person(slug).rpartition("/")

    assert "authors" == folder
    assert name not in {"index.html", ".html", "..html"}
    assert not name.startswith(".")
    assert len(name.encode()) <= 255


def test_slugs_that_clash_when_made_safe_stay_apart() -> None:
    """Two slugs never share a page (F12)."""
    assert urls.person("a/b") != urls.person("a\\b")


def test_letters_of_the_world_are_percent_encoded() -> None:
    """A reference is ASCII (RFC 3986)."""
    assert "authors/%C3%A5sa.html" == urls.relative("index.html", urls.person("åsa"))
