"""A text as a person reads it: quotes, folds, frames, anchors."""

from __future__ import annotations

import re
from collections.abc import Sequence

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.model import Body, CharsetSource, Segment, SegmentKind
from posterity.parse import parse_message
from posterity.parse.body import read_body
from posterity.render.addresses import Addresses
from posterity.render.body import (
    LONG_QUOTE,
    MAX_BLOCK,
    MAX_HTML,
    Context,
    fragment,
    without_anchors,
)
from posterity.render.texts import Texts
from posterity.render.theme import Theme
from posterity.rows import QuoteSpan

K = SegmentKind


def body(lines: Sequence[str], *segments: Segment, flowed: bool = False) -> Body:
    """A body whose segments tile its lines; own words where none are given."""
    held = segments or (Segment(K.OWN, 0, 1, len(lines), 0),)
    return Body(tuple(lines), held, "us-ascii", CharsetSource.ASCII, flowed, False, ())


@pytest.fixture(scope="module")
def texts(theme: Theme) -> Texts:
    """The words of the interface."""
    return theme.texts


@pytest.fixture(scope="module")
def context(texts: Texts) -> Context:
    """Nothing held, nothing masked."""
    return Context(texts, Addresses("show"), "raw/x.eml")


def test_every_line_has_its_anchor(context: Context) -> None:
    """Lines 1 to the last with words, each once, in order."""
    shown = fragment(body(["one", "", "two   columns", "> x", ""]), context)

    assert ["L1", "L2", "L3", "L4"] == re.findall(r'id="(L\d+)"', shown)


def test_anchors_can_be_left_off(context: Context) -> None:
    """A page of many messages has no line anchors, and all of the words."""
    shown = without_anchors(fragment(body(["one", "two"]), context))

    assert "<p>one<br>\ntwo</p>\n" == shown


def test_quotes_are_set_back_by_level(context: Context) -> None:
    """Marks are set apart from the words, the level is on the quotation."""
    lines = [">> deep", "> less"]
    found = fragment(
        body(lines, Segment(K.QUOTE, 2, 1, 1, 0), Segment(K.QUOTE, 1, 2, 2, 0)), context
    )

    assert (
        '<blockquote class="q2"><p><span id="L1"><b>&gt;&gt; </b>deep</span></p>' in found
    )
    assert '<blockquote class="q1"><p><span id="L2"><b>&gt; </b>less</span></p>' in found


@pytest.mark.parametrize(
    ("line", "way"),
    [("> \u05e9\u05dc\u05d5\u05dd", ' dir="auto"'), ("> Gr\u00fc\u00dfe", "")],
)
def test_a_quote_is_set_back_on_the_side_where_it_begins(
    context: Context, line: str, way: str
) -> None:
    """Right-to-left text has its bar on the right, under whatever line stands above."""
    quote = Segment(K.QUOTE, 1, 2, 2, 0)
    shown = fragment(
        body(["Yael wrote:", line], Segment(K.OWN, 0, 1, 1, 0), quote), context
    )

    assert f'<blockquote class="q1"{way}>' in shown


def test_long_quotes_are_folded(context: Context) -> None:
    """A quote of many lines is one line until it is opened, and says how many."""
    count = LONG_QUOTE + 1
    lines = [f"> {n}" for n in range(count)] + ["mine", "own", "words"]
    segments = Segment(K.QUOTE, 1, 1, count, 0), Segment(K.OWN, 0, count + 1, count + 3, 0)
    shown = fragment(body(lines, *segments), context)

    assert f'<details class="q"><summary><i>{count} lines quoted</i></summary>' in shown


def test_a_message_of_nothing_but_a_quote_is_open(context: Context) -> None:
    """There is nothing else to read."""
    lines = [f"> {n}" for n in range(40)]
    shown = fragment(body(lines, Segment(K.QUOTE, 1, 1, 40, 0)), context)

    assert '<details class="q" open>' in shown


def test_quotes_fold_where_the_quoted_message_stands_above(context: Context) -> None:
    """On a thread page an open quote may be folded."""
    lines = [f"> {n}" for n in range(6)] + ["mine"] * 9
    segments = Segment(K.QUOTE, 1, 1, 6, 0), Segment(K.OWN, 0, 7, 15, 0)
    shown = fragment(body(lines, *segments), context)

    assert '<details class="q" open>' in shown
    assert "open" not in without_anchors(shown, fold=True).split(">", 1)[0]


