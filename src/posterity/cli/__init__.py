"""The command line: a table of commands, errors as one line, documented exit codes.

    0  all was read and done
    1  the world failed: a file, a disk, a lock, a setting
    2  the command was not understood
    3  done, but something was left out or quarantined; each is named, or in the ledger

A command's module is imported when it is called, so that `posterity --help` is instant.
Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import importlib
import sys
from typing import NoReturn

import click

from posterity import __version__
from posterity.errors import PosterityError

EXIT_FAILED = 1
EXIT_LEFT_OUT = 3
EXIT_INTERRUPTED = 130

# In the order a person meets them: name, module, what `posterity --help` says.
COMMANDS = {
    "build": ("build", "Import, relate and publish in one go."),
    "import": ("import_", "Read sources into an archive."),
    "site": ("site", "Publish the archive as a folder of pages."),
    "ledger": ("ledger", "Account for every octet of every source."),
    "defects": ("defects", "Count what is odd about the mail."),
    "status": ("status", "Say what the archive holds."),
    "amend": ("amend", "Withdraw, redact, or set right."),
    "verify": ("verify", "Check every octet against its hash."),
    "doctor": ("doctor", "Say what is wrong, and how it is mended."),
    "serve": ("serve", "Serve the archive over HTTP."),
    "search": ("search", "Find messages."),
    "show": ("show", "Read one message."),
    "export": ("export", "Write the archive in another form."),
}


class CommandTable(click.Group):
    """Imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the table's order."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"posterity.cli.{COMMANDS[cmd_name][0]}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table itself, without importing anything."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(cls=CommandTable, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="posterity")
def posterity() -> None:
    """Mail, for posterity: raw list mail in, a permanent archive out."""


def main() -> NoReturn:
    """Run the command line; errors of the world are one line."""
    try:
        posterity.main(standalone_mode=False, prog_name="posterity")
    except PosterityError as error:
        fail(str(error))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("posterity: interrupted; nothing half-done was kept", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_FAILED)
    except _database_error() as error:
        fail(f"a database of the archive failed: {error}; `posterity doctor` says more")
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        fail(f"{place}{error.strerror or error}")
    sys.exit(0)


def _database_error() -> type[Exception] | tuple[()]:
    """What a database raises, where one was opened: importing it takes its time."""
    module = sys.modules.get("sqlite3")
    return module.Error if module else ()


def fail(text: str) -> NoReturn:
    """One line on standard error, exit status 1."""
    click.echo(f"posterity: {text}", err=True)
    sys.exit(EXIT_FAILED)
