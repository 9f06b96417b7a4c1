"""posterity export."""

from __future__ import annotations

from pathlib import Path

import click

from posterity.cli import options

to = click.option(
    "--to",
    required=True,
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Where to write; nothing that is there is overwritten.",
)


@click.group("export")
def command() -> None:
    """Write the archive in another form."""


@command.command("mbox")
@options.archive
@to
def mbox(archive_path: Path, to: Path) -> None:
    """All kept messages as one mboxrd; importing it gives the same hashes."""
    from posterity.export.mbox import export_mbox
    from posterity.store import Archive

    written = export_mbox(Archive.open(archive_path), to)
    click.echo(f"{written:,} messages written to {to}", err=True)


@command.command("maildir")
@options.archive
@to
def maildir(archive_path: Path, to: Path) -> None:
    """All kept messages as a Maildir; importing it gives the same hashes."""
    from posterity.export.maildir import export_maildir
    from posterity.store import Archive

    written = export_maildir(Archive.open(archive_path), to)
    click.echo(f"{written:,} messages written to {to}", err=True)


@command.command("tables")
@options.archive
@to
def tables(archive_path: Path, to: Path) -> None:
    """Messages, threads, people, copies and sources as UTF-8 TSV."""
    from posterity.export.tables import export_tables
    from posterity.store import Archive

    for name, rows in export_tables(Archive.open(archive_path), to).items():
        click.echo(f"{rows:,} rows written to {to / name}.tsv", err=True)


@command.command("epub")
@options.archive
@click.option(
    "--thread",
    required=True,
    metavar="HASH",
    help="Any of its messages: its hash, the first digits of it, or its Message-ID.",
)
@to
def epub(archive_path: Path, thread: str, to: Path) -> None:
    """A thread as a book (EPUB 3), a chapter a message."""
    from posterity.export.epub import export_epub
    from posterity.store import Archive

    chapters = export_epub(Archive.open(archive_path), thread, to)
    click.echo(f"{chapters:,} messages bound in {to}", err=True)


@command.command("jekyll")
@options.archive
@to
@click.option(
    "--author-path",
    default="authors",
    show_default=True,
    type=click.Choice(["authors", "author"]),
    help="Where links to people lead.",
)
@click.option(
    "--newline",
    default="keep",
    show_default=True,
    type=click.Choice(["keep", "lf"]),
    help="Line ends of the raw message on its page.",
)
def jekyll(archive_path: Path, to: Path, author_path: str, newline: str) -> None:
    """A Jekyll source tree, in the page format of the list's first archive."""
    from posterity.export.jekyll import Style, export_jekyll
    from posterity.store import Archive

    style = Style(author_path=author_path, newline=newline)
    pages = export_jekyll(Archive.open(archive_path), to, style)
    click.echo(f"{pages:,} pages written to {to}", err=True)
