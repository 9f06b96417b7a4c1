"""The example theme is whole, readable and truly another."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posterity.render.pages import Renderer
from posterity.render.theme import Theme

Make = Callable[..., Any]
FOLDER = Path(__file__).parents[2] / "samples" / "themes" / "logbook"
CSS = (FOLDER / "static" / "theme.css").read_text("utf-8")


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
BY_PREFERENCE = colours(CSS.partition("prefers-color-scheme: dark")[2].partition("}")[0])
DARK = colours(CSS.partition(':root[data-theme="dark"]')[2].partition("}")[0])


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *(
            (ink, ground)
            for ink in ("ink", "dim", "accent")
            for ground in ("paper", "wash")
        ),
        ("page", "spine"),
    ],
)
def test_contrast(theme: dict[str, str], ink: str, ground: str) -> None:
    """Every text colour on every ground has at least 4.5:1 (WCAG 2.2 AA)."""
    lights = sorted((luminance(theme[ink]), luminance(theme[ground])))

    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5


def test_both_ways_to_dark_are_the_same() -> None:
    """By preference and by switch, dark is one set of colours."""
    assert DARK == BY_PREFERENCE


def test_pages_wear_it(bench: Make, write: Make) -> None:
    """Its words, its menu and its style are on the page; nothing comes from elsewhere."""
    made = bench(write())
    theme = Theme.load(FOLDER)
    pages = Renderer(made.reader, made.renderer.press.settings, theme)
    home = pages.home().content.decode()
    style = dict(theme.static)[theme.asset("posterity.css")].decode()

    assert 'class="watch"' in home
    assert ">Hands</a>" in home
    assert "1 entry" in pages.archive_index().content.decode()
    assert style.endswith(CSS)
    assert not re.search(r"https?://|@import|url\(", CSS)
