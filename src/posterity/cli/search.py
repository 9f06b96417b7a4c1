"""posterity search."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from posterity.cli import options
from posterity.cli.terminal import print_json, printable

if TYPE_CHECKING:
    from posterity.query.snippets import Piece
    from posterity.render.hits import Hit
    from posterity.store.search import Answer


@click.command("search")
@click.argument("query", nargs=-1, required=True, metavar="QUERY...")
@options.archive
@options.as_json
@click.option(
    "--limit",
    default=20,
    show_default=True,
    metavar="N",
    type=click.IntRange(1, 1000),
    help="Messages at most.",
)
@click.option(
    "--order",
    default="relevance",
    show_default=True,
    type=click.Choice(["relevance", "newest", "oldest"]),
    help="What comes first.",
)
@click.option("--threads", is_flag=True, help="Only the best message of each thread.")
@click.option(
    "--mbox",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write all that match as mboxrd, and show nothing; - is standard output.",
)
def command(  # noqa: PLR0913, PLR0917
    query: tuple[str, ...],
    archive_path: Path,
    as_json: bool,
    limit: int,
    order: str,
    threads: bool,
    mbox: Path | None,
) -> None:
    """Find messages. Words, "phrases", from: subject: date:1996..1997, -not, OR, word*.

    docs/search.md explains the language. Write -- before a QUERY that begins with -.
    """
    from posterity.query import parse_query
    from posterity.store import Archive
    from posterity.store.search import Searcher

    archive = Archive.open(archive_path)
    node = parse_query(" ".join(query), int(time.time()))
    searcher = Searcher(archive.catalogue_path)
    if mbox:
        from posterity.export.found import write_found

        written = write_found(archive, searcher.keys(node), mbox)
        click.echo(f"{written:,} messages written to {mbox}", err=True)
        return
    from posterity.render.hits import hits
    from posterity.store.search import Order, Wish

    answer = searcher.search(node, Wish(Order(order), limit, grouped=threads))
    reader = archive.reader()
    pairs = zip(answer.keys, answer.in_thread, strict=True)
    found = hits(reader, archive.settings, node, pairs)
    if as_json:
        from posterity.render.found import found_as_json

        print_json("search", found_as_json(answer, found))
    else:
        _show(answer, found)


def _show(answer: Answer, found: list[Hit]) -> None:
    import datetime as dt

    if not answer.total:
        click.echo("nothing found", err=True)
    for hit in found:
        row = hit.row
        day = (
            "undated"
            if row.utc is None
            else dt.datetime.fromtimestamp(row.utc, dt.UTC).strftime("%Y-%m-%d")
        )
        subject = _coloured(hit.subject, bold=True) or "(no subject)"
        more = f" · {hit.in_thread} in its thread" if hit.in_thread > 1 else ""
        click.echo(f"{click.style(row.digest[:12], fg='yellow')}  {subject}")
        click.echo(f"  {day} · {printable(row.author) or 'nobody'}{more}")
        if hit.snippet:
            click.echo(f"  {_coloured(hit.snippet)}")
        click.echo()
    if answer.total:
        click.echo(
            f"{len(found):,} of {answer.total:,} messages in {answer.threads:,} threads,"
            f" {_BY[answer.order]}",
            err=True,
        )


_BY = {"relevance": "best first", "newest": "newest first", "oldest": "oldest first"}


def _coloured(pieces: tuple[Piece, ...], *, bold: bool = False) -> str:
    return "".join(
        click.style(printable(piece.text), fg="red", bold=True)
        if piece.hit
        else click.style(printable(piece.text), bold=True)
        if bold
        else printable(piece.text)
        for piece in pieces
    )
