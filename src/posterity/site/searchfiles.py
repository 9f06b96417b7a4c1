"""The static search index: what a browser needs to search without a server.

    search/index.js       the table of everything below; the only name that stays
    search/<digest>.js    a shard of words, a block of cards, or the lengths of messages
    search/trends.js      words by month, with shards of its own; see `site.trends`

Every file is a script that hands over one deflated piece in base64, because scripts are
the one thing a page on a disk (file://) may load beside it. A file's name is the digest
of its content, so a browser may keep it for ever, and what has not changed is not
written again.

Messages are numbered by time. All but the newest few thousand are one segment, which is
made again only when the rest has grown to `TAIL`; an ordinary update touches the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from posterity.executor import Executor
from posterity.pipeline.progress import Progress
from posterity.render import urls
from posterity.site import trends
from posterity.site.publication import Writer
from posterity.site.searchmake import CARDS_FILE, Made, make, named, script
from posterity.site.searchplan import Order, Plan, plan
from posterity.site.searchsame import NOTE, Noted, digests, state_of
from posterity.store import Archive
from posterity.store.searchnotes import Notes


class SearchReport(NamedTuple):
    """What a publication of the index did."""

    paths: list[str]
    written: int
    octets: int


def publish_search(
    archive: Archive,
    folders: tuple[Path, Path | None],
    executor: Executor,
    progress: Progress,
) -> SearchReport:
    """Write the static search index.

    Args:
        folders: where files are written, and what is published now, if anything.
    """
    with begun_search(archive, folders, executor) as finish:
        return finish(progress)


def lend_search(archive: Archive, folder: Path, executor: Executor) -> None:
    """Write the static search index to a place that is nobody's site.

    The archive is only read: no lock is asked for, and what is noted of the published
    index stays.
    """
    with _begun(archive, (folder, None), executor, Noted()) as made:
        made()


@contextmanager
def begun_search(
    archive: Archive, folders: tuple[Path, Path | None], executor: Executor
) -> Iterator[Callable[[Progress], SearchReport]]:
    """Begin to write the static search index; gives what completes it.

    What is to be made is planned by one worker, which the others need not wait for.
    """
    notes = Notes(archive.catalogue_path)
    try:
        state = state_of(notes)
        last = Noted.read(notes)
        paths = last.unchanged(state, folders[1])
        if paths is not None:
            yield lambda _: SearchReport(paths, 0, 0)
            return
        with _begun(archive, folders, executor, last) as made:

            def finish(progress: Progress) -> SearchReport:
                progress.stage("search")
                planned, report, counted = made()
                marks = {one.mark: one.fingerprint for one in planned.segments}
                now = Noted(state, digests(*folders), marks)
                notes.write(**{NOTE: now.octets(), trends.NOTE: counted.note})
                return SearchReport(
                    report.paths + counted.paths,
                    report.written + counted.written,
                    report.octets + counted.octets,
                )

            yield finish
    finally:
        notes.close()


@contextmanager
def _begun(
    archive: Archive, folders: tuple[Path, Path | None], executor: Executor, last: Noted
) -> Iterator[Callable[[], tuple[Plan, SearchReport, trends.Counted]]]:
    """Begin to count and to plan; gives what makes the files, as long as the block lasts."""
    folders[0].mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".spool-", dir=folders[0]) as spool:
        counts = trends.Order(archive.catalogue_path, *folders)
        counting = executor.map(trends.write_trends, [counts], eager=True)
        policy = archive.settings.addresses
        order = Order(archive.catalogue_path, policy, Path(spool), *folders, last.marks)
        planning = executor.map(plan, [order], eager=True)

        def made() -> tuple[Plan, SearchReport, trends.Counted]:
            (planned,) = planning
            units = list(executor.map(make, planned.units))
            (counted,) = counting
            return planned, _finished(planned, units, Writer(*folders)), counted

        yield made


def _finished(planned: Plan, made: Sequence[Made], writer: Writer) -> SearchReport:
    """Write the table, which names everything else."""
    name, lengths = named(planned.lengths)
    segments, cards = _segments(planned, made)
    table = {**planned.table, "lengths": name, "segments": segments, "cards": cards}
    text = json.dumps(table, separators=(",", ":")).encode("ascii")
    last = (
        (urls.search_part(name), lengths),
        (urls.SEARCH_INDEX, script("index", text)),
    )
    kept = [one.kept for one in planned.segments if one.kept]
    return SearchReport(
        [path for one in made for path in one.paths]
        + [urls.search_part(name) for one in kept for name in one.names]
        + [path for path, _ in last],
        sum(one.written for one in made) + sum(writer.write(*file) for file in last),
        sum(one.octets for one in made) + sum(len(content) for _, content in last),
    )


def _segments(
    planned: Plan, made: Sequence[Made]
) -> tuple[list[dict[str, Any]], list[str]]:
    """What the table says of segments, and the names of all cards in order."""
    found: list[dict[str, Any]] = []
    cards: list[str] = []
    for number, one in enumerate(planned.segments):
        if one.kept:
            found.append(one.kept.segment)
            cards += one.kept.cards
            continue
        segment: dict[str, Any] = {
            "first": one.first,
            "count": one.last - one.first,
            "words": one.words,
            "fingerprint": one.fingerprint,
            "families": [[[], []], [[], []]],
            "apart": [{}, {}],
        }
        for unit, files in zip(planned.units, made, strict=True):
            if unit.segment == number:
                _name(segment, cards, files)
        found.append(segment)
    return found, cards


def _name(segment: dict[str, Any], cards: list[str], files: Made) -> None:
    """Put the names of a unit's files where they belong."""
    for kind, word, name in files.names:
        if kind == CARDS_FILE:
            cards.append(name)
            continue
        family = int(kind[0])
        if kind.endswith("apart"):
            segment["apart"][family][word] = name
        else:
            firsts, names = segment["families"][family]
            firsts.append(word)
            names.append(name)
