"""The interface in other languages, and in a keeper's own words and looks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import posterity.render
from posterity.config import Settings
from posterity.errors import ConfigError
from posterity.render.moments import moment, month_title, span
from posterity.render.pages import Renderer
from posterity.render.press import Frame, Press
from posterity.render.texts import RULES, SAID, WRITTEN, Texts
from posterity.render.theme import Theme
from posterity.render.urls import Links

Make = Callable[..., Any]
FOLDER = Path(posterity.render.__file__).parent
ENGLISH = {**tomllib.loads((FOLDER / "texts.toml").read_text("utf-8")), **SAID}
GERMAN = tomllib.loads((FOLDER / "texts.de.toml").read_text("utf-8"))
LISTS = {
    ", ": ("months", "short_months", "weekdays", "weekdays_short"),
    "; ": ("reply_classes",),
}
BRACES = re.compile(r"\{\w+\}")
AMERICAN = {
    "date_long": "{month} {day}, {year}",
    "date_short": "{month} {day}, {year}",
    "days_in_month": "{month} {day}\N{EN DASH}{to_day}, {year}",
    "days_in_year": "{month} {day} \N{EN DASH} {to_month} {to_day}, {year}",
}
BY_DIGITS = {
    "date_short": "{year}-{mm}-{dd}",
    "month_of_year": "{year}, {month}",
    "days_in_month": "{year}-{mm}-{dd}/{to_dd}",
    "days_in_year": "{year}-{mm}-{dd}/{to_mm}-{to_dd}",
}
DAY = 86_400
FOURTH = 849718849
"""4 December 1996, 17:00:49 UTC."""


def test_german_says_everything() -> None:
    """The same names in the same order; the same gaps to fill; lists of one length."""
    assert list(ENGLISH) == list(GERMAN)
    for name, text in ENGLISH.items():
        assert set(BRACES.findall(text)) == set(BRACES.findall(GERMAN[name])), name
    for mark, names in LISTS.items():
        for name in names:
            assert ENGLISH[name].count(mark) == GERMAN[name].count(mark), name


def test_a_german_site_has_no_english_words(bench: Make, write: Make, hold: Make) -> None:
    """Every text that differs is German on the page; numbers and days too."""
    made = bench(
        write("Wer hat Öl?\n"),
        hold(write("Ich.\n", number=2, day=2), parent=0),
        language="de",
    )
    theme = Theme.load(language="de")
    german = Renderer(made.reader, made.renderer.press.settings, theme)
    pages = {
        file.path: file.content.decode()
        for file in (
            german.home(),
            german.stats(),
            german.about(),
            *german.thread_files(0),
        )
        if file.path.endswith(".html")
    }
    text = " ".join(re.sub(r"<[^>]+>", " ", page) for page in pages.values())

    assert '<html lang="de">' in pages["index.html"]
    assert "Die längsten Gespräche" in pages["index.html"]
    [thread] = (page for path, page in pages.items() if path.startswith("thread/"))
    assert "1.\N{EN DASH}2. März 1994" in pages["index.html"]
    assert "1.\N{EN DASH}2. März 1994" in thread
    assert "100,0\N{NO-BREAK SPACE}%" in pages["about/index.html"]
    for word in ("Messages", "People", "Search", "March", "replies", "day of"):
        assert not re.search(rf"\b{word}\b", text), word


def test_numbers_and_days_are_written_as_the_language_has_them() -> None:
    """Thousands, decimals, the number of a day, spans."""
    texts = Texts(GERMAN)

    assert "2.345 Nachrichten" == texts.count("messages", 2345)
    assert "12,5\N{NO-BREAK SPACE}%" == texts.share(0.125)
    assert "1.234,5\N{NO-BREAK SPACE}MB" == texts.octets(1_234_500_000)
    assert "4. Dezember 1996" == moment(849718849, texts.calendar).day  # type: ignore[union-attr]
    assert "4.\N{EN DASH}9. Dez. 1996" == span(849718849, 850150849, "", texts.calendar)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            {},
            (
                "4 December 1996",
                "4\N{EN DASH}9 Dec 1996",
                "28 Nov \N{EN DASH} 4 Dec 1996",
                "4 Dec 1996 \N{EN DASH} 3 Jan 1997",
                "December 1996",
            ),
        ),
        (
            AMERICAN,
            (
                "December 4, 1996",
                "Dec 4\N{EN DASH}9, 1996",
                "Nov 28 \N{EN DASH} Dec 4, 1996",
                "Dec 4, 1996 \N{EN DASH} Jan 3, 1997",
                "December 1996",
            ),
        ),
        (
            BY_DIGITS,
            (
                "4 December 1996",
                "1996-12-04/09",
                "1996-11-28/12-04",
                "1996-12-04 \N{EN DASH} 1997-01-03",
                "1996, December",
            ),
        ),
    ],
    ids=["day first", "month first", "digits"],
)
def test_dates_in_other_orders(words: dict[str, str], expected: tuple[str, ...]) -> None:
    """A day, spans of days within a month, within a year, over years, and a month."""
    calendar = Texts(words).calendar
    at = moment(FOURTH, calendar)
    assert at is not None

    assert expected == (
        at.day,
        span(FOURTH, FOURTH + 5 * DAY, "", calendar),
        span(FOURTH - 6 * DAY, FOURTH, "", calendar),
        span(FOURTH, FOURTH + 30 * DAY, "", calendar),
        month_title("1996/12", "", calendar),
    )


def test_english_days_are_said_alike_in_file_and_code() -> None:
    """Whoever has no texts at hand writes days as texts.toml has them."""
    assert {name: ENGLISH[name] for name in WRITTEN} == WRITTEN


def test_defects_and_search_fields_are_in_the_language_of_the_site(
    bench: Make, write: Make
) -> None:
    """On the about page, on a message's page, in the help of the search page."""
    made = bench(write("Öl?\n"), language="de")
    made.reader.odd[0] = [("no-date", "", "")]
    theme = Theme.load(language="de")
    german = Renderer(made.reader, made.renderer.press.settings, theme)
    pages = (german.about(), german.message_page(0), german.search())
    texts = [page.content.decode() for page in pages]

    assert all("Ein Feld Date fehlt." in text for text in texts[:2])
    assert "Wörter des Betreffs." in texts[2]
    for said in SAID.values():
        assert not any(said in text for text in texts)


