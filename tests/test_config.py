"""Settings: TOML once, at the door."""

from __future__ import annotations

import pytest

from posterity.config import Settings, offset_seconds, read_settings
from posterity.errors import ConfigError


def test_an_empty_file_gives_the_defaults() -> None:
    """Nobody has to write a settings file."""
    assert Settings() == read_settings("")


def test_keys_are_read() -> None:
    """What the keeper wrote is what the archive uses."""
    settings = read_settings(
        'version = 1\ntitle = "Keepers"\nguesses = false\nzone = "-0800"'
    )

    assert ("Keepers", False, "-0800") == (settings.title, settings.guesses, settings.zone)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", "not TOML"),
        ('titel = "x"', "unknown setting 'titel'; did you mean 'title'?"),
        ("zzz = 1", "unknown setting 'zzz'; known: title, "),
        ("title = 3", "title must be a text in quotes, not 3"),
        ('guesses = "yes"', "guesses must be true or false"),
        ('addresses = "blur"', "addresses must be one of show, mask, hide"),
        ('zone = "CET"', "zone must look like [+]0100"),
        ('base_url = "lists.example.org"', "base_url must begin with http"),
        ('web_archive = "ftp://a.example/{url}"', "web_archive must begin with http"),
        ('web_archive = "https://a.example/"', "web_archive must have {url}"),
        ("version = 2", "version 2 is not 1; update posterity"),
    ],
)
def test_a_wrong_setting_is_named(text: str, message: str) -> None:
    """The error says which file, which key, and what would be right."""
    with pytest.raises(ConfigError, match=f"^list.toml: .*{message.replace('?', '[?]')}"):
        read_settings(text, "list.toml")


@pytest.mark.parametrize(
    ("zone", "seconds"), [("+0000", 0), ("-0800", -28_800), ("+0530", 19_800)]
)
def test_a_zone_is_an_offset(zone: str, seconds: int) -> None:
    """Hours and minutes east of UTC."""
    assert seconds == offset_seconds(zone)
