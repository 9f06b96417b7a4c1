"""Running an archive for years: the doctor, the log for machines, making it all again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from posterity.cli import posterity

SAMPLE = Path(__file__).parents[2] / "samples" / "keepers.mbox"


def run(*words: object) -> Result:
    """Run a command."""
    return CliRunner().invoke(posterity, [str(word) for word in words])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """A folder with archive A and site S, and the log of making them."""
    folder = tmp_path_factory.mktemp("operation")
    places = ["--archive", folder / "A", "--site", folder / "S"]
    done = run("build", SAMPLE, *places, "--jobs", 1, "--log-format", "json")
    assert done.exit_code == 0
    return folder, [json.loads(line) for line in done.stderr.splitlines()]


def places(folder: Path) -> list[object]:
    """Where things are, as options."""
    return ["--archive", folder / "A", "--site", folder / "S"]


def test_every_line_of_a_json_log_is_an_event_with_its_stage(
    made: tuple[Path, list[dict[str, Any]]],
) -> None:
    """Each stage that began ends with its seconds; the last two events say what was done."""
    _, log = made
    begun = [event["stage"] for event in log if event["event"] == "stage"]
    done = [event["stage"] for event in log if event["event"] == "stage-done"]
    assert begun == done
    assert {"parse", "relate", "index", "pages", "search"} <= set(done)
    assert {event["schema"] for event in log} == {1}
    taken, published = log[-2:]
    assert (taken["event"], taken["read"], taken["kept"], taken["duplicates"]) == (
        "import",
        460,
        459,
        1,
    )
    assert (published["event"], published["deleted"]) == ("site", 0)


def test_a_build_leaves_no_log_of_a_database_behind(
    made: tuple[Path, list[dict[str, Any]]],
) -> None:
    """Whole files, so that a copy of the folder is a copy of the archive."""
    folder, _ = made
    names = sorted(path.name for path in (folder / "A").iterdir())
    assert names == ["accession.db", "catalogue.db", "lock", "posterity.toml", "shingles"]


def test_a_site_is_made_again_and_a_change_by_hand_is_named(
    made: tuple[Path, list[dict[str, Any]]], tmp_path: Path
) -> None:
    """Green where nothing was touched; each file changed, added or taken away is named."""
    shutil.copytree(made[0], tmp_path, dirs_exist_ok=True)
    again = run("verify", "--reproduce", *places(tmp_path), "--jobs", 1)
    assert again.exit_code == 0, again.output
    site = tmp_path / "S"
    (site / "index.html").write_text("mine now", "utf-8")
    (site / "robots.txt").unlink()
    (site / "extra.html").write_text("more", "utf-8")
    changed = run("verify", "--reproduce", *places(tmp_path), "--jobs", 1, "--json")
    assert changed.exit_code == 1
    assert json.loads(changed.stdout)["differences"] == [
        {"path": "extra.html", "what": "should not be there"},
        {"path": "index.html", "what": "has other octets"},
        {"path": "robots.txt", "what": "is missing"},
    ]


def test_the_doctor_finds_nothing_in_a_sound_archive(
    made: tuple[Path, list[dict[str, Any]]],
) -> None:
    """And says what checks the octets."""
    done = run("doctor", *places(made[0]))
    assert (done.exit_code, done.stdout) == (
        0,
        "nothing is wrong; `posterity verify` checks every octet\n",
    )


def _spoil_settings(folder: Path) -> None:
    (folder / "A" / "posterity.toml").write_text("colour = 1\n", "utf-8")


def _spoil_amendments(folder: Path) -> None:
    (folder / "A" / "amendments.toml").write_text("hide = 1\n", "utf-8")


def _cut_shingles(folder: Path) -> None:
    next((folder / "A" / "shingles").glob("0*.bin")).write_bytes(b"")


def _leave_incoming(folder: Path) -> None:
    (folder / "A" / "incoming").mkdir()


def _leave_journal(folder: Path) -> None:
    (folder / "S" / ".posterity" / "journal").write_text("", "utf-8")


def _lose_catalogue(folder: Path) -> None:
    (folder / "A" / "catalogue.db").unlink()


def _spoil_accession(folder: Path) -> None:
    with (folder / "A" / "accession.db").open("r+b") as file:
        file.seek(40_000)
        file.write(b"\xff" * 20_000)


@pytest.mark.parametrize(
    ("harm", "where", "mend"),
    [
        (_spoil_settings, "posterity.toml", "correct the line"),
        (_spoil_amendments, "amendments.toml", "correct the line"),
        (_cut_shingles, "shingles/", "posterity site"),
        (_leave_incoming, "incoming/", "same command again"),
        (_leave_journal, "S", "posterity site"),
        (_lose_catalogue, "catalogue.db", "posterity site"),
        (_spoil_accession, "accession.db", "restore it from a backup"),
    ],
)
def test_the_doctor_names_what_is_wrong_and_how_it_is_mended(
    made: tuple[Path, list[dict[str, Any]]],
    tmp_path: Path,
    harm: Any,
    where: str,
    mend: str,
) -> None:
    """One finding for one harm, with the file and what to do."""
    shutil.copytree(made[0], tmp_path, dirs_exist_ok=True)
    harm(tmp_path)
    done = run("doctor", *places(tmp_path), "--json")
    assert done.exit_code == 1
    [finding] = json.loads(done.stdout)["findings"]
    assert finding["where"].endswith(where)
    assert mend in finding["mend"]
