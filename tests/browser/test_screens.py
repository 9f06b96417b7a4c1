"""Every kind of page on small, enlarged, plain and still screens."""

from __future__ import annotations

from typing import Any

import pytest

OPEN = "for (var one of document.querySelectorAll('details')) one.open = true;"
OVER = """
var room = document.scrollingElement;
if (room.scrollWidth <= innerWidth) return [];
return [...document.querySelectorAll('body *')].filter(function (one) {
  return one.getBoundingClientRect().right > innerWidth + 1;
}).slice(0, 5).map(function (one) { return one.outerHTML.slice(0, 160); });
"""
SCREENS = {"320 pixels": (320, 1.0), "200 % of 1,280 pixels": (640, 2.0)}


def test_nothing_sticks_out(
    browser: Any, chromium: Any, place: Any, settled: str, kind: str
) -> None:
    """WCAG 1.4.4 and 1.4.10: no page scrolls sideways, folded or not, plain or not."""
    found = {}
    for name, (width, scale) in SCREENS.items():
        browser.show_on(chromium.Screen(width=width, height=640, scale=scale))
        browser.go(place.at(kind))
        browser.until(settled)
        for state, script in (
            ("folded", ""),
            ("unfolded", OPEN),
            ("as written", "document.documentElement.classList.add('plain');"),
        ):
            browser.run(script)
            found[name, state] = browser.run(OVER)

    assert [] == [(where, over) for where, over in found.items() if over]


def test_what_sticks_out_would_be_seen(browser: Any, chromium: Any, place: Any) -> None:
    """The checker proves itself on a page with something wide in it."""
    browser.show_on(chromium.Screen(width=320, height=640))
    browser.go(place.at("message plain"))
    browser.run("document.querySelector('.body').style.width = '400px'")

    assert browser.run(OVER)


def test_paper_has_the_words_and_no_controls(
    browser: Any, chromium: Any, place: Any
) -> None:
    """A folded quote is printed whole, in black on white even for who reads in the dark."""
    dark = (("prefers-color-scheme", "dark"),)
    browser.show_on(chromium.Screen(features=dark, medium="print"))
    browser.go(place.at("long-quote"))
    seen = browser.run("""
      function shown(one) { return !!one && one.getBoundingClientRect().height > 0; }
      var page = getComputedStyle(document.body);
      return {
        quote: shown(document.querySelector('details.q:not([open]) blockquote')),
        menu: shown(document.querySelector('.mast nav')),
        summary: shown(document.querySelector('.q > summary')),
        ink: page.color, paper: page.backgroundColor,
      };
    """)

    expected = {
        "quote": True,
        "menu": False,
        "summary": False,
        "ink": "rgb(0, 0, 0)",
        "paper": "rgb(255, 255, 255)",
    }
    assert expected == seen


@pytest.mark.parametrize("kind_seen", ["home", "message quoting", "stats", "thread"])
def test_forced_colours(browser: Any, chromium: Any, place: Any, kind_seen: str) -> None:
    """Text, links and bars are drawn in the reader's own colours, and none vanishes."""
    forced = (("forced-colors", "active"), ("prefers-color-scheme", "dark"))
    browser.show_on(chromium.Screen(features=forced))
    browser.go(place.at(kind_seen))
    shown = browser.run("""
      function rgb(colour) {
        var probe = document.body.appendChild(document.createElement('i'));
        probe.style.color = colour;
        var found = getComputedStyle(probe).color;
        probe.remove();
        return found;
      }
      var bar = document.querySelector('.chart rect:not(.slot), .heat rect, .meter rect');
      return {
        active: matchMedia('(forced-colors: active)').matches,
        text: getComputedStyle(document.querySelector('h1')).color === rgb('CanvasText'),
        link: getComputedStyle(document.querySelector('main a:not(svg a)')).color === rgb('LinkText'),
        bar: !bar || getComputedStyle(bar).fill === rgb('LinkText'),
      };
    """)

    assert {"active": True, "text": True, "link": True, "bar": True} == shown


def test_here_is_marked_without_colour(browser: Any, chromium: Any, place: Any) -> None:
    """In forced colours a line that is linked to still stands out."""
    browser.show_on(chromium.Screen(features=(("forced-colors", "active"),)))
    browser.go(place.at("message plain") + "#L1")
    style = browser.run("""
      var one = getComputedStyle(document.getElementById('L1'));
      return [one.outlineStyle, one.backgroundColor];
    """)

    assert "solid" == style[0]


def test_reduced_motion(browser: Any, chromium: Any, place: Any) -> None:
    """Who wants stillness gets it: no smooth scrolling, no transition, no animation."""
    moving = """
      return [getComputedStyle(document.documentElement).scrollBehavior,
        [...document.querySelectorAll('*')].filter(function (one) {
          var style = getComputedStyle(one);
          return style.animationName !== 'none' || parseFloat(style.transitionDuration);
        }).length];
    """
    seen = []
    for wish in ("no-preference", "reduce"):
        screen = chromium.Screen(features=(("prefers-reduced-motion", wish),))
        browser.show_on(screen)
        browser.go(place.at("thread"))
        seen.append(browser.run(moving))

    assert [["smooth", 0], ["auto", 0]] == seen
