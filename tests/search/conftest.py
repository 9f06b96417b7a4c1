"""An archive of the sample list with both its search indexes."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from posterity.cli.work import bring_up_to_date
from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress, ingest
from posterity.pipeline.index import index
from posterity.site.searchfiles import publish_search
from posterity.sources import ReadOptions
from posterity.store import Archive
from posterity.store.search import Searcher

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "keepers.mbox"
NOW = 900_000_000
"""The clock of all queries: 1998-07-09."""


QUERIES = [
    "fog",
    "fog signal",
    "lighthouse",
    "the",
    "the of and",
    "keepers",
    "Svartgrund",
    "zzyzx",
    '"fog signal"',
    '"of the lamp"',
    '"to the"',
    '"the light"',
    '"how would you spell"',
    '"spell your fog signal"',
    '"in the fog" OR "of the sea"',
    "ligh*",
    "sig* -signal",
    '"fog sig"*',
    '"of the lam"*',
    "light*",
    "from:hathersage",
    "from:roz fog",
    "f:example",
    "from:mike@dellarosa.example",
    "to:keepers",
    'to:"keepers lakes"',
    "subject:fog",
    'subject:"fog signal"',
    "s:(fog OR lamp)",
    "body:siren",
    "own:siren",
    "quoted:siren",
    'quoted:"the lamp"',
    "quoted:siren -own:siren",
    "nq:lamp q:lamp",
    "has:attachment",
    "has:pgp-signed",
    "has:html",
    "file:gif",
    "type:image",
    "type:text/plain",
    "list:keepers",
    "lang:en -lang:fr",
    "lang:fr",
    "date:1997",
    "date:1997-07",
    "date:1997-07-16",
    "1997-07..1997-08 fog",
    "before:1997",
    "after:1998",
    "date:1994..1996 lamp",
    "date:..1996",
    "-fog",
    "-the",
    "-date:1997",
    "NOT (fog OR lamp)",
    "fog OR lamp -siren",
    "(fog OR date:1996) lamp",
    "date:1996 OR date:1998",
    "-date:1997 -fog",
    "灯台",
    "灯",
    "Zoë OR zoe",
    "сторож",
    "1894",
    "gannet 1894",
    "http OR www",
    "don't",
    "a OR i",
    "re",
]


def taken(archive: Archive, *sources: Path) -> None:
    """Import sources and index them."""
    names = [str(source) for source in sources]
    ingest(archive, names, ReadOptions(), SerialExecutor(), NoProgress())
    bring_up_to_date(archive, SerialExecutor(), NoProgress())
    index(archive, SerialExecutor(), NoProgress())


@pytest.fixture(scope="session")
def keepers(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The sample list, indexed."""
    archive = Archive.create(tmp_path_factory.mktemp("search") / "keepers")
    taken(archive, SAMPLE)
    return archive


@pytest.fixture(scope="session")
def searcher(keepers: Archive) -> Iterator[Searcher]:
    """A search over the sample list."""
    found = Searcher(keepers.catalogue_path)
    yield found
    found.close()


@pytest.fixture(scope="session")
def static(keepers: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site that holds the sample list's static index."""
    site = tmp_path_factory.mktemp("static")
    publish_search(keepers, (site, None), SerialExecutor(), NoProgress())
    return site


@pytest.fixture(scope="session")
def in_node() -> Callable[..., Any]:
    """Runs tests/search/in_node.js on a value; skips loudly where there is no node."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("NO NODE: the browser's script was not compared with the index")

    def run(task: str, *arguments: object) -> Any:
        done = subprocess.run(
            [node, str(Path(__file__).with_name("in_node.js")), task],
            input=json.dumps(arguments),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert not done.returncode, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def halves(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sample list cut in two at a message."""
    octets = SAMPLE.read_bytes()
    line = octets[: octets.index(b"\n") + 1]
    sender = line[: line.index(b" ", 5)]
    cut = octets.index(b"\n" + sender, len(octets) // 2) + 1
    folder = tmp_path_factory.mktemp("halves")
    parts = folder / "early.mbox", folder / "late.mbox"
    parts[0].write_bytes(octets[:cut])
    parts[1].write_bytes(octets[cut:])
    return parts


@pytest.fixture(scope="session", name="taken")
def _taken() -> Callable[..., None]:
    """Imports sources into an archive and indexes them."""
    return taken


@pytest.fixture(scope="session")
def now() -> int:
    """The clock of all queries."""
    return NOW


@pytest.fixture(scope="session")
def queries() -> list[str]:
    """Queries of every kind."""
    return QUERIES


def module_at(path: Path) -> ModuleType:
    """A module that stands beside the tests."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def driven() -> ModuleType:
    """bench/browser_search.py, which knows when a page has settled."""
    return module_at(ROOT / "bench" / "browser_search.py")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    if not (shutil.which("chromedriver") and shutil.which("chromium")):
        pytest.skip("NO CHROMIUM: the search page was not looked at")
    opened = module_at(ROOT / "bench" / "chromium.py").Browser()
    yield opened
    opened.quit()


@pytest.fixture(scope="session")
def asking() -> Iterator[Callable[[Archive], Any]]:
    """Sets up servers over archives, to be asked without a socket."""
    module = module_at(ROOT / "tests" / "serve" / "conftest.py")
    opened: list[Any] = []

    def client(archive: Archive) -> Any:
        opened.append(module.Client(archive.folder))
        return opened[-1]

    yield client
    for one in opened:
        one.close()


@pytest.fixture(scope="session")
def sixty() -> list[str]:
    """The queries of bench/queries.txt."""
    lines = (ROOT / "bench" / "queries.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and line[0] != "#"]
