"""axe-core, fetched once from the npm registry and kept beside the environment."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

VERSION = "4.14.1"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
"""Of axe.min.js in that version."""
KEPT = Path(__file__).parents[2] / ".venv" / f"axe-core-{VERSION}.min.js"
PATIENCE = 60
"""Seconds for the registry."""


def source() -> str | None:
    """The script, or None where it cannot be had."""
    if not KEPT.is_file():
        try:
            _fetch()
        except (OSError, subprocess.SubprocessError, KeyError, tarfile.TarError):
            return None
    octets = KEPT.read_bytes()
    return octets.decode() if hashlib.sha256(octets).hexdigest() == SHA256 else None


def _fetch() -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm")
    with tempfile.TemporaryDirectory() as scratch:
        command = [npm, "pack", f"axe-core@{VERSION}", "--silent"]
        subprocess.run(
            command, cwd=scratch, check=True, timeout=PATIENCE, capture_output=True
        )
        with tarfile.open(Path(scratch, f"axe-core-{VERSION}.tgz")) as packed:
            member = packed.extractfile("package/axe.min.js")
            assert member is not None
            part = KEPT.with_suffix(".part")
            part.write_bytes(member.read())
    part.replace(KEPT)