def test_the_english_of_defects_is_the_code_s_own() -> None:
    """A theme may say them otherwise; the code's own words serve where none does."""
    assert "There is no Date field." == Texts({}).meaning("no-date")
    assert "No day." == Texts({"defect_no_date": "No day."}).meaning("no-date")
    assert "of-another-version" == Texts({}).meaning("of-another-version")


@pytest.mark.parametrize(
    ("rule", "forms"),
    [
        ("english", "many one many many many many many"),
        ("french", "one one many many many many many"),
        ("slavic", "many one few many many one few"),
        ("polish", "many one few many many many few"),
        ("czech", "many one few many many many many"),
        ("none", "many many many many many many many"),
    ],
)
def test_plural_rules(rule: str, forms: str) -> None:
    """The form that 0, 1, 2, 5, 12, 21 and 22 take (CLDR)."""
    assert forms.split() == [RULES[rule](n) for n in (0, 1, 2, 5, 12, 21, 22)]


def test_a_form_that_is_missing_is_the_one_for_many() -> None:
    """A translation need not have a form for few where it would be the same."""
    texts = Texts({"plural_rule": "slavic", "x_one": "{n} a", "x_many": "{n} b"})

    assert ["1 a", "2 b", "5 b"] == [texts.count("x", n) for n in (1, 2, 5)]


def test_a_language_without_words_is_refused() -> None:
    """Pages would say they are in it, and be in English (WCAG 3.1.1)."""
    with pytest.raises(ConfigError) as raised:
        Theme.load(language="fr")

    assert "there are no words in 'fr'; a theme's texts.toml may bring them" in str(
        raised.value
    )


