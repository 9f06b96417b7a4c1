"""posterity amend."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from posterity.cli import options

message = click.argument("message", metavar="HASH")
reason = click.option("--reason", required=True, help="Why; readers see it.")
why = click.option("--reason", default="", help="Why; readers see it.")


@click.group("amend")
def command() -> None:
    """Override what the archive says: hide, erase, redact, reattach, detach, retime.

    Each adds an entry to amendments.toml, which may as well be edited by hand; nothing is
    changed before the next `posterity site`, `import` or `build`.
    """


@command.command("hide")
@options.archive
@message
@reason
def hide(archive_path: Path, message: str, reason: str) -> None:
    """Show readers no more than that a message was here; its octets are kept."""
    _add(archive_path, "hide", message=message, reason=reason, date=_today())


@command.command("erase")
@options.archive
@message
@reason
def erase(archive_path: Path, message: str, reason: str) -> None:
    """Remove a message's octets for good, and what others quote of it."""
    _add(archive_path, "erase", message=message, reason=reason, date=_today())


@command.command("redact")
@options.archive
@click.argument("messages", nargs=-1, metavar="[HASH...]")
@click.option("--text", default="", help="Words to take out.")
@click.option("--pattern", default="", help="A regular expression instead.")
@click.option("--digest-of", default="", help="Words, of which only a digest is noted.")
@click.option("--lines", default="", metavar="FIRST-LAST", help="Lines of one message.")
@reason
def redact(  # noqa: PLR0913, PLR0917 -- click hands every option over
    archive_path: Path,
    messages: tuple[str, ...],
    text: str,
    pattern: str,
    digest_of: str,
    lines: str,
    reason: str,
) -> None:
    """Take words out of some messages, or of all where none is named."""
    from posterity.amendments import phrase_digest

    said: dict[str, object] = {"message": list(messages) or None}
    said |= {"text": text, "pattern": pattern}
    if digest_of:
        said["sha256"], said["words"] = phrase_digest(digest_of)
    if lines:
        first, _, last = lines.partition("-")
        if not first.isdigit() or not (last or first).isdigit():
            raise click.BadParameter("lines are given as 12-20", param_hint="--lines")
        said |= {"first": int(first), "last": int(last or first)}
    _add(archive_path, "redact", **said, reason=reason, date=_today())


@command.command("reattach")
@options.archive
@message
@click.argument("parent", metavar="PARENT_HASH")
@why
def reattach(archive_path: Path, message: str, parent: str, reason: str) -> None:
    """Say that a message answers another."""
    _add(archive_path, "reattach", message=message, parent=parent, reason=reason)


@command.command("detach")
@options.archive
@message
@why
def detach(archive_path: Path, message: str, reason: str) -> None:
    """Say that a message answers none."""
    _add(archive_path, "detach", message=message, reason=reason)


@command.command("join")
@options.archive
@message
@click.argument("tail", metavar="TAIL_HASH")
@why
def join(archive_path: Path, message: str, tail: str, reason: str) -> None:
    """Say that a message is the tail of another, cut off by mistake."""
    _add(archive_path, "join", message=message, tail=tail, reason=reason)


@command.command("retime")
@options.archive
@message
@click.argument("utc", metavar="TIME")
@why
def retime(archive_path: Path, message: str, utc: str, reason: str) -> None:
    """Say when a message was written, such as 1996-03-04T21:10:00Z."""
    _add(archive_path, "retime", message=message, utc=utc, reason=reason)


@command.command("merge")
@options.archive
@click.argument("people", nargs=-1, required=True, metavar="SPELLING...")
@why
def merge(archive_path: Path, people: tuple[str, ...], reason: str) -> None:
    """Say that spellings, addresses or slugs are one person's."""
    _add(archive_path, "merge", people=list(people), reason=reason)


@command.command("split")
@options.archive
@click.argument("people", nargs=-1, required=True, metavar="SPELLING...")
@why
def split(archive_path: Path, people: tuple[str, ...], reason: str) -> None:
    """Say that spellings, addresses or slugs are each a person of their own."""
    _add(archive_path, "split", people=list(people), reason=reason)


@command.command("digest")
@click.argument("phrase")
def digest(phrase: str) -> None:
    """Print the digest of a phrase, for `sha256` and `words` of a redaction."""
    from posterity.amendments import phrase_digest

    sha256, words = phrase_digest(phrase)
    click.echo(f'sha256 = "{sha256}"\nwords = {words}')


@command.command("log")
@options.archive
def log(archive_path: Path) -> None:
    """Print when amendments were changed and applied, and what was erased."""
    from posterity.cli.terminal import printable
    from posterity.store import Archive

    accession = Archive.open(archive_path).accession()
    for at, what, detail in accession.events():
        if what != "import":
            day = dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%d %H:%M:%SZ")
            click.echo(f"{day}  {what}  {printable(detail)}")
    accession.close()


def _today() -> str:
    return dt.datetime.now(dt.UTC).date().isoformat()


def _add(archive_path: Path, kind: str, **values: object) -> None:
    """Add an entry, and note in the archive's log that it was added."""
    import time

    from posterity.amendments.editing import with_entry
    from posterity.store import Archive

    archive = Archive.open(archive_path)
    with archive.lock():
        path = archive.amendments_path
        text = path.read_text("utf-8") if path.exists() else ""
        changed = with_entry(text, kind, values)
        temporary = path.with_suffix(".new")
        temporary.write_text(changed, "utf-8", newline="\n")
        temporary.replace(path)
        accession = archive.accession(writable=True)
        named = ", ".join(
            str(values[key]) for key in ("message", "people") if values.get(key)
        )
        accession.record(int(time.time()), "amend", f"{kind} {named}".strip())
        accession.close()
    click.echo(f"noted in {path}; `posterity site` applies it", err=True)
