"""Write the pages of docs/ that the code itself can tell: commands, settings, defects.

Run without arguments it rewrites them; with --check it fails where one is out of date.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import os
import sys
from pathlib import Path

import click

from posterity import cli
from posterity.config import Settings
from posterity.defects import DefectCode
from posterity.export.tables import TABLES
from posterity.fields import FIELDS
from posterity.query import parser, tokens
from posterity.site import postings, searchfiles
from posterity.store import batches
from posterity.store.search import LONGEST

HERE = Path(__file__).parent
NOTE = "<!-- made by docs/generate.py; `make golden` rewrites it -->\n\n"
WIDTH = 92


def main() -> int:
    """Write the pages, or compare them; 1 where one is out of date."""
    pages = {
        "cli.md": cli_page(),
        "settings.md": settings_page(),
        "defects.md": defects_page(),
        "schema.md": schema_page(),
        "search.md": search_page(),
    }
    stale = []
    for name, text in pages.items():
        path = HERE / name
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
    if stale:
        print(f"docs: out of date: {', '.join(stale)}; run `make golden`", file=sys.stderr)
        return 1
    print(f"docs: {len(pages)} generated pages are up to date")
    return 0


def cli_page() -> str:
    """Every command with its --help."""
    os.environ["COLUMNS"] = str(WIDTH)
    parts = [NOTE, "# Commands\n\n", inspect.getdoc(cli) or "", "\n"]
    parts += [section(("posterity",), cli.posterity)]
    for name in cli.COMMANDS:
        command = cli.posterity.get_command(click.Context(cli.posterity), name)
        assert command is not None
        parts.append(section(("posterity", name), command))
        if isinstance(command, click.Group):
            for inner, subcommand in command.commands.items():
                parts.append(section(("posterity", name, inner), subcommand))
    return "".join(parts)


def section(path: tuple[str, ...], command: click.Command) -> str:
    """One command's help, as it prints it."""
    parent = None
    for name in path[:-1]:
        parent = click.Context(click.Group(name), info_name=name, parent=parent)
    context = click.Context(
        command, info_name=path[-1], parent=parent, max_content_width=WIDTH
    )
    text = command.get_help(context)
    return f"\n## {' '.join(path)}\n\n```\n{text}\n```\n"


def settings_page() -> str:
    """Every key of posterity.toml with its default and meaning."""
    source = ast.parse(inspect.getsource(Settings)).body[0]
    assert isinstance(source, ast.ClassDef)
    meaning: dict[str, str] = {}
    name = ""
    for node in source.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        elif name and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            meaning[name] = inspect.cleandoc(str(node.value.value))
    lines = [
        NOTE,
        "# Settings: posterity.toml\n\n",
        inspect.getdoc(sys.modules[Settings.__module__]) or "",
    ]
    lines.append("\n\n| key | default | meaning |\n|---|---|---|\n")
    for field in dataclasses.fields(Settings):
        default = {True: "true", False: "false"}.get(field.default, f'"{field.default}"')
        text = " ".join(meaning[field.name].split()).replace("|", "\\|")
        lines.append(f"| `{field.name}` | `{default}` | {text} |\n")
    return "".join(lines)


def defects_page() -> str:
    """Every defect with its meaning."""
    lines = [
        NOTE,
        "# Defects\n\n",
        "What can be odd about mail; none of it stops anything.\n\n",
    ]
    lines.append("| defect | meaning |\n|---|---|\n")
    lines += [f"| `{code.value}` | {code.meaning} |\n" for code in DefectCode]
    return "".join(lines)


def schema_page() -> str:
    """The tables and what --json prints."""
    lines = [NOTE, "# What programs may rely on\n\n"]
    lines.append(
        "`--json` prints one object: `schema` is the version of its form (now 1), the other"
        " key names what was asked for.\nKeys may be added under the same version; none"
        " changes its meaning or goes without a new one.\n\n"
    )
    lines.append(
        "`--log-format json` prints such objects to standard error, one a line; `event` is"
        " `stage` (`stage`, `total`), `stage-done` (`stage`, `seconds`), `note` (`text`),"
        " `known` (`source`), `left-out` (`source`, `reason`), and at the end `import`"
        " and `site` with their counts.\n\n"
    )
    lines.append("`posterity export tables` writes UTF-8 TSV, a header line first.\n\n")
    for name, columns in TABLES.items():
        lines.append(f"- `{name}.tsv`: {', '.join(f'`{column}`' for column in columns)}\n")
    lines.append("\n## History\n\n- 1: the first.\n")
    return "".join(lines)


def search_page() -> str:
    """The query language: its grammar, its fields, its limits, and the static index."""
    lines = [
        NOTE,
        "# Search\n\n",
        "One language for the search page, the terminal (`posterity search`), the server and",
        " its JSON API.\nAll words must be there, in any order; case and accents do not matter.",
        "\n\n```\n",
        (inspect.getdoc(parser) or "").partition("\n\n")[2].partition("\n\n")[0],
        "\n```\n\n",
        "| field | also | what it finds | example |\n|---|---|---|---|\n",
    ]
    for field in FIELDS:
        short = ", ".join(f"`{name}:`" for name in field.short)
        example = field.example.replace("|", "\\|")
        lines.append(f"| `{field.name}:` | {short} | {field.help} | `{example}` |\n")
    lines += [
        "\nA word without a field is looked for in the subject, the author's own words,",
        " quoted words that no held message has as its own, the author and the names of",
        " attachments.\nDays are UTC; a message without a date is in no range.\n",
        "\n## Limits\n\n",
        f"- {parser.LONGEST_QUERY:,} characters, {parser.MOST_TERMS} words or phrases,",
        f" {parser.MOST_WORDS} words in all phrases, parentheses {parser.DEEPEST} deep\n",
        f"- at least {parser.SHORTEST_PREFIX} letters before a `*`\n",
        f"- {LONGEST:g} seconds on a server\n",
        f"- of one message at most {batches.MOST_WORDS:,} words are indexed\n",
    ]
    for module, title in ((tokens, "Words"), (searchfiles, "Without a server")):
        lines += [f"\n## {title}\n\n```\n", inspect.getdoc(module) or "", "\n```\n"]
    lines += [
        "\nInside a file of words:\n\n```\n",
        inspect.getdoc(postings) or "",
        "\n```\n",
    ]
    return "".join(lines)


if __name__ == "__main__":
    sys.exit(main())