def dressed(folder: Path, **files: str) -> Path:
    """A theme's folder; `__` in a name stands for a slash, the last `_` for a dot."""
    for name, text in files.items():
        path = folder / ".".join(name.replace("__", "/").rsplit("_", 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def test_a_theme_changes_what_it_names_and_nothing_else(
    tmp_path: Path, bench: Make
) -> None:
    """Its templates, words and style stand for ours; the rest is as it was."""
    folder = dressed(
        tmp_path,
        texts_toml='archive = "Log"\n',
        templates__mast_html="<p>{{ t.archive }}</p>",
        static__theme_css=":root { --accent: #123456; }",
        static__lamp_svg="<svg/>",
        templates__not_found_html='<img src="{{ asset("lamp.svg") }}">',
        README_md="Mine.",
    )
    ours, own = Theme.load(), Theme.load(tmp_path)
    before = dict(ours.static)[ours.asset("posterity.css")]

    assert "<p>Log</p>" == own.page("mast.html", {})
    assert ours.texts["people_title"] == own.texts["people_title"]
    assert dict(own.static)[own.asset("posterity.css")] == (
        before + b"\n:root { --accent: #123456; }"
    )
    press = Press(bench().reader, Settings(), own)
    link = press.print(
        "not_found.html", Frame("a/b.html", "", "note"), Links("a/b.html"), ""
    )
    assert f'"../static/{own.asset("lamp.svg")}"' in link.content.decode()
    assert ours.asset("search.js") == own.asset("search.js")
    assert folder == tmp_path
    with pytest.raises(KeyError):
        own.asset("theme.css")


def test_a_theme_brings_a_language(tmp_path: Path) -> None:
    """Words of a language that we have none of."""
    dressed(tmp_path, texts_toml='plural_rule = "french"\nmessages_one = "{n} lettre"\n')

    assert "0 lettre" == Theme.load(tmp_path, "fr").texts.count("messages", 0)


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        (
            {"templates__mesage_html": "x"},
            "templates/mesage.html: no page uses it; did you mean 'templates/message.html'?",
        ),
        ({"texts_toml": 'archiv = "x"'}, "unknown text 'archiv'; did you mean 'archive'?"),
        ({"texts_toml": "archive = 3"}, "archive must be a text in quotes, not 3"),
        ({"texts_toml": "archive"}, "texts.toml: not TOML: "),
        ({"texts_toml": 'plural_rule = "x"'}, "plural_rule must be one of english, "),
        ({"texts_toml": 'date_long = "{dey}"'}, "date_long: nothing fills {dey}"),
        ({"texts_toml": 'messages_few = "{m}"'}, "messages_few: nothing fills {m}"),
        ({"texts_toml": 'part_of = "{n} of {all"'}, "part_of: a brace stands alone"),
        ({"texts_toml": 'months = "Jan, Feb"'}, "months: twelve names are wanted"),
        ({"texts_toml": 'defect_no_dat = "x"'}, "did you mean 'defect_no_date'?"),
        ({"templates__mast_html": "{% if %}"}, "theme: templates/mast.html, line 1: "),
        ({"templates__mast_html": "{{ t.nope }}"}, "names an unknown text: nope"),
    ],
)
def test_what_would_do_nothing_is_refused(
    tmp_path: Path, files: dict[str, str], complaint: str
) -> None:
    """A misspelt name is told, with the nearest that is known."""
    with pytest.raises(ConfigError) as raised:
        Theme.load(dressed(tmp_path, **files))

    assert complaint in str(raised.value)


def test_the_settings_name_a_folder_beside_them(tmp_path: Path) -> None:
    """A theme lies in the archive's folder, or anywhere; one that is not there is told."""
    dressed(tmp_path / "mine", texts_toml='archive = "Log"\n')

    assert "Log" == Theme.chosen(Settings(theme="mine"), tmp_path).texts["archive"]
    with pytest.raises(ConfigError, match="theme: no such folder: "):
        Theme.chosen(Settings(theme="other"), tmp_path)
