"""An update makes the pages that show something new, and no others: as if made whole."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from pathlib import Path

import pytest

from posterity.cli.work import bring_up_to_date
from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress, ingest
from posterity.site import How, SiteReport, publish
from posterity.sources import ReadOptions
from posterity.store import Archive
from posterity.store.catalogue import Catalogue

SAMPLES = Path(__file__).parents[2] / "samples"
SEPARATOR = re.compile(rb"^From \S+  ?\w{3} .*\r?\n", re.MULTILINE)


class Steps(NoProgress):
    """Notes how many steps the making of pages had."""

    def __init__(self) -> None:
        self.pages = 0

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage begins."""
        if name == "pages":
            self.pages = total or 0


class Keeper:
    """One archive, updated step by step, its site beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = Archive.create(folder / "A")
        self.taken = 0
        self.pages = 0
        self.report: SiteReport | None = None

    def take_in(self, octets: bytes) -> None:
        """Import a mailbox and publish."""
        self.taken += 1
        source = self.folder / f"{self.taken}.mbox"
        source.write_bytes(octets)
        run = SerialExecutor()
        ingest(self.archive, [str(source)], ReadOptions(), run, NoProgress())
        self.publish()

    def write(self, name: str, text: str) -> None:
        """Write one of the keeper's own files and publish."""
        (self.archive.folder / name).write_text(text, "utf-8")
        self.archive = Archive.open(self.archive.folder)
        self.publish()

    def publish(self) -> None:
        """Bring all up to date."""
        bring_up_to_date(self.archive, SerialExecutor(), NoProgress())
        steps = Steps()
        self.report = publish(
            self.archive, self.folder / "S", SerialExecutor(), steps, self.taken
        )
        self.pages = steps.pages

    def made_whole(self) -> dict[str, bytes]:
        """The site as it is when everything is made at once, at another place."""
        self.taken += 1
        place = self.folder / f"whole{self.taken}"
        publish(self.archive, place, SerialExecutor(), NoProgress())
        return held(place)

    def held(self) -> dict[str, bytes]:
        """The site as readers see it."""
        return held(self.folder / "S")


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(tmp_path)


def held(site: Path) -> dict[str, bytes]:
    """Every file that is published at a place."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and ".posterity" not in path.parts
    }


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Paths that one has not, or has otherwise."""
    return sorted(
        path for path in one.keys() | other.keys() if one.get(path) != other.get(path)
    )


def letter(
    number: int,
    who: str,
    text: str,
    parent: int = 0,
    *,
    day: int = 0,
    subject: str = "",
) -> bytes:
    """A letter of spring 1996."""
    answer = f"In-Reply-To: <{parent}@example.org>\n" if parent else ""
    month, date = divmod((day or number) - 1, 28)
    name = ("Mar", "Apr", "May")[month]
    return (
        f"From {who}@example.org Mon Mar  4 21:10:00 1996\n"
        f"From: {who.title()} Keeper <{who}@example.org>\n"
        f"Date: {date + 1} {name} 1996 21:10:00 +0000\n"
        f"Message-ID: <{number}@example.org>\n{answer}"
        f"Subject: {subject or f'Of matter {number}'}\n\n{text}\n\n"
    ).encode()


LAMP = (
    "The lamp of the northern light smokes whenever the wind goes round to the east,\n"
    "and no trimming of the wick that I know of has ever been any help against it."
)
QUOTED = "> " + LAMP.replace("\n", "\n> ")
FIRST = b"".join(
    (
        letter(3, "ada", LAMP),
        letter(5, "bo", "Has anybody seen what <9@example.org> says of the wick?"),
        letter(6, "cy", "I answer what is not here yet.", 2),
        letter(8, "di", "Fog all day."),
    )
)
STEPS = {
    "the newest": letter(20, "ed", "Clear at last."),
    "between others": letter(7, "ed", "A line between two days."),
    "a late parent": letter(2, "flo", "What was answered before it came."),
    "an id that a text names": letter(9, "ada", "Of the wick."),
    "a quotation": letter(10, "gus", f"{QUOTED}\n\nTry a flat one.", 3),
    "a quotation across threads": letter(11, "hal", f"Ada wrote:\n{QUOTED}\n\nIndeed."),
    "a copy": letter(12, "ada", LAMP, day=4),
    "another month": letter(30, "ivo", "April."),
    "a month after a silence": letter(60, "ivo", "May."),
    "an answer to a month before": letter(31, "bo", "Late, but still.", 8),
    "a namesake": letter(13, "ada", "Same name.").replace(b"<ada@", b"<lamp@"),
    "undated": letter(14, "jo", "No day.").replace(b"Date: 14 Mar", b"Date: soon, Mar"),
    "an attachment held twice": letter(15, "kit", "begin 644 a.txt\n#86)C\n`\nend\n")
    + letter(16, "liv", "begin 644 b.txt\n#86)C\n`\nend\n"),
}


