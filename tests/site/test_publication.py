"""Publishing: readers never meet a half-made site, and foreign files are left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from posterity.errors import SiteError
from posterity.site.manifest import UNKNOWN, Manifest, Unit
from posterity.site.publication import Publication, Writer


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "keepers.archive"
    folder.mkdir()
    return folder


def holding(*paths: str) -> Manifest:
    """A site of one unit."""
    return Manifest(UNKNOWN, {"all/": Unit.of(0, (), paths)})


def publish(site: Path, archive: Path, pages: dict[str, bytes]) -> int:
    """Publish pages; how many files were written."""
    publication = Publication(site, keep_out_of=archive)
    writer = Writer(publication.work, None if publication.fresh else site)
    written = sum(writer.write(path, content) for path, content in pages.items())
    publication.commit(holding(*pages))
    return written


def held(site: Path) -> dict[str, bytes]:
    """What readers see."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and ".posterity" not in path.parts
    }


def test_a_first_site_appears_whole(tmp_path: Path, archive: Path) -> None:
    """Nothing stands at the place until everything does."""
    site = tmp_path / "site"
    publication = Publication(site, keep_out_of=archive)
    Writer(publication.work, None).write("a/b.html", b"1")
    before = site.exists()

    publication.commit(holding("a/b.html"))

    assert (False, {"a/b.html": b"1"}) == (before, held(site))
    assert ["keepers.archive", "site"] == sorted(path.name for path in tmp_path.iterdir())


def test_an_update_touches_only_what_changed(tmp_path: Path, archive: Path) -> None:
    """An unchanged file keeps its time; a changed one, a new one and a gone one do not."""
    site = tmp_path / "site"
    publish(site, archive, {"same.html": b"s", "x/old.html": b"o", "index.html": b"1"})
    os.utime(site / "same.html", (1, 1))

    written = publish(
        site, archive, {"same.html": b"s", "index.html": b"2", "n.html": b"n"}
    )

    assert 2 == written
    assert {"same.html": b"s", "index.html": b"2", "n.html": b"n"} == held(site)
    assert 1 == (site / "same.html").stat().st_mtime
    assert not (site / "x").exists()


def test_a_killed_update_is_completed_by_the_next_run(
    tmp_path: Path, archive: Path
) -> None:
    """Once the journal stands, the new site will; before, the old one does."""
    site = tmp_path / "site"
    publish(site, archive, {"index.html": b"1", "gone.html": b"g"})
    publication = Publication(site, keep_out_of=archive)
    Writer(publication.work, site).write("index.html", b"2")
    journal = site / ".posterity" / "journal"
    (site / ".posterity" / "manifest.new").write_bytes(
        (site / ".posterity" / "manifest.gz").read_bytes()
    )
    journal.write_text("gone.html")

    Publication(site, keep_out_of=archive)

    assert {"index.html": b"2"} == held(site)
    assert not journal.exists()


def test_an_abandoned_update_changes_nothing(tmp_path: Path, archive: Path) -> None:
    """An error while rendering leaves the old site as it was."""
    site = tmp_path / "site"
    publish(site, archive, {"index.html": b"1"})
    publication = Publication(site, keep_out_of=archive)
    Writer(publication.work, site).write("index.html", b"2")

    publication.abandon()

    assert {"index.html": b"1"} == held(site)


def test_f11_foreign_files_are_left_alone(tmp_path: Path, archive: Path) -> None:
    """A folder with somebody's files is never published into."""
    site = tmp_path / "public_html"
    site.mkdir()
    (site / "holiday.jpg").write_bytes(b"x")

    with pytest.raises(SiteError, match="holds files that are not ours"):
        Publication(site, keep_out_of=archive)

    assert {"holiday.jpg": b"x"} == held(site)


def test_f11_an_empty_folder_may_be_used(tmp_path: Path, archive: Path) -> None:
    """Hosts often make the folder first."""
    site = tmp_path / "site"
    site.mkdir()

    publish(site, archive, {"index.html": b"1"})

    assert {"index.html": b"1"} == held(site)


def test_f11_a_link_a_file_and_the_archive_are_refused(
    tmp_path: Path, archive: Path
) -> None:
    """Each with a sentence that says what is wrong."""
    link, file = tmp_path / "link", tmp_path / "file"
    link.symlink_to(tmp_path)
    file.write_text("x")

    with pytest.raises(SiteError, match="is a link"):
        Publication(link, keep_out_of=archive)
    with pytest.raises(SiteError, match="is a file"):
        Publication(file, keep_out_of=archive)
    with pytest.raises(SiteError, match="holds the archive itself"):
        Publication(tmp_path, keep_out_of=archive)
