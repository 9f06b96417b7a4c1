"""posterity ledger."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from posterity.cli import EXIT_FAILED, options
from posterity.cli.terminal import print_json, print_table, printable


@click.command("ledger")
@options.archive
@options.as_json
def command(archive_path: Path, as_json: bool) -> None:
    """Account for every octet: what each source held, and how its messages were told apart."""
    from posterity.store import Archive

    reader = Archive.open(archive_path).reader()
    sources = reader.sources()
    if as_json:
        print_json(
            "sources", [{**row._asdict(), "balanced": row.balanced} for row in sources]
        )
    else:
        for row in sources:
            name = f"{row.name}!{row.member}" if row.member else row.name
            click.echo(printable(name))
            click.echo(
                f"  {row.form}, {row.dialect}, borders {row.confidence:.0%} sure"
                f" · sha256 {row.digest[:16]}…"
            )
            for sentence in row.evidence.splitlines():
                click.echo(f"  {printable(sentence)}")
        parts = ("message", "duplicate", "framing", "quarantined", "preamble")
        print_table(
            (
                "source",
                "messages",
                "octets",
                *(f"{part} octets" for part in parts),
                "balance",
            ),
            [
                (
                    printable(row.name),
                    f"{row.messages:,}",
                    f"{row.length:,}",
                    *(f"{getattr(row, part + '_octets'):,}" for part in parts),
                    "balanced" if row.balanced else "WRONG",
                )
                for row in sources
            ],
        )
    if not all(row.balanced for row in sources):
        sys.exit(EXIT_FAILED)
