"""The theme that comes along: whole, small, readable."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest

import posterity.render
from posterity.render.texts import SAID
from posterity.render.theme import Theme

FOLDER = Path(posterity.render.__file__).parent
SITE = FOLDER.parent / "site"
CSS = FOLDER.joinpath("static/posterity.css").read_text("utf-8")
COUNTED = re.compile(r"_(?:one|many)$")


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colours(block: str) -> dict[str, str]:
    """The colours a block of style names."""
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block))


LIGHT = colours(CSS.partition("@media")[0])
DARK = colours(CSS.partition(':root[data-theme="dark"]')[2].partition("}")[0])


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "dim", "accent", "added", "removed"])
@pytest.mark.parametrize("ground", ["paper", "wash"])
def test_contrast(theme: dict[str, str], ink: str, ground: str) -> None:
    """Every text colour on every ground has at least 4.5:1 (WCAG 2.2 AA)."""
    lights = sorted((luminance(theme[ink]), luminance(theme[ground])))

    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5


def test_both_ways_to_dark_are_the_same() -> None:
    """By preference and by switch, dark is one set of colours."""
    by_preference = CSS.partition("prefers-color-scheme: dark")[2].partition("}")[0]

    assert DARK == colours(by_preference)


def test_style_is_small() -> None:
    """Under 15 KB as it travels."""
    assert len(zlib.compress(CSS.encode(), 9)) < 15_000


def test_nothing_is_fetched_from_elsewhere(theme: Theme) -> None:
    """No font, image or script of a third party (S11)."""
    for name, content in theme.static:
        if not name.endswith(".svg"):
            assert not re.search(rb"https?://|url\(|@import", content), name


def test_texts_and_their_uses_agree(theme: Theme) -> None:
    """Every text a template or module names is there; none is there for nothing."""
    sources = [*FOLDER.glob("*.py"), *FOLDER.glob("templates/*.html"), *SITE.glob("*.py")]
    code = "\n".join(path.read_text("utf-8") for path in sources)
    names = {COUNTED.sub("", name) for name in theme.texts.names()}
    named = set(re.findall(r"\bt\.(\w+) \}\}|\bt\[\"(\w+)\"\]", code))
    used = {name for name in names if re.search(rf"\b{name}\b", code)}
    made = {name for name in names if re.match(r"(?:date|link|person|copy)_", name)}
    made |= SAID.keys()

    assert {COUNTED.sub("", a or b) for a, b in named} <= names
    assert set() == names - used - made


def test_the_digest_names_the_theme() -> None:
    """The same files make the same digest, and any change another."""
    files = {
        "texts.toml": b'a = "b"',
        "static/x.css": b"a",
        "templates/x.html": b"{{ t.a }}",
    }

    assert Theme(files).digest == Theme(dict(reversed(files.items()))).digest
    assert Theme(files).digest != Theme({**files, "static/x.css": b"b"}).digest
    assert Theme(files).asset("x.css") != Theme({**files, "static/x.css": b"b"}).asset(
        "x.css"
    )
    assert "b" == Theme(files).page("x.html", {})
