"""Archives and sites that former versions left are brought up to date (row R18)."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest
from tests.durability.conftest import World, frames, site_of, tables_of

STORES = sorted(Path(__file__).with_name("stores").glob("*.tar.xz"))
HELD = 16
"""Frames of the sample list that each store was made of."""


@pytest.fixture(params=STORES, ids=[path.name.split(".")[0] for path in STORES])
def left(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with an archive and a site as a former version left them."""
    folder = tmp_path / "left"
    folder.mkdir()
    with tarfile.open(request.param) as tar:
        tar.extractall(folder)
    return folder


def test_r18_the_store_of_a_former_version_is_whole(world: World, left: Path) -> None:
    """Its originals are verified, and listed, before anything is brought up to date."""
    accession = (left / "A" / "accession.db").read_bytes()
    assert world.run("verify", "--archive", left / "A").status == 0
    assert world.run("status", "--archive", left / "A").status == 0
    assert (left / "A" / "accession.db").read_bytes() == accession


def test_r18_a_former_version_is_brought_up_to_date_and_no_address_dies(
    world: World, left: Path, tmp_path: Path
) -> None:
    """New mail comes in: what is found is what is found from nothing, at the old addresses."""
    former = {path for path in site_of(left) if path.endswith((".html", ".eml"))}
    whole, more = tmp_path / "whole", frames(tmp_path / "more.mbox", HELD, 30)
    (whole / "A").mkdir(parents=True)
    shutil.copy(left / "A" / "amendments.toml", whole / "A")
    held = frames(tmp_path / "held.mbox", 0, HELD)
    assert world.build(whole, held, more).status == 0
    outcome = world.build(left, more)
    assert outcome.status == 0, outcome.text
    now, new = site_of(left), site_of(whole)
    assert former <= now.keys()
    ours = {"about/index.html"}  # which names the files that were given
    assert {path for path in new if now.get(path) != new[path]} <= ours
    assert all(path.endswith(".html") for path in now.keys() - new.keys())
    tables = [tables_of(world, folder) for folder in (left, whole)]
    for table in tables:
        del table["sources.tsv"]
    assert tables[0] == tables[1]


def test_r18_a_site_of_a_former_version_is_made_anew_where_it_stands(
    world: World, left: Path
) -> None:
    """Without new mail too: `posterity site` ends with no page of the version before."""
    former = {path for path in site_of(left) if path.endswith((".html", ".eml"))}
    places = ["--archive", left / "A", "--site"]
    assert world.run("site", *places, left / "S").status == 0
    assert world.run("site", *places, left / "new" / "S").status == 0
    now, new = site_of(left), site_of(left / "new")
    assert former <= now.keys()
    assert {path for path in new if now.get(path) != new[path]} == set()
