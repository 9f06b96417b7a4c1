"""Settings: what a person decides about an archive, in posterity.toml.

TOML becomes a `Settings` once, at the door; nothing else reads the file. An unknown key
is an error that names the nearest known one, because a misspelt setting that is
silently ignored publishes what somebody meant to hide.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, fields

from posterity.errors import ConfigError

VERSION = 1
"""Of the file's form; a newer one is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """An archive's settings; each attribute is a key of posterity.toml."""

    title: str = "A mailing list"
    """The list's name, as every page shows it."""

    description: str = ""
    """One or two sentences for the home page: what this list was."""

    address: str = ""
    """Where the list was written to, if that should be shown."""

    base_url: str = ""
    """Where the site will live ("https://lists.example.org/keepers/"); without it there
    is no sitemap, canonical link or OpenSearch description, which all need one."""

    language: str = "en"
    """BCP 47 tag of the interface: "en" and "de" come along, a theme may bring others."""

    zone: str = "+0000"
    """The offset in which dates without a zone are read."""

    charset: str = ""
    """The charset of undeclared 8-bit text, where the list had a habit; "" to judge by
    each text alone."""

    addresses: str = "show"
    """How mail addresses appear: "show", "mask" (user@…) or "hide"."""

    raw: str = "messages"
    """Originals as one .eml a message ("messages") or one bundle a month ("months")."""

    contact: str = ""
    """Where to ask for a take-down; shown on the about page."""

    licence: str = ""
    """What readers may do with the mail; shown on the about page."""

    web_archive: str = ""
    """Where copies of web pages are kept ("https://web.archive.org/web/{timestamp}/{url}"):
    beside each web link then stands one to the copy nearest to the mail's date. {timestamp}
    is that date as 19961204170409, UTC; undated mail gets no such links."""

    recover_hidden: bool = True
    """Whether whole messages that stand only inside the body of another become messages
    of their own, marked with where they were found."""

    explode_digests: bool = False
    """Whether the messages that a digest or a forward encloses become messages of their
    own too, where they are not held already."""

    guesses: bool = True
    """Whether links by subject alone are drawn (dotted, marked as guesses)."""

    honour_no_archive: bool = False
    """Whether messages that ask not to be archived (`X-No-Archive: yes`, `Archive: no`,
    `X-Archive: no`) are hidden, as if amendments.toml said so."""

    theme: str = ""
    """A folder whose templates, style and words stand for ours, named from the archive's
    folder ("themes/logbook"); docs/themes.md says how one is made."""

    epub: bool = False
    """Whether every thread of two messages or more is also published as a book (EPUB);
    `posterity export epub` makes one of any thread without it."""

    old_author_urls: bool = False
    """Whether every spelling of a person, and `/author/`, leads to their page by a page
    that forwards: for a list that was published under such addresses before."""


_CHOICES = {
    "addresses": ("show", "mask", "hide"),
    "raw": ("messages", "months"),
}
_ADDRESSES = frozenset({"base_url", "web_archive"})
_ZONE = re.compile(r"[+-](?:0\d|1[0-4])[0-5]\d")


def read_settings(text: str, where: str = "posterity.toml") -> Settings:
    """Read and check a settings file.

    Args:
        text: the file's TOML; "" gives the defaults.
        where: the file's name, for errors.

    Raises:
        ConfigError: not TOML, an unknown key, or a value of the wrong form; the
            sentence names the file and the key.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{where}: not TOML: {error}") from error
    version = table.pop("version", VERSION)
    if version != VERSION:
        raise ConfigError(
            f"{where}: version {version!r} is not {VERSION}; update posterity"
        )
    known = {field.name: field.default for field in fields(Settings)}
    for key, value in table.items():
        _check(where, key, value, known)
    return Settings(**table)


def offset_seconds(zone: str) -> int:
    """Seconds east of UTC of a zone setting such as "-0800"."""
    sign = -1 if zone.startswith("-") else 1
    return sign * (int(zone[1:3]) * 3600 + int(zone[3:5]) * 60)


def _check(where: str, key: str, value: object, known: dict[str, object]) -> None:
    if key not in known:
        near = difflib.get_close_matches(key, known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}"
        raise ConfigError(f"{where}: unknown setting {key!r}{hint}")
    if type(value) is not type(known[key]):
        kind = "true or false" if isinstance(known[key], bool) else "a text in quotes"
        raise ConfigError(f"{where}: {key} must be {kind}, not {value!r}")
    if key in _CHOICES and value not in _CHOICES[key]:
        raise ConfigError(f"{where}: {key} must be one of {', '.join(_CHOICES[key])}")
    if key == "zone" and not _ZONE.fullmatch(str(value)):
        raise ConfigError(f"{where}: zone must look like +0100, not {value!r}")
    if key in _ADDRESSES and value and not str(value).startswith(("http://", "https://")):
        raise ConfigError(f"{where}: {key} must begin with http:// or https://")
    if key == "web_archive" and value and "{url}" not in str(value):
        raise ConfigError(f"{where}: web_archive must have {{url}} where the link goes")
