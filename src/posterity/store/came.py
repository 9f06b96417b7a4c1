"""What joining a list's shingles came to, kept beside them so that only changes are joined.

One file, in numpy's .npz form: a zip of arrays, each with its type and shape, under a
check sum. `state` says in JSON which runs it covers; the others are relate's business.
It is derived, and one that is missing, damaged or of other runs is made again.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posterity.store.shingles import RECOVERED

NAME = "quotes.npz"

Columns = dict[str, NDArray[Any]]


def write_came(
    folder: Path, version: str, files: Sequence[Path], columns: Mapping[str, NDArray[Any]]
) -> None:
    """Keep what some runs came to."""
    said = {"version": version, "runs": dict(map(_mark, files))}
    whole: Columns = {"state": np.frombuffer(json.dumps(said).encode(), np.uint8)}
    whole.update(columns)
    new = folder / f"{NAME}.new"
    with new.open("wb") as file:
        np.savez(file, allow_pickle=False, **whole)
    new.rename(folder / NAME)


def read_came(
    folder: Path,
    version: str,
    files: Sequence[Path],
    names: Iterable[str] | None = None,
) -> Columns | None:
    """What was kept, if all runs it covers are still there as they were.

    Args:
        folder: of the shingles.
        version: of what the columns mean.
        files: the runs that are there now.
        names: of the columns that are wanted; None: all.
    """
    try:
        with (folder / NAME).open("rb") as file, np.load(file, allow_pickle=False) as kept:
            wanted = kept.files if names is None else ["state", *names]
            columns = {name: kept[name] for name in wanted}
        said = json.loads(columns.pop("state").tobytes())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    now = dict(map(_mark, files))
    runs = said["runs"] if said.get("version") == version else {}
    if not runs or any(now.get(name) != mark for name, mark in runs.items()):
        return None
    return columns if runs.get(RECOVERED) == now.get(RECOVERED) else None


def _mark(path: Path) -> tuple[str, str]:
    """What tells a run from another of its name.

    A run is written once; that of the recovered messages with every import, mostly the
    same.
    """
    if path.name == RECOVERED:
        return path.name, sha256(path.read_bytes()).hexdigest()
    stat = path.stat()
    return path.name, f"{stat.st_size} {stat.st_mtime_ns}"
