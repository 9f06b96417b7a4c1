"""posterity status."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from posterity.cli import options
from posterity.cli.terminal import print_json, printable


@click.command("status")
@options.archive
@options.as_json
def command(archive_path: Path, as_json: bool) -> None:
    """Say what the archive holds and how large it is."""
    from posterity.store import Archive

    archive = Archive.open(archive_path)
    reader = archive.reader()
    facts = reader.facts()
    files = {
        path.name: path.stat().st_size
        for path in (archive.accession_path, archive.catalogue_path)
    }
    if as_json:
        value = {"title": archive.settings.title, **facts._asdict(), "files": files}
        print_json("status", {**value, "sources": len(reader.sources())})
        return
    click.echo(printable(archive.settings.title))
    span = f"{_day(facts.first)} to {_day(facts.last)}"
    click.echo(f"  {facts.messages:,} messages, {span}")
    click.echo(f"  {facts.threads:,} threads, {facts.people:,} people")
    click.echo(f"  {facts.attachments:,} attachments, {len(reader.sources()):,} sources")
    for name, size in files.items():
        click.echo(f"  {name}: {size / 1e6:,.1f} MB")


def _day(utc: int | None) -> str:
    if utc is None:
        return "an unknown day"
    return dt.datetime.fromtimestamp(utc, dt.UTC).strftime("%-d %B %Y")
