"""How a site looks: templates, style, scripts and the words of the interface.

A theme is loaded once and is a value: the same files give the same `digest`, which is
part of every page's fingerprint. Static files carry their digest in their names, so a
browser may keep them for ever.

Texts that a template names as `{{ t.name }}` are put into it when it is loaded: they
cost nothing when a page is made.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Self

from jinja2 import DictLoader, Environment, StrictUndefined, Template
from markupsafe import escape as escape_text

from posterity.render.html import visible
from posterity.render.texts import Texts

_TEXT = re.compile(r"\{\{ t\.(\w+) \}\}")


class Theme:
    """Templates, static files and texts, ready for use.

    Attributes:
        digest: SHA-256 of all files and their names, hex.
        texts: the words of the interface.
        static: (name with digest, content) of each static file, by name.
    """

    __slots__ = ("_names", "_templates", "digest", "static", "texts")

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Make a theme of its files.

        Args:
            files: content by name: "texts.toml", "templates/….html", "static/…".
        """
        digest = hashlib.sha256()
        for name in sorted(files):
            digest.update(f"{name}\0{len(files[name])}\0".encode())
            digest.update(files[name])
        self.digest = digest.hexdigest()
        self.texts = Texts(tomllib.loads(files["texts.toml"].decode("utf-8")))
        self._names: dict[str, str] = {}
        static: list[tuple[str, bytes]] = []
        for name in sorted(files):
            folder, _, base = name.partition("/")
            if folder == "static":
                self._names[base] = _with_digest(base, files[name])
                static.append((self._names[base], files[name]))
        self.static = tuple(static)
        self._templates = _templates(files, self.texts)

    @classmethod
    def load(cls, folder: Traversable | None = None) -> Self:
        """Read a theme from a folder with templates/, static/ and texts.toml.

        Args:
            folder: a pathlib.Path or package resource; None for the one that comes along.
        """
        top = folder or resources.files("posterity.render")
        files = {"texts.toml": top.joinpath("texts.toml").read_bytes()}
        for part in ("templates", "static"):
            for entry in top.joinpath(part).iterdir():
                if entry.is_file() and not entry.name.startswith("."):
                    files[f"{part}/{entry.name}"] = entry.read_bytes()
        return cls(files)

    def asset(self, name: str) -> str:
        """The published name of a static file."""
        return self._names[name]

    def page(self, template: str, values: Mapping[str, Any]) -> str:
        """A template filled with values; text in them is escaped, Markup is not."""
        return self._templates[template].render(values)


def _with_digest(name: str, content: bytes) -> str:
    stem, dot, ending = name.partition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}{dot}{ending}"


def _templates(files: Mapping[str, bytes], texts: Texts) -> dict[str, Template]:
    def put(found: re.Match[str]) -> str:
        return str(escape_text(texts[found[1]]))

    sources = {
        name.removeprefix("templates/"): _TEXT.sub(put, content.decode("utf-8"))
        for name, content in files.items()
        if name.startswith("templates/")
    }
    environment = Environment(
        loader=DictLoader(sources),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        auto_reload=False,
        cache_size=-1,
    )
    environment.globals = {"t": texts}  # the rest is copied for every page, for nothing
    return {name: environment.get_template(name) for name in sources}


def _finalize(value: object) -> object:
    """What a template prints: plain text made visible, Markup as it is."""
    return visible(value) if type(value) is str else value