def test_a_quote_names_what_it_quotes(
    context: Context, bench: object, write: object
) -> None:
    """A quoted passage is followed by the way to the very line it quotes."""
    reader = bench(write()).reader  # type: ignore[operator]
    span = QuoteSpan(1, 1, reader.rows[0], 7)
    shown = fragment(
        body(["> Good morning."], Segment(K.QUOTE, 1, 1, 1, 0)),
        context._replace(quotes=[span]),
    )

    assert f"{reader.rows[0].digest}.html#L7" in shown
    assert "<bdi>Anna Weiss</bdi>, 1 Mar 1994</a>" in shown


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (K.PGP_SIGNATURE, "PGP signature, 3 lines"),
        (K.PGP_KEY, "PGP key, 3 lines"),
        (K.PGP_ENCRYPTED, "PGP encrypted text, 3 lines"),
        (K.UUENCODE, "uuencoded file, 3 lines"),
        (K.BASE64, "base64 text, 3 lines"),
    ],
)
def test_armour_is_folded_and_named(
    context: Context, kind: SegmentKind, words: str
) -> None:
    """A block nobody reads takes one line."""
    shown = fragment(body(["a", "b", "c"], Segment(kind, 0, 1, 3, 0)), context)

    assert shown.startswith(f'<details class="blk"><summary>{words}</summary>')


def test_huge_blocks_are_left_to_the_raw_message(context: Context) -> None:
    """A file of thousands of lines is named, and not on the page."""
    count = MAX_BLOCK + 1
    shown = fragment(body(["M"] * count, Segment(K.UUENCODE, 0, 1, count, 0)), context)

    assert "raw/x.eml" in shown
    assert "M\n" not in shown


def test_patches_are_coloured(context: Context) -> None:
    """Added and removed lines say so to whoever cannot see the colour."""
    lines = ["--- a", "+++ b", "@@ -1 +1 @@", "-old", "+new", " same"]
    shown = fragment(body(lines, Segment(K.PATCH, 0, 1, 6, 0)), context)

    assert "<del>-old</del>" in shown
    assert "<ins>+new</ins>" in shown
    assert "<b>--- a</b>" in shown


def test_forwarded_mail_is_framed(context: Context) -> None:
    """A mail within the mail stands in a frame, one within that in another."""
    lines = ["look", "From: x", "inside", "deeper", "mine again"]
    segments = (
        Segment(K.OWN, 0, 1, 1, 0),
        Segment(K.FORWARD_HEADER, 0, 2, 2, 1),
        Segment(K.OWN, 0, 3, 3, 1),
        Segment(K.OWN, 0, 4, 4, 2),
        Segment(K.OWN, 0, 5, 5, 0),
    )
    shown = without_anchors(fragment(body(lines, *segments), context))

    assert 2 == shown.count('<div class="fwd">')
    assert shown.endswith("<p>deeper</p>\n</div>\n</div>\n<p>mine again</p>\n")


def test_an_empty_text_is_said(context: Context) -> None:
    """Nothing is not shown as nothing."""
    assert "This message has no text." in fragment(body([]), context)


@pytest.mark.parametrize("line", ["x" * 20_000_000, "<" * 1_000_000, '"&' * 500_000])
def test_a_huge_line_is_capped(context: Context, line: str) -> None:
    """The page stays small and says where the rest is (D6)."""
    shown = fragment(body([line]), context)

    assert len(shown) < MAX_HTML + 1000
    assert "The text is longer than is shown here" in shown


def test_many_lines_are_capped(context: Context) -> None:
    """Two hundred thousand lines make a page of the allowed size (D6)."""
    lines = ["a line of some words & signs"] * 200_000
    shown = fragment(body(lines), context)

    assert len(shown) < 1.6 * MAX_HTML
    assert "The text is longer than is shown here" in shown


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=60)
LINES = st.lists(
    st.one_of(
        WORDS, st.sampled_from(["> quoted", ">> deep", "-- ", "</pre><script>", "a  |  b"])
    ),
    max_size=12,
)


@given(LINES)
@settings(max_examples=120, deadline=None)
def test_any_mail_is_text_on_the_page(lines: list[str]) -> None:
    """A strict parser finds no error and no element that is not ours."""
    octets = b"Subject: x\r\n\r\n" + "\r\n".join(lines).encode()
    message = parse_message(octets)
    theme = Theme.load() if not _THEMES else _THEMES[0]
    _THEMES.append(theme)
    shown = fragment(
        read_body(octets, message), Context(theme.texts, Addresses("show"), "raw/x.eml")
    )
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(
        f"<!doctype html><title>x</title><div>{shown}</div>".replace("\0", "")
    )
    names = {element.tag for element in tree.iter()}

    assert names <= OURS


_THEMES: list[Theme] = []
OURS = {
    "html",
    "head",
    "title",
    "body",
    "div",
    "p",
    "pre",
    "span",
    "a",
    "b",
    "i",
    "ins",
    "del",
    "br",
    "blockquote",
    "details",
    "summary",
    "bdi",
}
