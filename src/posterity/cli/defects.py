"""posterity defects."""

from __future__ import annotations

from pathlib import Path

import click

from posterity.cli import options
from posterity.cli.terminal import print_json, print_table


@click.command("defects")
@options.archive
@options.as_json
def command(archive_path: Path, as_json: bool) -> None:
    """Count what is odd about the mail; docs/defects.md explains each kind."""
    from posterity.store import Archive

    counts = Archive.open(archive_path).reader().defect_counts()
    if as_json:
        print_json("defects", [row._asdict() for row in counts])
    else:
        print_table(
            ("messages", "defect", "meaning"),
            [(f"{row.messages:,}", row.code, row.meaning) for row in counts],
        )
