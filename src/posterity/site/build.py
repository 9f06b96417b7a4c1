"""Plan the pages, render them in parallel, publish.

A site is made of units: a thread with its messages, a month, a person, a page of the
whole list. A unit that shows nothing which changed since the site was last published is
left as it is (`stale`); others are made, and of their files those are written that differ.

A worker gets some units of a kind at once: a message's text is rendered once for its own
page and its thread's, and what all pages of some threads ask is read together
(`store.ahead`). Lists and single pages go first, so that the last thing any worker does
is small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from posterity.executor import Executor
from posterity.pipeline.progress import Progress
from posterity.render.pages import File, Renderer
from posterity.render.theme import Theme
from posterity.site.manifest import NOTHING, Manifest, Unit
from posterity.site.moved import Moves
from posterity.site.publication import Publication, Writer
from posterity.site.searchfiles import SearchReport, begun_search
from posterity.site.searchkept import drop_damaged
from posterity.site.stale import Stale
from posterity.site.unitfiles import SINGLES, unit_files
from posterity.store import Archive
from posterity.store.ahead import AheadReader
from posterity.store.reader import StoreReader

MESSAGES_A_SHARD = 250
PEOPLE_A_SHARD = 200
DAYS_A_SHARD = 50


class SiteReport(NamedTuple):
    """What a publication did."""

    files: int
    written: int
    deleted: int
    octets: int
    has_base_url: bool


def _nothing() -> None:
    """What is done meanwhile where nothing is to be done."""


class How(NamedTuple):
    """How a site is brought up to date.

    Attributes:
        anew: make every page, also those that show nothing new.
        meanwhile: what this process does while workers make the first half of the pages;
            no page depends on it.
    """

    anew: bool = False
    meanwhile: Callable[[], object] = _nothing


AS_EVER = How()


class _Item(NamedTuple):
    """A unit to be made.

    Attributes:
        name: its last part: a thread's hash, a month, a slug, what a single page is.
        thread: the catalogue's id of a thread, 0 for any other.
    """

    name: str
    thread: int = 0


class _Shard(NamedTuple):
    """Units of one kind for a worker, and how much work they are."""

    archive: Path
    work: Path
    site: Path | None
    kind: str
    items: tuple[_Item, ...]
    steps: int


class _Done(NamedTuple):
    """What became of a shard: each unit by its name."""

    kind: str
    names: tuple[str, ...]
    units: tuple[Unit, ...]
    written: int
    steps: int


def publish(
    archive: Archive,
    site: Path,
    executor: Executor,
    progress: Progress,
    at: int = 0,
    how: How = AS_EVER,
) -> SiteReport:
    """Bring a site up to date with its archive.

    Args:
        archive: derived, related and, when `how.meanwhile` is done, indexed; its lock
            held.
        site: where to publish.
        executor: where pages are made.
        progress: told of every shard.
        at: the time, for the URL ledger.
        how: what else to mind.

    Raises:
        SiteError: the place is not ours to write to.
    """
    _desk.cache_clear()  # in this process, an earlier run's would be out of date
    _writer.cache_clear()
    publication = Publication(site, keep_out_of=archive.folder)
    try:
        work = _Work(archive, publication, executor, progress)
        made = _made(work, how)
        moves = Moves(archive, publication.before)
        made = _with_moved(made, work, moves)
        deleted = publication.commit(made.manifest)
    except BaseException:
        publication.abandon()
        raise
    moves.remember(made.manifest, at)
    files = made.manifest.files()
    return SiteReport(
        files,
        min(made.written, files),  # two units may each write a file that both hold
        deleted,
        sum(int(unit.octets) for unit in made.manifest.units.values()),
        bool(archive.settings.base_url),
    )


def told(report: SiteReport) -> str:
    """The report in a line or two."""
    line = (
        f"site: {report.files:,} files · written {report.written:,}"
        f" · deleted {report.deleted:,} · {report.octets / 1e6:,.1f} MB"
    )
    if not report.has_base_url:
        line += (
            "\nno base_url in posterity.toml: no sitemap and no canonical links were made"
        )
    return line


class _Made(NamedTuple):
    """What a site shall hold, and how many of its files were written."""

    manifest: Manifest
    written: int


class _Work(NamedTuple):
    """What is at hand while a site is made."""

    archive: Archive
    publication: Publication
    executor: Executor
    progress: Progress

    @property
    def compare(self) -> Path | None:
        """What is published now, if anything."""
        return None if self.publication.fresh else self.publication.site


def _made(work: _Work, how: How) -> _Made:
    """Make the units that show something new, and the search index."""
    archive, publication, executor, progress = work
    stale = Stale(archive, NOTHING if how.anew else publication.before)
    reader = archive.reader()
    shards = list(_plan(work, reader, stale))
    names = list(_names(reader))
    reader.close()
    units: dict[str, Unit] = {}
    written = 0
    half = len(shards) // 2
    first = executor.map(_render, shards[:half], eager=True)
    how.meanwhile()
    folders = publication.work, work.compare
    if how.anew and work.compare:
        drop_damaged(work.compare)
    with begun_search(archive, folders, executor) as finish:
        progress.stage("pages", sum(shard.steps for shard in shards))
        for done in chain(first, executor.map(_render, shards[half:])):
            for name, unit in zip(done.names, done.units, strict=True):
                units[f"{done.kind}/{name}"] = unit
            written += done.written
            progress.advance(done.steps)
        found = finish(progress)
    units["search/"] = _searching(found, publication)
    whole = {name: units.get(name) or stale.kept[name] for name in names}
    return _Made(Manifest(stale.state, whole), written + found.written)


def _searching(found: SearchReport, publication: Publication) -> Unit:
    """The files of the search index, those too that stand as they did."""
    before = publication.before.units.get("search/")
    paths = sorted(found.paths)
    if before and not found.written and before.paths.split("\t") == paths:
        return before
    octets = 0
    for path in paths:
        new = publication.work / path
        octets += (new if new.exists() else publication.site / path).stat().st_size
    return Unit.of(octets, (), paths)


def _names(reader: StoreReader) -> Iterator[str]:
    """Every unit that there is now."""
    yield "search/"
    yield from (f"single/{name}" for name in SINGLES)
    yield from (f"month/{count.month}" for count in reader.months())
    yield from (f"day/{day}" for day, _ in reader.days())
    yield from (f"person/{slug}" for slug in sorted(one.slug for one in reader.people()))
    yield from (f"thread/{root}" for root in sorted(r for _, r, _ in reader.thread_sizes()))


def _with_moved(made: _Made, work: _Work, moves: Moves) -> _Made:
    """The same with the pages at addresses that were left."""
    desk = _desk(work.archive.folder)
    pages = moves.pages(made.manifest, desk.renderer, desk.reader)
    unit, written = _written(pages, _writer(work.publication.work, work.compare))
    desk.reader.close()
    _desk.cache_clear()
    units = {**made.manifest.units, "moved/": unit}
    return _Made(made.manifest._replace(units=units), made.written + written)


def _plan(work: _Work, reader: StoreReader, stale: Stale) -> Iterator[_Shard]:
    """What is to be made, cut into shards."""
    places = work.archive.folder, work.publication.work, work.compare
    for kind, items, steps in _batches(reader, stale):
        if items:
            yield _Shard(*places, kind, tuple(items), steps)


def _batches(
    reader: StoreReader, stale: Stale
) -> Iterator[tuple[str, Sequence[_Item], int]]:
    """(kind, units, steps) of what one worker makes at once."""
    for name in SINGLES:
        yield "single", [_Item(name)] if stale.single(name) else (), 1
    for month in stale.months(reader.months()):
        yield "month", [_Item(month)], 1
    days = list(map(_Item, stale.days([day for day, _ in reader.days()])))
    yield from (("day", some, len(some)) for some in _cut(days, DAYS_A_SHARD))
    people = [_Item(one.slug) for one in reader.people() if stale.person(one.slug, one.key)]
    yield from (("person", some, len(some)) for some in _cut(people, PEOPLE_A_SHARD))
    batch: list[_Item] = []
    messages = 0
    for thread, root, size in reader.thread_sizes():
        if stale.thread(root, thread):
            batch.append(_Item(root, thread))
            messages += size
        if messages >= MESSAGES_A_SHARD:
            yield "thread", batch, messages
            batch, messages = [], 0
    yield "thread", batch, messages


def _cut(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))


class _Desk(NamedTuple):
    reader: AheadReader
    renderer: Renderer


@lru_cache(maxsize=1)
def _desk(folder: Path) -> _Desk:
    archive = Archive.open(folder)
    reader = AheadReader(archive)
    return _Desk(
        reader, Renderer(reader, archive.settings, Theme.chosen(archive.settings, folder))
    )


@lru_cache(maxsize=1)
def _writer(work: Path, site: Path | None) -> Writer:
    return Writer(work, site)


def _render(shard: _Shard) -> _Done:
    """Render and write the pages of some units; runs in a worker."""
    desk, writer = _desk(shard.archive), _writer(shard.work, shard.site)
    if shard.kind == "thread":
        desk.reader.read_ahead([item.thread for item in shard.items])
    units: list[Unit] = []
    written = 0
    for item in shard.items:
        desk.reader.asked.clear()
        files = unit_files(desk.renderer, shard.kind, item.name, item.thread)
        unit, some = _written(files, writer, desk.reader.asked)
        units.append(unit)
        written += some
    names = tuple(item.name for item in shard.items)
    return _Done(shard.kind, names, tuple(units), written, shard.steps)


def _written(
    files: Iterable[File], writer: Writer, asked: Iterable[str] = ()
) -> tuple[Unit, int]:
    """Write files as they are made; the unit they are, and how many were written.

    Args:
        asked: the Message-IDs that their pages name, complete when all are made.
    """
    paths: list[str] = []
    written = octets = 0
    for file in files:
        paths.append(file.path)
        octets += len(file.content)
        written += writer.write(file.path, file.content)
    return Unit.of(octets, asked, paths), written
