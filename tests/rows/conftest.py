"""An archive and its site, made as the command makes them, from mail of ours."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from posterity.cli.work import import_sources
from posterity.executor import executor
from posterity.pipeline import IngestReport, NoProgress
from posterity.render import urls
from posterity.rows import MessageRow
from posterity.site import publish
from posterity.sources import ReadOptions
from posterity.store import Archive
from posterity.store.reader import StoreReader

_HREF = re.compile(r'href="([^"#?:]+)')


class Notes(NoProgress):
    """Keeps what a person would be told."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


class Built(NamedTuple):
    """What a build left behind."""

    archive: Archive
    site: Path
    report: IngestReport
    notes: list[str]
    reader: StoreReader

    def row(self, message_id: str) -> MessageRow:
        """The one message with an id."""
        [row] = self.reader.holders(message_id)
        return row

    def page(self, row: MessageRow) -> str:
        """A message's page."""
        return (self.site / urls.message(row)).read_text("utf-8")

    def pages(self) -> dict[str, str]:
        """Every HTML page, by path."""
        return {
            path.relative_to(self.site).as_posix(): path.read_text("utf-8")
            for path in sorted(self.site.rglob("*.html"))
        }

    def names(self, folder: str = ".") -> list[str]:
        """Every published file's path below a folder of the site."""
        return sorted(
            path.relative_to(self.site).as_posix()
            for path in (self.site / folder).rglob("*")
            if path.is_file() and ".posterity" not in path.parts
        )

    def reachable(self) -> set[str]:
        """Paths that can be come to from the home page by links."""
        seen, todo = {urls.HOME}, [urls.HOME]
        while todo:
            path = todo.pop()
            if not path.endswith(".html"):
                continue
            page = (self.site / path).read_text("utf-8")
            for href in set(_HREF.findall(page)):
                target = _resolved(path, href)
                if target not in seen and (self.site / target).is_file():
                    seen.add(target)
                    todo.append(target)
        return seen


def _resolved(path: str, href: str) -> str:
    steps = path.split("/")[:-1]
    for step in href.split("/"):
        if step == "..":
            steps.pop()
        else:
            steps.append(step)
    return "/".join(steps)


def make(folder: Path, sources: Sequence[Path]) -> Built:
    """Import and publish, in this process."""
    archive = Archive.open_or_create(folder / "A")
    notes = Notes()
    with executor(1) as run, archive.lock():
        given = [str(path) for path in sources]
        report = import_sources(archive, given, ReadOptions(), run, notes)
        publish(archive, folder / "S", run, notes)
    return Built(archive, folder / "S", report, notes.notes, archive.reader())


@pytest.fixture
def build(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Built]:
    """Builds from the content of mailboxes; all in one archive."""

    def made(*contents: bytes) -> Built:
        sources = []
        for number, octets in enumerate(contents):
            sources.append(tmp_path / f"list{number}.mbox")
            sources[-1].write_bytes(octets)
        built = make(tmp_path, sources)
        request.addfinalizer(built.reader.close)
        return built

    return made


@pytest.fixture
def build_apart(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[bytes], Built]:
    """Builds each mailbox in an archive of its own."""

    def made(octets: bytes) -> Built:
        folder = tmp_path / f"apart{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        source = folder / "list.mbox"
        source.write_bytes(octets)
        built = make(folder, [source])
        request.addfinalizer(built.reader.close)
        return built

    return made


def _beside(name: str) -> ModuleType:
    place = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"rows_{name}", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def makers() -> ModuleType:
    """The generators of inputs."""
    return _beside("makers")


@pytest.fixture(scope="session")
def judge() -> ModuleType:
    """The checker of pages."""
    return _beside("judge")


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory, makers: ModuleType) -> Built:
    """The site of the hostile list, built once."""
    folder = tmp_path_factory.mktemp("hostile")
    source = folder / "hostile.mbox"
    source.write_bytes(makers.hostile_mbox())
    return make(folder, [source])
