"""A static index that grew is the one that a first publication would make."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress
from posterity.site import searchfiles, searchplan, trendcounts
from posterity.site.searchfiles import SearchReport, publish_search
from posterity.store import Archive

STEPS = 6


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The sample list in mailboxes; most in the first, the oldest letters in the last."""
    octets = Path(__file__).parents[2].joinpath("samples", "keepers.mbox").read_bytes()
    line = octets[: octets.index(b"\n") + 1]
    sender = line[: line.index(b" ", 5)]
    head, *rest = octets.split(b"\n" + sender)
    letters = [head, *(sender + one for one in rest)]
    parts = [letters[2:-60], *(letters[-60 + 15 * at :][:15] for at in range(4))]
    folder = tmp_path_factory.mktemp("steps")
    found = []
    for number, part in enumerate([*parts, letters[:2]]):
        path = folder / f"{number}.mbox"
        path.write_bytes(b"\n".join(part))
        found.append(path)
    assert len(found) == STEPS
    return found


def published(archive: Archive, site: Path) -> SearchReport:
    """Publish as `site.build` does: changed files are written aside, then put in place."""
    work = site.with_name(f"{site.name}-work")
    there = site / "search"
    report = publish_search(
        archive, (work, site if there.exists() else None), SerialExecutor(), NoProgress()
    )
    there.mkdir(parents=True, exist_ok=True)
    for path in (work / "search").glob("*"):
        path.rename(there / path.name)
    for path in there.iterdir():
        if f"search/{path.name}" not in report.paths:
            path.unlink()
    return report


def octets(site: Path) -> dict[str, bytes]:
    """Every file of the index."""
    return {path.name: path.read_bytes() for path in (site / "search").iterdir()}


def whole(archive: Archive, site: Path) -> dict[str, bytes]:
    """What a first publication makes, that knows of no earlier one."""
    database = sqlite3.connect(archive.catalogue_path)
    notes = database.execute("SELECT * FROM search_note").fetchall()
    database.execute("DELETE FROM search_note")
    database.commit()
    published(archive, site)
    database.execute("DELETE FROM search_note")
    database.executemany("INSERT INTO search_note VALUES (?, ?)", notes)
    database.commit()
    database.close()
    return octets(site)


def test_every_update_is_as_a_first_publication(
    tmp_path: Path,
    steps: list[Path],
    taken: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R14: new letters, older ones, words that are in enough letters only now."""
    monkeypatch.setattr(searchplan, "TAIL", 64)
    kept_up = []
    grown = trendcounts._grown

    def noticed(*arguments: Any) -> Any:
        kept_up.append(grown(*arguments))
        return kept_up[-1]

    monkeypatch.setattr(trendcounts, "_grown", noticed)
    archive = Archive.create(tmp_path / "archive")
    for number, source in enumerate(steps):
        taken(archive, source)
        published(archive, tmp_path / "site")

        assert whole(archive, tmp_path / f"whole{number}") == octets(tmp_path / "site")
    assert [True] * (STEPS - 2) == [table is not None for table in kept_up[:-1]]


def test_recovered_letters_leave_the_notes_of_a_first_index(
    tmp_path: Path, steps: list[Path], taken: Callable[..., None]
) -> None:
    """They take no word back: the first update need not read all quoted lines again."""
    archive = Archive.create(tmp_path / "archive")
    taken(archive, *steps)
    database = sqlite3.connect(archive.catalogue_path)
    recovered = database.execute("SELECT count(*) FROM recovered").fetchone()
    noted = {name for (name,) in database.execute("SELECT name FROM search_note")}
    database.close()

    assert recovered == (1,)
    assert noted == {"often", "quotes"}


def test_a_letter_that_is_hidden_is_no_longer_counted(
    tmp_path: Path, steps: list[Path], taken: Callable[..., None]
) -> None:
    """What is taken back, and given again, is taken out of the tables and put in again."""
    archive = Archive.create(tmp_path / "archive")
    taken(archive, *steps)
    published(archive, tmp_path / "site")
    before = octets(tmp_path / "site")
    reader = archive.reader()
    digests = [reader.message(key).digest for key in (5, 9, 70)]
    reader.close()
    said = "".join(f'[[hide]]\nmessage = "{one}"\nreason = "asked"\n' for one in digests)
    for number, text in enumerate((said, "")):
        archive.amendments_path.write_text(text, "utf-8")
        archive = Archive.open(archive.folder)
        taken(archive)
        published(archive, tmp_path / "site")
        after = octets(tmp_path / "site")

        assert whole(archive, tmp_path / f"whole{number}") == after
        assert (after == before) == (not text)


def test_nothing_new_is_nothing_to_do(
    tmp_path: Path,
    steps: list[Path],
    taken: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The paths are told all the same, or they would be deleted as no longer published."""
    archive = Archive.create(tmp_path / "archive")
    taken(archive, *steps)
    first = published(archive, tmp_path / "site")
    monkeypatch.setattr(searchfiles, "plan", None)
    taken(archive, *steps)
    again = published(archive, tmp_path / "site")

    assert (0, sorted(set(first.paths))) == (again.written, sorted(set(again.paths)))


@pytest.mark.parametrize("lost", ["index.js", "trends.js", "part"])
def test_what_is_missing_is_made_again(
    tmp_path: Path, steps: list[Path], taken: Callable[..., None], lost: str
) -> None:
    """Nothing new in the archive, but a file of the site was lost, or is of another."""
    archive = Archive.create(tmp_path / "archive")
    taken(archive, *steps)
    published(archive, tmp_path / "site")
    before = octets(tmp_path / "site")
    name = (
        next(name for name in sorted(before) if name[5] != ".") if lost == "part" else lost
    )
    tmp_path.joinpath("site", "search", name).unlink()
    published(archive, tmp_path / "site")

    assert before == octets(tmp_path / "site")


def test_two_sites_of_one_archive(
    tmp_path: Path, steps: list[Path], taken: Callable[..., None]
) -> None:
    """A site that was published long ago is brought up to date though another was since."""
    archive = Archive.create(tmp_path / "archive")
    taken(archive, *steps[:2])
    published(archive, tmp_path / "old")
    taken(archive, *steps[2:])
    published(archive, tmp_path / "new")
    published(archive, tmp_path / "old")

    assert octets(tmp_path / "new") == octets(tmp_path / "old")
