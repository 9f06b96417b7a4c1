"""The words of the interface: one file, texts.toml, and one more for each language.

A text may hold `{n}` and other names in braces. One that counts has forms told apart by
what follows its name: `_one` and `_many`, and in languages that want it `_few`. Which
number takes which form, how numbers and days are written: texts say that too.

What defects mean and what search fields find is said in English by defects.py and
fields.py; other texts say it under the names that SAID gives it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from posterity.defects import DefectCode
from posterity.fields import FIELDS
from posterity.rows import MessageRow

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


def _meaning(code: str) -> str:
    return f"defect_{code.replace('-', '_')}"


SAID: Mapping[str, str] = {
    **{_meaning(code.value): code.meaning for code in DefectCode},
    **{f"field_{field.name}": field.help for field in FIELDS},
}
"""The texts that the code itself holds, because its documentation is made of them."""


class Calendar:
    """How months, days and spans of days are written, and in which order.

    Attributes:
        months, short_months: twelve names each.
        number: of a day in its month: "{n}" or "{n}.".
        long, short: a day.
        timed: a day with its time.
        month: of a year.
        in_month, in_year, apart: a span of days in one month, in one year, in several.
    """

    __slots__ = (
        "apart",
        "in_month",
        "in_year",
        "long",
        "month",
        "months",
        "number",
        "short",
        "short_months",
        "timed",
    )

    def __init__(self, words: Mapping[str, str]) -> None:
        self.months = words["months"].split(", ")
        self.short_months = words["short_months"].split(", ")
        self.number = words["day_number"]
        self.long = words["date_long"]
        self.short = words["date_short"]
        self.timed = words["date_timed"]
        self.month = words["month_of_year"]
        self.in_month = words["days_in_month"]
        self.in_year = words["days_in_year"]
        self.apart = words["days_apart"]

    def day(self, at: date, months: Sequence[str], before: str = "") -> dict[str, str]:
        """What fills a day's gaps; before is put before each of their names."""
        return {
            f"{before}day": self.number.replace("{n}", str(at.day)),
            f"{before}dd": f"{at.day:02}",
            f"{before}month": months[at.month - 1],
            f"{before}mm": f"{at.month:02}",
            f"{before}year": str(at.year),
        }


class Texts:
    """Interface strings by name.

    Attributes:
        calendar: how days are written.
    """

    __slots__ = ("_rule", "_words", "calendar")

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = {**SAID, **words}
        self._rule = RULES[words.get("plural_rule", "english")]
        self.calendar = Calendar({**WRITTEN, **words})

    def __getitem__(self, name: str) -> str:
        """A text as it stands.

        Raises:
            KeyError: the theme's texts lack it, which is the theme's bug.
        """
        return self._words[name]

    def instead(self, row: MessageRow, name: str) -> str:
        """What stands for what a message lacks: a text, or that it is withdrawn."""
        return self._words["withdrawn_title" if row.withdrawn else name]

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
        """A part of a whole: "12.3%"."""
        return self._words.get("percent", "{n}%").replace("{n}", self._tenths(100 * part))

    def octets(self, size: int) -> str:
        """A size: "412 B", "3.4 KB", "1.2 MB"."""
        if size < 1000:
            return f"{size}\N{NO-BREAK SPACE}B"
        amount, unit = (size / 1000, "KB") if size < 999_950 else (size / 1_000_000, "MB")
        return f"{self._tenths(amount)}\N{NO-BREAK SPACE}{unit}"

    def _tenths(self, amount: float) -> str:
        whole, _, tenth = f"{amount:.1f}".partition(".")
        return f"{self.number(int(whole))}{self._words.get('decimal', '.')}{tenth}"

    def meaning(self, code: str) -> str:
        """What a defect means; its code where that is none of ours."""
        return self._words.get(_meaning(code), code)

    def names(self) -> frozenset[str]:
        """The names of all texts."""
        return frozenset(self._words)


WRITTEN = {
    "months": "January, February, March, April, May, June, July, August, September,"
    " October, November, December",
    "short_months": "Jan, Feb, Mar, Apr, May, Jun, Jul, Aug, Sep, Oct, Nov, Dec",
    "day_number": "{n}",
    "date_long": "{day} {month} {year}",
    "date_short": "{day} {month} {year}",
    "date_timed": "{date}, {time} UTC",
    "month_of_year": "{month} {year}",
    "days_in_month": "{day}\N{EN DASH}{to_day} {month} {year}",
    "days_in_year": "{day} {month} \N{EN DASH} {to_day} {to_month} {year}",
    "days_apart": "{first} \N{EN DASH} {last}",
}
"""How English writes days; texts.toml says the same."""

ENGLISH = Texts({})
"""The calendar of whoever has no texts at hand."""

_DAY = frozenset({"day", "dd", "month", "mm", "year"})
_DAYS = _DAY | {f"to_{name}" for name in _DAY}
_GAPS = {
    "date_long": _DAY,
    "date_short": _DAY,
    "month_of_year": frozenset({"month", "mm", "year"}),
    "days_in_month": _DAYS,
    "days_in_year": _DAYS,
}
_GAP = re.compile(r"\{([^{}]*)\}")


def unfit(name: str, text: str, ours: str) -> str:
    """What is wrong with a text that stands for ours, in words; "" when nothing is.

    A gap that nothing fills would stop every page it is on.
    """
    known = _GAPS.get(name, frozenset(_GAP.findall(ours)))
    for gap in _GAP.findall(text):
        if gap not in known:
            return f"nothing fills {{{gap}}}"
    if known and re.search(r"[{}]", _GAP.sub("", text)):
        return "a brace stands alone"
    if name in {"months", "short_months"} and text.count(", ") != 11:
        return "twelve names are wanted, with ', ' between them"
    return ""
