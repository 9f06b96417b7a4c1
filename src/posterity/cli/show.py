"""posterity show."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from posterity.cli import options
from posterity.cli.terminal import print_json, printable


@click.command("show")
@click.argument("name", metavar="HASH_OR_MESSAGE_ID")
@options.archive
@options.as_json
@click.option("--raw", is_flag=True, help="The kept octets, and nothing else.")
def command(name: str, archive_path: Path, as_json: bool, raw: bool) -> None:
    """Read one message, named by its hash (or how it begins) or its Message-ID."""
    from posterity.export.show import described, find, text_of
    from posterity.store import Archive

    archive = Archive.open(archive_path)
    reader = archive.reader()
    rows = find(archive, reader, name)
    if raw:
        for row in rows:
            sys.stdout.buffer.write(reader.octets(row.key))
        return
    if as_json:
        print_json("messages", [described(reader, row, archive.settings) for row in rows])
        return
    text = "\n\n".join(text_of(reader, row, archive.settings) for row in rows)
    lines = "\n".join(printable(line) for line in text.split("\n")) + "\n"
    if sys.stdout.isatty():
        click.echo_via_pager(lines)
    else:
        click.echo(lines, nl=False)
