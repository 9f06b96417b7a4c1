"""posterity search: results to standard output, everything else beside it."""

from __future__ import annotations

import json
import mailbox
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from posterity.cli.search import command
from posterity.errors import QueryError
from posterity.store import Archive


def asked(archive: Archive, *arguments: str, catch: bool = False) -> Result:
    """What the command prints."""
    return CliRunner().invoke(
        command, [*arguments, "--archive", str(archive.folder)], catch_exceptions=catch
    )


def test_results_are_lines(keepers: Archive) -> None:
    """Hash, subject, day, author, and the words around the hit; the sum goes elsewhere."""
    found = asked(keepers, "fog", "signal", "--limit", "2")

    assert "spell your fog signal" in found.stdout.lower()
    assert "2 of " in found.stderr
    assert "\x1b" not in found.stdout


def test_words_need_no_quotes_of_the_shell(keepers: Archive) -> None:
    """Several arguments are one query."""
    assert asked(keepers, "fog", "signal").stdout == asked(keepers, "fog signal").stdout


def test_json_is_versioned(keepers: Archive) -> None:
    """--json prints one value under the schema's version."""
    value: Any = json.loads(asked(keepers, "from:roz", "--json").stdout)
    hit = value["search"]["hits"][0]

    assert 1 == value["schema"]
    assert 64 == len(hit["hash"])
    assert hit["url"].endswith(f"{hit['hash']}.html")
    assert any("roz" in hit["from"].lower() for hit in value["search"]["hits"])


def test_one_a_thread(keepers: Archive) -> None:
    """--threads shows every thread once."""
    value: Any = json.loads(
        asked(keepers, "fog", "--json", "--threads", "--limit", "1000").stdout
    )
    threads = [hit["thread"] for hit in value["search"]["hits"]]

    assert len(set(threads)) == len(threads) == value["search"]["threads"]


def test_mbox_is_all_that_was_found(keepers: Archive, tmp_path: Path) -> None:
    """--mbox writes every message found, and nothing over anything."""
    to = tmp_path / "fog.mbox"
    value: Any = json.loads(asked(keepers, "subject:fog", "--json").stdout)
    asked(keepers, "subject:fog", "--mbox", str(to))
    box = mailbox.mbox(to)
    again = asked(keepers, "subject:fog", "--mbox", str(to), catch=True)

    assert value["search"]["total"] == len(box)
    assert "is there already" in str(again.exception)
    box.close()


def test_nothing_found_is_said(keepers: Archive) -> None:
    """No result is no output, and a word beside it."""
    found = asked(keepers, "zzyzx")

    assert ("", "nothing found\n") == (found.stdout, found.stderr)


def test_bad_syntax_is_one_line(keepers: Archive) -> None:
    """A refusal points at its place."""
    with pytest.raises(QueryError, match=r"did you mean subject:\? \(at character 1\)"):
        asked(keepers, "subjct:fog")


def test_mail_has_no_power_over_the_terminal(keepers: Archive) -> None:
    """L1: no control character of a message reaches the terminal."""
    found = asked(keepers, "-zzyzx", "--limit", "1000")

    assert not [c for c in found.stdout if not (c.isprintable() or c == "\n")]
