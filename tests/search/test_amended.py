"""What the keeper withdrew is in no index, and comes back when they change their mind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress
from posterity.query import parse_query
from posterity.site.searchfiles import publish_search
from posterity.store import Archive
from posterity.store.search import Searcher


def message(number: int, text: str) -> str:
    """A message of ours."""
    return (
        f"From ada@lamp.example Mon Feb  7 20:18:26 1994\n"
        f"From: Ada Brook <ada@lamp.example>\nTo: keepers@lamp.example\n"
        f"Date: Mon, 7 Feb 1994 20:18:{number:02} +0000\nMessage-ID: <{number}@lamp.example>\n"
        f"Subject: letter {number}\n\n{text}\n\n"
    )


LETTERS = [
    message(1, "The quillfeather is on the shelf."),
    message(2, "Somebody asked for the telephone of the wreckmaster, 5550199."),
    message(3, "A third letter, about the weather."),
]


@pytest.fixture
def archive(tmp_path: Path, taken: Callable[..., None]) -> Archive:
    """Three letters, indexed."""
    source = tmp_path / "letters.mbox"
    source.write_text("".join(LETTERS), "utf-8")
    found = Archive.create(tmp_path / "archive")
    taken(found, source)
    return found


def found(archive: Archive, query: str, now: int) -> int:
    """How many messages a query finds."""
    searcher = Searcher(archive.catalogue_path)
    try:
        return len(searcher.keys(parse_query(query, now)))
    finally:
        searcher.close()


def amend(archive: Archive, text: str, taken: Callable[..., None]) -> Archive:
    """Write amendments.toml and bring everything up to it."""
    (archive.folder / "amendments.toml").write_text(text, "utf-8")
    changed = Archive.open(archive.folder)
    taken(changed)
    return changed


def everything(archive: Archive) -> Counter[str]:
    """Every word of the index, with how many messages have it."""
    searcher = Searcher(archive.catalogue_path)
    words: Counter[str] = Counter(
        dict(searcher._database.execute("SELECT term, doc FROM search_words"))
    )
    searcher.close()
    return words


def digest_of(archive: Archive, number: int) -> str:
    """The hash of a letter."""
    reader = archive.reader()
    digest = reader.holders(f"{number}@lamp.example")[0].digest
    reader.close()
    return digest


def in_browser(archive: Archive, place: Path, run: Any, now: int, query: str) -> int:
    """How many messages the static index finds."""
    publish_search(archive, (place, None), SerialExecutor(), NoProgress())
    answers = run("search", str(place), now, [query], "newest")
    return int(answers[0]["total"])


def test_hidden_is_not_found(
    archive: Archive, taken: Any, in_node: Any, tmp_path: Path, now: int
) -> None:
    """T1, T7: no word of it, no date, no negation finds it; undone, it is found again."""
    before = everything(archive)
    entry = f'[[hide]]\nmessage = "{digest_of(archive, 1)}"\nreason = "a wish"\n'
    hidden = amend(archive, entry, taken)
    queries = ["quillfeather", "date:1994", "-nothing", "from:ada", "mid:1@lamp.example"]

    assert [0, 2, 2, 2, 0] == [found(hidden, query, now) for query in queries]
    assert "quillfeather" not in everything(hidden)
    assert 2 == in_browser(hidden, tmp_path / "site", in_node, now, "date:1994")

    again = amend(hidden, "", taken)
    assert before == everything(again)
    assert 1 == found(again, "quillfeather", now)


def test_redacted_words_are_not_found(
    archive: Archive, taken: Any, in_node: Any, tmp_path: Path, now: int
) -> None:
    """T4: the words are gone from both indexes, the rest of the message is not."""
    changed = amend(
        archive, '[[redact]]\ntext = "5550199"\nreason = "a telephone number"\n', taken
    )

    assert (0, 1) == (found(changed, "5550199", now), found(changed, "wreckmaster", now))
    assert "5550199" not in everything(changed)
    assert 0 == in_browser(changed, tmp_path / "site", in_node, now, "5550199")


def test_masked_addresses_are_not_found(
    archive: Archive, taken: Any, in_node: Any, tmp_path: Path, now: int
) -> None:
    """T5: where addresses are masked, no index knows them; names stay."""
    settings = archive.folder / "posterity.toml"
    settings.write_text(settings.read_text("utf-8") + '\naddresses = "hide"\n', "utf-8")
    masked = Archive.open(archive.folder)
    taken(masked)

    assert (0, 3) == (found(masked, "from:lamp", now), found(masked, "from:ada", now))
    assert 0 == in_browser(masked, tmp_path / "site", in_node, now, "to:keepers")
