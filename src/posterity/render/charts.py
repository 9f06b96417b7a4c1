"""Plain charts as SVG: one bar a month or a year, each a link, readable without sight.

A chart holds no style of its own and no script; its bars are links with names, so it
is also a list of months for whoever cannot see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from posterity.render.html import attribute, escape

HEIGHT = 100
"""Units of a chart's height; the style sheet decides what a unit is."""

MOST_WIDTH = 952
"""Pixels a chart has at most; the style sheet keeps it inside the page."""

_WIDE = 28  # pixels of a bar where there are few; where there are many they share


class Bar(NamedTuple):
    """One bar: how high, where it leads ("" for nowhere), and its name."""

    value: int
    href: str
    name: str


def bars(values: Sequence[Bar], label: str, first: str, last: str) -> str:
    """A bar chart as a figure; "" where there is nothing to draw.

    Args:
        values: left to right.
        label: what the chart shows, for whoever cannot see it.
        first, last: what stands under its two ends.
    """
    if not values:
        return ""
    highest = max(1, *(bar.value for bar in values))
    width = min(_WIDE * len(values), MOST_WIDTH)
    out = [
        '<figure class="chart">\n',
        f'<svg width="{width}" height="120" viewBox="0 0 {len(values)} {HEIGHT}"',
        f' preserveAspectRatio="none" role="group" aria-label="{attribute(label)}">\n',
    ]
    for left, bar in enumerate(values):
        tall = max(HEIGHT * bar.value / highest, 1.0) if bar.value else 0.0
        shape = (
            f'<rect class="slot" fill="none" x="{left}" y="0" width="1" height="{HEIGHT}"/>'
            f'<rect x="{left}.1" y="{HEIGHT - tall:.1f}" width=".8" height="{tall:.1f}"/>'
            f"<title>{escape(bar.name)}</title>"
        )
        if bar.href:
            name = attribute(bar.name)
            out.append(f'<a href="{attribute(bar.href)}" aria-label="{name}">{shape}</a>\n')
        else:
            out.append(f"<g>{shape}</g>\n")
    ends = f"<span>{escape(first)}</span>" + (
        f"<span>{escape(last)}</span>" if last else ""
    )
    out.append(f"</svg>\n<figcaption>{ends}</figcaption></figure>\n")
    return "".join(out)


def heat(values: Sequence[int], columns: int, names: Sequence[str], label: str) -> str:
    """A grid of squares, the darker the more; what they mean stands around it.

    Args:
        values: row by row.
        columns: of the grid.
        names: of each square, for who points at it.
        label: what the chart shows, for whoever cannot see it.
    """
    highest = max(1, *values)
    rows = -(-len(values) // columns)
    head = (
        f'<svg class="heat" viewBox="0 0 {columns} {rows}" preserveAspectRatio="none"'
        f' role="img" aria-label="{attribute(label)}">\n'
    )
    out = [head]
    for at, (value, name) in enumerate(zip(values, names, strict=True)):
        top, left = divmod(at, columns)
        shade = f"{0.06 + 0.94 * value / highest:.2f}" if value else "0.03"
        out.append(
            f'<rect x="{left}.04" y="{top}.04" width=".92" height=".92"'
            f' fill-opacity="{shade}"><title>{escape(name)}</title></rect>\n'
        )
    return "".join([*out, "</svg>\n"])


def meter(value: int, highest: int) -> str:
    """One bar of a table's row; its number stands beside it, so it says nothing aloud."""
    width = max(100 * value / highest, 0.5) if value and highest else 0
    return (
        '<svg class="meter" width="100%" height="10" aria-hidden="true">'
        f'<rect width="{width:.1f}%" height="10"/></svg>'
    )
