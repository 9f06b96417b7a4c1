"""What every page depends on beside the mail: our own code, the theme, the settings."""

from __future__ import annotations

import hashlib
import sys
from importlib import metadata
from pathlib import Path
from typing import Final

import posterity
from posterity.render.theme import Theme
from posterity.store import Archive

_PRINTERS: Final = ("jinja2", "markupsafe", "nh3")
"""Libraries of others that make part of a page's octets."""


def rules_of(archive: Archive) -> str:
    """A digest that is another whenever the same mail might give other pages.

    Our own files are read for it, which takes some milliseconds: a version number that
    somebody forgot to raise would leave pages as an older program made them.
    """
    theme = Theme.chosen(archive.settings, archive.folder)
    found = hashlib.sha256(repr((archive.settings, theme.digest)).encode("utf-8"))
    found.update(repr((sys.version, *map(metadata.version, _PRINTERS))).encode("utf-8"))
    top = Path(posterity.__file__).parent
    for path in sorted(top.rglob("*.py")):
        found.update(f"\0{path.relative_to(top).as_posix()}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()
