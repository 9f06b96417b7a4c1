"""The words of the interface: one file, texts.toml, ready for translation.

A text may hold `{n}` and other names in braces. One that counts has two forms, told
apart by `_one` and `_many` after its name, as gettext's ngettext has them.
"""

from __future__ import annotations

from collections.abc import Mapping


class Texts:
    """Interface strings by name."""

    __slots__ = ("_words",)

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = dict(words)

    def __getitem__(self, name: str) -> str:
        """A text as it stands.

        Raises:
            KeyError: the theme's texts lack it, which is the theme's bug.
        """
        return self._words[name]

    def fill(self, name: str, **values: object) -> str:
        """A text with its names in braces filled."""
        return self._words[name].format(**values)

    def count(self, name: str, number: int) -> str:
        """A text that counts, in the form its number asks for: "2,345 messages"."""
        form = "one" if number == 1 else "many"
        return self._words[f"{name}_{form}"].replace("{n}", f"{number:,}")

    def names(self) -> frozenset[str]:
        """The names of all texts."""
        return frozenset(self._words)
