"""How a site looks: templates, style, scripts and the words of the interface.

A theme is loaded once and is a value: the same files give the same `digest`, which is
part of every page's fingerprint. Static files carry their digest in their names, so a
browser may keep them for ever.

Our own files come first, then the words of the settings' language (`texts.de.toml`),
then a keeper's folder: each file there stands for ours of the same name, its texts.toml
need hold only the words it changes, and its static/theme.css is read after our style.
docs/themes.md says what a theme may rely on.

Texts that a template names as `{{ t.name }}` are put into it when it is loaded: they
cost nothing when a page is made.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Self

from jinja2 import DictLoader, Environment, StrictUndefined, TemplateSyntaxError
from markupsafe import escape as escape_text

from posterity.config import Settings
from posterity.errors import ConfigError
from posterity.render.html import visible
from posterity.render.texts import RULES, SAID, Texts, unfit

TEXTS = "texts.toml"
STYLE = "static/posterity.css"
OWN_STYLE = "static/theme.css"
"""A theme's own rules: they end up in the file of ours, which pages fetch anyway."""

ALONE = (TEXTS, "book.css")
"""Files of a theme that stand beside its folders."""

OURS = "en"
"""The language of texts.toml."""

FOLDERS = ("templates", "static")

_TEMPLATES = "templates/"
_TEXT = re.compile(r"\{\{ t\.(\w+) \}\}")


class Theme:
    """Templates, static files and texts, ready for use.

    Attributes:
        digest: SHA-256 of all files and their names, hex.
        texts: the words of the interface.
        book: the style of books.
        static: (name with digest, content) of each static file, by name.
    """

    __slots__ = ("_environment", "_names", "book", "digest", "static", "texts")

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
        self.book = files.get("book.css", b"").decode("utf-8")
        self._names: dict[str, str] = {}
        static: list[tuple[str, bytes]] = []
        for name in sorted(files):
            folder, _, base = name.partition("/")
            if folder == "static":
                self._names[base] = _with_digest(base, files[name])
                static.append((self._names[base], files[name]))
        self.static = tuple(static)
        self._environment = _environment(files, self.texts)

    @classmethod
    def load(cls, folder: Traversable | None = None, language: str = "en") -> Self:
        """The theme that comes along, with a keeper's files in the place of its own.

        Args:
            folder: of a keeper's theme: a pathlib.Path or package resource.
            language: of the interface; one that we have no words for is the theme's
                to bring.

        Raises:
            ConfigError: the folder is not there, or holds what would do nothing.
        """
        top = resources.files("posterity.render")
        files = _files(top)
        own: dict[str, bytes] = {}
        if folder is not None:
            if not folder.is_dir():
                raise ConfigError(f"theme: no such folder: {folder}")
            own = _files(folder)
        tongue = language.partition("-")[0].lower()
        spoken = top.joinpath(f"texts.{tongue}.toml")
        if spoken.is_file():
            files[TEXTS] = _merged(files[TEXTS], spoken.read_bytes(), spoken.name)
        elif tongue != OURS and TEXTS not in own:
            raise ConfigError(
                f"language: there are no words in {language!r}; a theme's {TEXTS} may"
                " bring them (docs/themes.md)"
            )
        _dress(files, own, str(folder))
        theme = cls(files)
        theme._try(own)
        return theme

    @classmethod
    def chosen(cls, settings: Settings, beside: Traversable) -> Self:
        """The theme that an archive's settings name; beside is the archive's folder.

        Raises:
            ConfigError: see `load`.
        """
        folder = beside.joinpath(settings.theme) if settings.theme else None
        return cls.load(folder, settings.language)

    def asset(self, name: str) -> str:
        """The published name of a static file."""
        return self._names[name]

    def page(self, template: str, values: Mapping[str, Any]) -> str:
        """A template filled with values; text in them is escaped, Markup is not."""
        return self._environment.get_template(template).render(values)

    def _try(self, own: Iterable[str]) -> None:
        """Compile a keeper's templates; ours are compiled when a page first needs them.

        Raises:
            ConfigError: one is not Jinja.
        """
        try:
            for name in own:
                if name.startswith(_TEMPLATES):
                    self._environment.get_template(name.removeprefix(_TEMPLATES))
        except TemplateSyntaxError as error:
            where = f"{_TEMPLATES}{error.name}, line {error.lineno}"
            raise ConfigError(f"theme: {where}: {error.message}") from error


