"""Plan the pages, render them in parallel, publish.

The unit of work is a run of threads, because a message's text is rendered once for its
own page and its thread's, and because what all its pages ask is read at once
(`store.ahead`); lists and single pages are units of their own and go first,
so that the last thing any worker does is small.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from posterity.executor import Executor
from posterity.pipeline.progress import Progress
from posterity.render.pages import File, Renderer
from posterity.render.theme import Theme
from posterity.site.moved import Moves
from posterity.site.publication import Publication, Writer
from posterity.site.searchfiles import publish_search
from posterity.store import Archive
from posterity.store.ahead import AheadReader
from posterity.store.reader import StoreReader

MESSAGES_A_UNIT = 250
PEOPLE_A_UNIT = 200


class SiteReport(NamedTuple):
    """What a publication did."""

    files: int
    written: int
    deleted: int
    octets: int
    has_base_url: bool


class _Unit(NamedTuple):
    """A run of pages of one kind; items name them."""

    kind: str
    items: tuple[str | int, ...]
    steps: int


class _Shard(NamedTuple):
    archive: Path
    work: Path
    site: Path | None
    unit: _Unit


class _Done(NamedTuple):
    paths: str  # joined by LF: one string travels faster than a list of them
    written: int
    octets: int
    steps: int


def publish(
    archive: Archive, site: Path, executor: Executor, progress: Progress, at: int = 0
) -> SiteReport:
    """Bring a site up to date with its archive.

    Args:
        archive: derived, related and indexed, its lock held.
        site: where to publish.
        executor: where pages are made.
        progress: told of every unit.
        at: the time, for the URL ledger.

    Raises:
        SiteError: the place is not ours to write to.
    """
    reader = archive.reader()
    units = list(_plan(reader))
    reader.close()
    _desk.cache_clear()  # in this process, an earlier run's would be out of date
    _writer.cache_clear()
    publication = Publication(site, keep_out_of=archive.folder)
    compare = None if publication.fresh else site
    shards = (_Shard(archive.folder, publication.work, compare, unit) for unit in units)
    progress.stage("pages", sum(unit.steps for unit in units))
    paths: list[str] = []
    written = octets = 0
    try:
        for done in executor.map(_render, shards):
            paths += done.paths.split("\n")
            written += done.written
            octets += done.octets
            progress.advance(done.steps)
        found = publish_search(archive, (publication.work, compare), executor, progress)
    except BaseException:
        publication.abandon()
        raise
    paths += found.paths
    written += found.written
    octets += found.octets
    held = set(paths)
    moves = Moves(archive, publication.published())
    desk = _desk(archive.folder)
    moved = moves.pages(held, desk.renderer, desk.reader)
    last = _written(moved, _writer(publication.work, compare))
    held.update(filter(None, last.paths.split("\n")))
    deleted = publication.commit(held)
    moves.remember(at)
    desk.reader.close()
    _desk.cache_clear()
    return SiteReport(
        len(held),
        written + last.written,
        deleted,
        octets + last.octets,
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


def _plan(reader: StoreReader) -> Iterator[_Unit]:
    for item in ("about", "home", "attachments", "people", "stats", "days", "rest"):
        yield _Unit("single", (item,), 1)
    months = [count.month for count in reader.months()]
    years = sorted({month.partition("/")[0] for month in months})
    yield _Unit("year", tuple(years), 1)
    for month in months:
        yield _Unit("month", (month,), 1)
    slugs = [person.slug for person in reader.people()]
    for start in range(0, len(slugs), PEOPLE_A_UNIT):
        yield _Unit("person", tuple(slugs[start : start + PEOPLE_A_UNIT]), PEOPLE_A_UNIT)
    yield from _threads(reader.thread_sizes())


def _threads(sizes: Sequence[tuple[int, int]]) -> Iterator[_Unit]:
    batch: list[int] = []
    messages = 0
    for thread, size in sizes:
        batch.append(thread)
        messages += size
        if messages >= MESSAGES_A_UNIT:
            yield _Unit("thread", tuple(batch), messages)
            batch, messages = [], 0
    if batch:
        yield _Unit("thread", tuple(batch), messages)


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
    """Render and write the pages of a unit; runs in a worker."""
    files = _files(_desk(shard.archive), shard.unit)
    return _written(files, _writer(shard.work, shard.site), shard.unit.steps)


def _written(files: Iterable[File], writer: Writer, steps: int = 0) -> _Done:
    """Write files as they are made."""
    paths: list[str] = []
    written = octets = 0
    for file in files:
        paths.append(file.path)
        octets += len(file.content)
        written += writer.write(file.path, file.content)
    return _Done("\n".join(paths), written, octets, steps)


def _files(desk: _Desk, unit: _Unit) -> Iterator[File]:
    if unit.kind == "thread":
        threads = [item for item in unit.items if isinstance(item, int)]
        desk.reader.read_ahead(threads)
        for thread in threads:
            yield from desk.renderer.thread_files(thread)
        return
    for item in unit.items:
        assert isinstance(item, str)
        yield from _listed(desk.renderer, unit.kind, item)


def _listed(renderer: Renderer, kind: str, item: str) -> Iterator[File]:
    if kind == "month":
        yield from renderer.month_files(item)
    elif kind == "year":
        yield from renderer.year_files(item)
    elif kind == "person":
        person = renderer.reader.person(item)
        assert person is not None
        yield from renderer.person_files(person)
    else:
        yield from _single(renderer, item)


def _single(renderer: Renderer, item: str) -> Iterator[File]:
    if item == "attachments":
        yield from renderer.attachment_index_files()
    elif item == "people":
        yield from renderer.people_index_files()
    elif item == "stats":
        yield renderer.stats()
        yield from renderer.figures_files()
        yield renderer.trends()
    elif item == "days":
        yield renderer.days_index()
        yield from renderer.day_files()
    elif item == "about":
        yield renderer.about()
    elif item == "home":
        yield renderer.home()
        yield renderer.archive_index()
    else:
        yield renderer.feed()
        yield renderer.json_feed()
        yield renderer.llms()
        yield renderer.find_by_id()
        yield renderer.search()
        yield renderer.robots()
        yield renderer.not_found()
        yield from renderer.sitemap_files()
        yield from renderer.static_files()