@pytest.mark.parametrize("step", STEPS)
def test_mail_that_comes_later(keeper: Keeper, step: str) -> None:
    """Whatever it touches, the site is as if it had been there from the beginning."""
    keeper.take_in(FIRST)
    keeper.take_in(STEPS[step])

    assert [] == differing(keeper.made_whole(), keeper.held())


@pytest.mark.parametrize("seed", range(3))
def test_all_of_it_in_any_order(keeper: Keeper, seed: int) -> None:
    """Thirteen updates one upon the other."""
    steps = list(STEPS.values())
    random.Random(seed).shuffle(steps)
    keeper.take_in(FIRST)
    for step in steps:
        keeper.take_in(step)

    assert [] == differing(keeper.made_whole(), keeper.held())


def test_the_keepers_word(keeper: Keeper) -> None:
    """Each amendment, each setting and each name reaches every page that shows it."""
    keeper.take_in(FIRST + STEPS["a quotation"] + STEPS["a copy"] + STEPS["a namesake"])
    page = next(path for path in keeper.held() if path.endswith(".eml"))
    one = page.removeprefix("raw/").removesuffix(".eml")
    said = (
        ("amendments.toml", f'[[hide]]\nmessage = "{one}"\nreason = "asked"\n'),
        ("amendments.toml", '[[redact]]\ntext = "smokes whenever"\nreason = "asked"\n'),
        (
            "amendments.toml",
            f'[[retime]]\nmessage = "{one}"\nutc = "1996-03-27T10:00:00Z"\n',
        ),
        ("amendments.toml", ""),
        (".mailmap", "Ada Keeper <ada@example.org> <lamp@example.org>\n"),
        (".mailmap", "Ada Brook <ada@example.org> Gus Keeper <gus@example.org>\n"),
        ("posterity.toml", 'version = 1\ntitle = "Lights"\naddresses = "mask"\n'),
        ("posterity.toml", 'version = 1\ntitle = "Lights"\nlanguage = "de"\n'),
    )
    for name, text in said:
        keeper.write(name, text)
        assert [] == differing(keeper.made_whole(), keeper.held()), text


def test_a_copy_has_neighbours_too(keeper: Keeper) -> None:
    """It is not listed, but its page leads on to what is."""
    keeper.take_in(FIRST + letter(12, "ada", LAMP, day=9) + STEPS["the newest"])
    keeper.take_in(letter(18, "gus", "Between the copy and the newest.", day=12))

    assert [] == differing(keeper.made_whole(), keeper.held())


@pytest.mark.parametrize("who", ["ada", "bo", "cy", "di"])
def test_who_wrote_before_under_another_name(keeper: Keeper, who: str) -> None:
    """Their pages move, to which other months' lists link, and whoever quotes them."""
    answers = (letter(70 + n, "bo", "Late, but still.", n) for n in (3, 5, 6, 8))
    keeper.take_in(FIRST + b"".join((*STEPS.values(), *answers)))
    earlier = letter(1, who, "Fog and rain.").replace(b" Keeper <", b" T. Keeper <")
    keeper.take_in(earlier)

    assert [] == differing(keeper.made_whole(), keeper.held())
    assert any("_t_keeper" in path for path in keeper.held())


