"""Options that several commands share, spelled once."""

from __future__ import annotations

import os
from pathlib import Path

import click

LOG_FORMAT = "posterity.log_format"
"""Where a command's context keeps the form of its log."""


def default_jobs() -> int:
    """One worker a core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


archive = click.option(
    "--archive",
    "archive_path",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The archive's folder.",
)
sources = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON (versioned).")
jobs = click.option(
    "--jobs",
    default=default_jobs,
    show_default="one a core",
    metavar="N",
    type=click.IntRange(1, 256),
    help="Worker processes.",
)
log_format = click.option(
    "--log-format",
    default="text",
    show_default=True,
    type=click.Choice(["text", "json"]),
    expose_value=False,
    callback=lambda context, _, value: context.meta.update({LOG_FORMAT: value}),
    help="What standard error is for: a person, or a machine (one JSON object a line).",
)
mbox_format = click.option(
    "--mbox-format",
    default="auto",
    show_default=True,
    type=click.Choice(["auto", "mboxo", "mboxrd", "mboxcl", "mboxcl2", "mmdf"]),
    help="What the mbox files are, where you know it.",
)
keep_deleted = click.option(
    "--keep-deleted",
    is_flag=True,
    help="Take expunged and trashed messages for messages.",
)
anew = click.option(
    "--anew",
    is_flag=True,
    help="Make every page again, also those that show nothing new, and mend lost files.",
)