def _files(folder: Traversable) -> dict[str, bytes]:
    """The files of a theme by name; what is none of a theme's is left out."""
    files: dict[str, bytes] = {}
    for name in ALONE:
        one = folder.joinpath(name)
        if one.is_file():
            files[name] = one.read_bytes()
    for part in FOLDERS:
        inside = folder.joinpath(part)
        if inside.is_dir():
            for entry in inside.iterdir():
                if entry.is_file() and not entry.name.startswith("."):
                    files[f"{part}/{entry.name}"] = entry.read_bytes()
    return files


def _dress(files: dict[str, bytes], own: Mapping[str, bytes], where: str) -> None:
    """Put a keeper's files in the place of ours.

    Raises:
        ConfigError: a template that nothing asks for, or a text of no known name.
    """
    for name, content in own.items():
        if name == TEXTS:
            files[TEXTS] = _merged(files[TEXTS], content, f"{where}/{TEXTS}")
        elif name == OWN_STYLE:
            files[STYLE] = own.get(STYLE, files[STYLE]) + b"\n" + content
        elif name != STYLE or OWN_STYLE not in own:
            known = name in files or name.startswith(("static/", "templates/_"))
            if not known:
                raise ConfigError(f"{where}/{name}: no page uses it{_near(name, files)}")
            files[name] = content


def _merged(ours: bytes, own: bytes, where: str) -> bytes:
    """Our texts with some of them changed, as TOML.

    Raises:
        ConfigError: no TOML, a name we do not have, a text that cannot be filled, or an
            unknown plural rule.
    """
    words = {**SAID, **tomllib.loads(ours.decode("utf-8"))}
    try:
        said = tomllib.loads(own.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{where}: not TOML: {error}") from error
    for name, text in said.items():
        stood_for = words.get(name, words.get(name.removesuffix("_few") + "_many"))
        if stood_for is None:
            raise ConfigError(f"{where}: unknown text {name!r}{_near(name, words)}")
        if not isinstance(text, str):
            raise ConfigError(f"{where}: {name} must be a text in quotes, not {text!r}")
        fault = unfit(name, text, stood_for)
        if fault:
            raise ConfigError(f"{where}: {name}: {fault}")
    words.update(said)
    if words["plural_rule"] not in RULES:
        raise ConfigError(f"{where}: plural_rule must be one of {', '.join(RULES)}")
    lines = (f"{name} = {_quoted(text)}\n" for name, text in words.items())
    return "".join(lines).encode("utf-8")


def _quoted(text: str) -> str:
    """A text as a TOML string: JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False)


def _near(name: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


def _with_digest(name: str, content: bytes) -> str:
    stem, dot, ending = name.partition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}{dot}{ending}"


def _environment(files: Mapping[str, bytes], texts: Texts) -> Environment:
    def put(found: re.Match[str]) -> str:
        if found[1] not in texts.names():
            raise ConfigError(f"theme: a template names an unknown text: {found[1]}")
        return str(escape_text(texts[found[1]]))

    sources = {
        name.removeprefix(_TEMPLATES): _TEXT.sub(put, content.decode("utf-8"))
        for name, content in files.items()
        if name.startswith(_TEMPLATES)
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
    return environment


def _finalize(value: object) -> object:
    """What a template prints: plain text made visible, Markup as it is."""
    return visible(value) if type(value) is str else value