@pytest.mark.parametrize("seed", range(2))
def test_the_sample_list_in_pieces(keeper: Keeper, seed: int) -> None:
    """Copies, digests, ghosts and broken dates, four runs of letters in any order."""
    octets = (SAMPLES / "keepers.mbox").read_bytes()
    starts = [found.start() for found in SEPARATOR.finditer(octets)]
    chance = random.Random(seed)
    edges = [0, *sorted(chance.sample(starts[1:], 3)), len(octets)]
    pieces = [octets[a:b] for a, b in pairwise(edges)]
    chance.shuffle(pieces)
    for piece in pieces:
        keeper.take_in(piece)

    whole, found = keeper.made_whole(), keeper.held()
    assert [] == differing(whole, found)
    assert len(found) > 300


def test_nothing_is_made_for_nothing(keeper: Keeper) -> None:
    """No new mail: no page is made and no file touched, the manifest neither."""
    keeper.take_in(FIRST)
    before = times(keeper.folder / "S")
    keeper.publish()

    assert 0 == keeper.pages
    assert before == times(keeper.folder / "S")


def test_recovered_letters_stay_what_they_are(keeper: Keeper) -> None:
    """Those that stand in other letters keep their ids while unconcerned mail comes."""
    octets = (SAMPLES / "keepers.mbox").read_bytes()
    keeper.take_in(octets)
    before = recovered(keeper.archive)
    keeper.take_in(letter(20, "ed", "Clear at last."))

    assert before
    assert before == recovered(keeper.archive)
    assert [] == differing(keeper.made_whole(), keeper.held())
    assert keeper.pages < 60  # of some 500


def recovered(archive: Archive) -> list[tuple[int, str]]:
    """(id, hash) of what was found inside other letters."""
    catalogue = Catalogue.open(archive.catalogue_path)
    found = [(key, digest) for (digest, _), key in catalogue.held_recovered().items()]
    catalogue.close()
    return sorted(found)


def times(site: Path) -> dict[str, int]:
    """When each file was written."""
    return {
        str(path): path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()
    }


def test_an_answer_touches_what_shows_it(keeper: Keeper) -> None:
    """Of five threads its own, and those whose neighbours in time it changed."""
    keeper.take_in(FIRST + letter(40, "flo", "A month later."))
    keeper.take_in(letter(21, "ada", "So it was here.", 8))

    singles, months, people = 8, 1, 2  # March; the one who answered, and the other
    days = 3  # whereon they wrote, and the one after the new one
    messages = 4  # the two of the thread, and one on either side of it in time
    assert singles + months + days + people + messages == keeper.pages


def test_a_lost_page_comes_back_when_all_are_made(keeper: Keeper) -> None:
    """A file that somebody deleted is not missed by an update, but by `anew`."""
    keeper.take_in(FIRST)
    page = next((keeper.folder / "S" / "authors").iterdir())
    content = page.read_bytes()
    page.unlink()

    publish(keeper.archive, keeper.folder / "S", SerialExecutor(), NoProgress())
    assert not page.exists()
    how = How(anew=True)
    publish(keeper.archive, keeper.folder / "S", SerialExecutor(), NoProgress(), 1, how)
    assert content == page.read_bytes()


@pytest.mark.parametrize("harm", [b"", b"posterityPiece(", None])
def test_a_damaged_piece_of_the_index_comes_back(
    keeper: Keeper, harm: bytes | None
) -> None:
    """Cut short, or whole and with another word in it; the tables too."""
    keeper.take_in(FIRST)
    before = keeper.held()
    for name in sorted(path for path in before if path.startswith("search/")):
        file = keeper.folder / "S" / name
        content = before[name]
        file.write_bytes(content.replace(b'"e', b'"f') if harm is None else harm)
        how = How(anew=True)
        publish(keeper.archive, keeper.folder / "S", SerialExecutor(), NoProgress(), 1, how)
        assert content == file.read_bytes(), name


def test_a_damaged_manifest_is_made_again(keeper: Keeper) -> None:
    """Nothing is known of what stands there, so it is all compared, and what is too much goes."""
    keeper.take_in(FIRST)
    before = keeper.held()
    (keeper.folder / "S" / ".posterity" / "manifest.gz").write_bytes(b"\x1f\x8b\x08torn")
    (keeper.folder / "S" / "raw" / "left.eml").write_text("left behind")
    keeper.publish()

    assert keeper.pages > 8
    assert before.keys() <= keeper.held().keys()
    assert [] == differing(keeper.made_whole(), keeper.held())
