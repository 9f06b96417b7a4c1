"""The command line as a person meets it: the contract of names, output and exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[2] / "samples" / "keepers.mbox"


def posterity(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "posterity.cli", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, "COLUMNS": "100"},
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample list, built once."""
    folder = tmp_path_factory.mktemp("built")
    done = posterity("build", SAMPLE, "--archive", folder / "A", "--site", folder / "S")
    assert 0 == done.returncode, done.stderr.decode()
    return folder


def test_build_ends_with_the_books(tmp_path: Path) -> None:
    """Frames read, messages kept, duplicates, quarantined, defects; then the site."""
    done = posterity("build", SAMPLE, "--archive", tmp_path / "A", "--site", tmp_path / "S")

    first, second, *_ = done.stderr.decode().splitlines()
    assert first.startswith(
        "read 460 · kept 459 + 1 recovered · duplicates 1 · quarantined 0 · defects "
    )
    assert second.startswith("site: ")
    assert (tmp_path / "S" / "index.html").is_file()


def test_building_again_changes_nothing(built: Path) -> None:
    """The second build says so, and touches no file."""
    site = built / "S"
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*.html")}

    done = posterity("build", SAMPLE, "--archive", built / "A", "--site", site)

    assert "keepers.mbox: read before, nothing new" in done.stderr.decode()
    assert "written 0 · deleted 0" in done.stderr.decode()
    assert before == {path: path.stat().st_mtime_ns for path in site.rglob("*.html")}


def test_mail_comes_by_standard_input_too(tmp_path: Path) -> None:
    """A dash is standard input."""
    done = posterity("import", "-", "--archive", tmp_path / "A", stdin=SAMPLE.read_bytes())

    assert (0, True) == (done.returncode, b"kept 459" in done.stderr)


@pytest.mark.parametrize("command", ["ledger", "defects", "status", "verify"])
def test_json_has_a_schema_version(built: Path, command: str) -> None:
    """Programs can tell what they are reading."""
    done = posterity(command, "--archive", built / "A", "--json")

    value = json.loads(done.stdout)
    assert (0, 1) == (done.returncode, value["schema"])
    assert 2 == len(value)


def test_the_ledger_balances(built: Path) -> None:
    """The five parts add up to the source."""
    done = posterity("ledger", "--archive", built / "A", "--json")

    [row] = json.loads(done.stdout)["sources"]
    assert row["balanced"]
    assert SAMPLE.stat().st_size == row["length"]


def test_show_gives_the_octets_or_the_text(built: Path) -> None:
    """--raw is verbatim; the text is for people; both by hash and by Message-ID."""
    tables = posterity("export", "tables", "--archive", built / "A", "--to", built / "T")
    assert 0 == tables.returncode
    lines = (built / "T" / "messages.tsv").read_text("utf-8").split("\n")
    digest, message_id = lines[1].split("\t")[:2]

    raw = posterity("show", digest, "--archive", built / "A", "--raw").stdout
    by_id = posterity("show", f"<{message_id}>", "--archive", built / "A", "--json")

    site = next((built / "S" / "raw").glob(f"{digest}.eml")).read_bytes()
    assert site == raw
    assert digest in {found["hash"] for found in json.loads(by_id.stdout)["messages"]}


def test_a_name_nobody_bears_is_one_line(built: Path) -> None:
    """What happened and what to do; status 1."""
    done = posterity("show", "nobody@example.org", "--archive", built / "A")

    assert 1 == done.returncode
    assert (
        "posterity: nobody@example.org: no message has that hash or Message-ID;"
        " try `posterity status`\n"
    ) == done.stderr.decode()


@pytest.mark.parametrize("command", ["ledger", "status", "site", "verify"])
def test_no_archive_is_one_line(tmp_path: Path, command: str) -> None:
    """No traceback for a wrong folder."""
    extra = ["--site", tmp_path / "S"] if command == "site" else []
    done = posterity(command, "--archive", tmp_path / "none", *extra)

    assert 1 == done.returncode
    [line] = done.stderr.decode().splitlines()
    assert line.endswith("no archive here; `posterity import` makes one")


def test_a_source_left_out_is_status_3(tmp_path: Path) -> None:
    """The rest is read; the exit code and one line say that something was not."""
    missing = tmp_path / "missing.mbox"
    done = posterity("import", missing, SAMPLE, "--archive", tmp_path / "A")

    assert 3 == done.returncode
    assert "kept 459" in done.stderr.decode()
    assert "left out: " in done.stderr.decode()


def test_a_wrong_option_is_status_2() -> None:
    """Usage errors are told apart from failures."""
    assert 2 == posterity("build", "--nonsense").returncode


def test_export_overwrites_nothing(built: Path) -> None:
    """A file that is there stays as it is."""
    to = built / "precious.mbox"
    to.write_bytes(b"precious")

    done = posterity("export", "mbox", "--archive", built / "A", "--to", to)

    assert 1 == done.returncode
    assert "is there already; choose another name" in done.stderr.decode()
    assert b"precious" == to.read_bytes()


def test_help_is_quick_and_names_every_command() -> None:
    """Nothing heavy is imported to print a list."""
    done = posterity("--help")

    for name in (
        "build",
        "import",
        "site",
        "ledger",
        "defects",
        "verify",
        "show",
        "export",
    ):
        assert f"  {name} " in done.stdout.decode()
    code = (
        "import sys, posterity.cli; print('sqlite3' in sys.modules, 'rich' in sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert b"False False\n" == loaded.stdout
