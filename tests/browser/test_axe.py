"""axe-core finds nothing on any kind of page, light or dark."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

RUN = """
new Promise(function (laid) {
  requestAnimationFrame(function () { setTimeout(laid, 60); });
}).then(function () {
  return axe.run(document, {
    iframes: false,
    rules: { 'target-size': { enabled: true } },
    resultTypes: ['violations'],
  });
}).then(function (found) {
  return found.violations.map(function (rule) {
    return rule.id + ': ' + rule.nodes.slice(0, 3).map(function (node) {
      var why = node.any.concat(node.all, node.none)[0] || {};
      return node.target + ' ' + node.html.slice(0, 120) + ' (' + why.message + ')';
    }).join(' | ');
  });
})
"""
OPEN = "for (var one of document.querySelectorAll('details:not(.view)')) one.open = true;"


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core."""
    place = Path(__file__).with_name("axe.py")
    spec = importlib.util.spec_from_file_location("browser_axe", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: str | None = module.source()
    if found is None:
        pytest.skip("NO AXE-CORE (npm, the registry): accessibility was not checked")
    return found


def test_axe_finds_nothing(
    browser: Any, chromium: Any, place: Any, settled: str, axe: str, kind: str
) -> None:
    """Every rule of WCAG 2.2 A and AA and of good practice, with everything unfolded.

    Light on a desk, dark on a telephone.
    """
    browser.go(place.at(kind))
    browser.until(settled)
    browser.run(OPEN)
    browser.value(axe)
    found = {}
    screens = {
        "light": chromium.LIGHT._replace(width=1280),
        "dark": chromium.DARK._replace(width=390),
    }
    for name, screen in screens.items():
        browser.show_on(screen)
        found[name] = browser.value(RUN)

    assert {"light": [], "dark": []} == found, found


def test_axe_would_find_something(browser: Any, place: Any, axe: str) -> None:
    """The checker proves itself on a page that was spoilt."""
    browser.go(place.at("message plain"))
    browser.run(
        "document.documentElement.lang = '';"
        "document.body.append(document.createElement('img'));"
        "document.querySelector('h1').style.color = '#ddd';"
    )
    browser.value(axe)
    found = {line.partition(":")[0] for line in browser.value(RUN)}

    assert {"html-has-lang", "image-alt", "color-contrast"} <= found
