"""A browser, and a site that has a page of every kind."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from posterity.cli.work import bring_up_to_date
from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress, ingest
from posterity.render import urls
from posterity.site import publish
from posterity.sources import ReadOptions
from posterity.store import Archive

ROOT = Path(__file__).parents[2]


def module_at(path: Path) -> ModuleType:
    """A file as a module of its own."""
    spec = importlib.util.spec_from_file_location(f"browser_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHROMIUM = module_at(ROOT / "bench" / "chromium.py")
KINDS = module_at(ROOT / "bench" / "kinds.py")
UGLY = module_at(Path(__file__).with_name("ugly.py"))
NAMES = [*KINDS.FIXED, *KINDS.LARGEST, *KINDS.SIGNS, *UGLY.LETTERS]

SETTLED = """
return !location.search || !document.querySelector('#results, #trends, #found') ||
  !!document.querySelector('#results > *, #trends > *, #found:not(:empty)');
"""


class Place(NamedTuple):
    """A published site."""

    folder: Path
    pages: dict[str, str]

    def at(self, kind: str) -> str:
        """The address, from a disk, of a page of a kind."""
        return f"{self.folder.as_uri()}/{self.pages[kind]}"

    def holds(self, path: str) -> str:
        """The address, from a disk, of a page."""
        assert (self.folder / path).is_file()
        return f"{self.folder.as_uri()}/{path}"


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The sample list and ugly mail; then a letter is withdrawn and a thread moves."""
    folder = tmp_path_factory.mktemp("browser")
    archive = Archive.create(folder / "archive")
    ugly = folder / "ugly.mbox"
    ugly.write_bytes(UGLY.mbox())
    sources = [str(ROOT / "samples" / "keepers.mbox"), str(ugly)]
    ingest(archive, sources, ReadOptions(), SerialExecutor(), NoProgress())
    bring_up_to_date(archive, SerialExecutor(), NoProgress())
    site = folder / "site"
    publish(archive, site, SerialExecutor(), NoProgress())
    reader = archive.reader()
    rows = {name: reader.holders(f"{name}@ugly.example")[0] for name in UGLY.LETTERS}
    [tail, head] = (reader.holders(f"{name}@ugly.example")[0] for name in UGLY.MOVED)
    [gone] = reader.holders(f"{UGLY.WITHDRAWN}@ugly.example")
    reader.close()
    archive.amendments_path.write_text(
        f'[[hide]]\nmessage = "{gone.digest}"\nreason = "asked for by its author"\n\n'
        f'[[reattach]]\nmessage = "{tail.digest}"\nparent = "{head.digest}"\n',
        "utf-8",
    )
    archive = Archive.open(archive.folder)
    bring_up_to_date(archive, SerialExecutor(), NoProgress())
    publish(archive, site, SerialExecutor(), NoProgress())
    pages = KINDS.kinds(site)
    pages |= {name: urls.message(row) for name, row in rows.items()}
    return Place(site, pages)


@pytest.fixture(scope="session")
def _opened() -> Iterator[Any]:
    missing = CHROMIUM.missing()
    if missing:
        pytest.skip(f"NO {missing.upper()}: no page was opened in a browser")
    opened = CHROMIUM.Browser()
    yield opened
    opened.quit()


@pytest.fixture
def browser(_opened: Any) -> Any:
    """A headless Chromium: light, 1,000 pixels wide, nothing remembered, nothing said."""
    _opened.show_on(CHROMIUM.LIGHT)
    _opened.go("about:blank")
    _opened.said()
    _opened.asked_for()
    return _opened


@pytest.fixture(scope="session")
def chromium() -> ModuleType:
    """bench/chromium.py."""
    return CHROMIUM


@pytest.fixture(scope="session")
def settled() -> str:
    """A script: whether a page that a script fills, by its address, is filled."""
    return SETTLED


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `kind` is run for every kind of page."""
    if "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", NAMES)
