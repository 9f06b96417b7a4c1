"""posterity serve."""

from __future__ import annotations

from pathlib import Path

import click

from posterity.cli import options


@click.command("serve")
@options.archive
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port", default=8420, show_default=True, type=click.IntRange(0, 65535), help="Where."
)
@click.option("--quiet", is_flag=True, help="No line for every request.")
def command(archive_path: Path, host: str, port: int, quiet: bool) -> None:
    """Serve the archive's pages, its search and its JSON API; nothing can be written.

    It listens to this machine only, unless told otherwise; to the world it should speak
    through a web server that knows TLS.
    """
    try:
        from posterity.serve import create_app
        from posterity.serve.wire import run
    except ImportError as error:
        raise click.ClickException(
            "the server needs Starlette and uvicorn: pip install 'posterity[server]'"
        ) from error
    from posterity.executor import SerialExecutor
    from posterity.site.searchfiles import lend_search
    from posterity.store import Archive
    from posterity.store.search import Searcher

    archive = Archive.open(archive_path)
    archive.reader().close()  # says what is missing before anybody asks
    Searcher(archive.catalogue_path).close()

    def make_index(folder: Path) -> None:
        lend_search(Archive.open(archive_path), folder, SerialExecutor())

    app = create_app(archive_path, make_index, log=not quiet)
    click.echo(f"http://{host}:{port}/", err=True)
    run(app, host, port)
