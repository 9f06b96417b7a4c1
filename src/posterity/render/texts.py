"""The words of the interface: one file, texts.toml, and one more for each language.

A text may hold `{n}` and other names in braces. One that counts has forms told apart by
what follows its name: `_one` and `_many`, and in languages that want it `_few`. Which
number takes which form, how numbers and days are written: texts say that too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

ONE, FEW, MANY = "one", "few", "many"


def _english(number: int) -> str:
    return ONE if number == 1 else MANY


def _french(number: int) -> str:
    return ONE if number < 2 else MANY


def _slavic(number: int) -> str:
    if number % 10 == 1 and number % 100 != 11:
        return ONE
    return FEW if number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14} else MANY


def _polish(number: int) -> str:
    if number == 1:
        return ONE
    return FEW if number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14} else MANY


def _czech(number: int) -> str:
    return ONE if number == 1 else FEW if number in {2, 3, 4} else MANY


def _never(number: int) -> str:
    del number
    return MANY


RULES: Mapping[str, Callable[[int], str]] = {
    "english": _english,
    "french": _french,
    "slavic": _slavic,
    "polish": _polish,
    "czech": _czech,
    "none": _never,
}
"""Which form a number takes (Unicode CLDR, plural rules), by `plural_rule`."""


class Calendar:
    """How days are written: day, month, year, in this order.

    Attributes:
        months, short_months: twelve names each.
        number: of a day in its month: "{n}" or "{n}.".
    """

    __slots__ = ("months", "number", "short_months")

    def __init__(self, months: str, short_months: str, number: str) -> None:
        self.months = months.split(", ")
        self.short_months = short_months.split(", ")
        self.number = number


class Texts:
    """Interface strings by name.

    Attributes:
        calendar: how days are written.
    """

    __slots__ = ("_rule", "_words", "calendar")

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = dict(words)
        self._rule = RULES[words.get("plural_rule", "english")]
        self.calendar = Calendar(
            words.get("months", MONTHS),
            words.get("short_months", SHORT_MONTHS),
            words.get("day_number", "{n}"),
        )

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
        form = self._rule(number)
        text = self._words.get(f"{name}_{form}") or self._words[f"{name}_{MANY}"]
        return text.replace("{n}", self.number(number))

    def number(self, number: int) -> str:
        """A whole number: "2,345"."""
        plain = f"{number:,}"
        mark = self._words.get("thousands", ",")
        return plain if mark == "," else plain.replace(",", mark)

    def share(self, part: float) -> str:
        """A part of a whole: "12.3 %"."""
        plain = f"{100 * part:.1f}\N{NO-BREAK SPACE}%"
        return plain.replace(".", self._words.get("decimal", "."))

    def names(self) -> frozenset[str]:
        """The names of all texts."""
        return frozenset(self._words)


MONTHS = (
    "January, February, March, April, May, June, July, August, September, October,"
    " November, December"
)
SHORT_MONTHS = "Jan, Feb, Mar, Apr, May, Jun, Jul, Aug, Sep, Oct, Nov, Dec"

ENGLISH = Texts({})
"""The calendar of whoever has no texts at hand."""
