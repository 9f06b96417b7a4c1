"""HTML mail as text: what a person would read of it, whatever its state."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.parse.htmltext import plain_text

Linear = Callable[..., None]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>It   rains\nhere.</p><p>Bye.</p>", "It rains here.\n\nBye."),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<b>Do</b>n't <i>go</i>, Ann", "Don't go, Ann"),
        ("1 &lt; 2 &amp; 3 &eacute;&#233;&#xE9; &nosuch; &", "1 < 2 & 3 ééé &nosuch; &"),
        ("<ul><li>coat<li>hat</ul>", "* coat\n* hat"),
        ("<ol start=3><li>coat</li><li>hat</li></ol>", "3. coat\n4. hat"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "* a\n  * b\n* c"),
        (
            "He said<blockquote><p>rain</p><blockquote>snow</blockquote></blockquote>No.",
            "He said\n\n> rain\n>\n> > snow\n\nNo.",
        ),
        ("<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc"),
        ("<h1>Rain</h1>and wind", "Rain\n\nand wind"),
        ("a<hr>b", "a\n\n--------------------\n\nb"),
        (
            "<table><tr><th>year<th>rain</tr><tr><td>1993</td><td>much</td></tr></table>",
            "year  rain\n1993  much",
        ),
        ("<style>p {color: red}</style><script>alert('x')</script>rain", "rain"),
        ("<title>Rain</title><!-- no --><!DOCTYPE html><?php x?>rain", "rain"),
        ("<img src=x alt='a cloud'> and <img src=y>", "[a cloud] and"),
        ("a&nbsp;b\xa0c\xadd", "a b cd"),
        ("", ""),
    ],
)
def test_elements_become_text(source: str, text: str) -> None:
    """Paragraphs, lines, lists, quotes, tables and references read as in a letter."""
    assert plain_text(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('<a href="http://example.org/r">rain</a>.', "rain <http://example.org/r>."),
        ("<a href=http://example.org/>http://example.org</a>", "http://example.org"),
        ("<a href='mailto:ann@example.org'>ann@example.org</a>", "ann@example.org"),
        ('<a href="http://example.org/"><img src=x></a>', "<http://example.org/>"),
        ("<a name=top>rain</a> <a href='#top'>up</a>", "rain up"),
        ("<a href='javascript:alert(1)'>rain</a>", "rain"),
        (
            "<a HREF = 'https://example.org/?a=1&amp;b=2'>x</a>",
            "x <https://example.org/?a=1&b=2>",
        ),
        ("<a href=http://example.org/a>one<a href=http://example.org/b>two", None),
    ],
)
def test_links_show_where_they_lead(source: str, text: str | None) -> None:
    """The address stands behind the words, unless the words are the address."""
    expected = text or "one <http://example.org/a> two <http://example.org/b>"
    assert plain_text(source).replace(">two", "> two") == expected


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<ann@example.org", "<ann@example.org"),
        ('<a href="http://example.org/>rain</a> snow', "rain <http://example.org/> snow"),
        ("<!-- never closed <p>rain", "rain"),
        ("<script>never closed rain</p> snow", "never closed rain\n\nsnow"),
        ("</blockquote></ul></pre></a>rain<li>snow", "rain\n* snow"),
        ("a <>b</> c", "a <>b</> c"),
        ("<p title='a > b'>rain", "rain"),
        ("&#99999999999; &#xD800; &#0;", "\ufffd9999; \ufffd \ufffd"),
    ],
)
def test_broken_html_loses_no_words(source: str, text: str) -> None:
    """What is not HTML after all is text."""
    assert plain_text(source) == text


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *("<p>", "</p>", "<br>", "<a href='http://e.org'>", "</a>", "<li>", "<ul>"),
                *(
                    "</ul>",
                    "<ol>",
                    "<pre>",
                    "</pre>",
                    "<blockquote>",
                    "</blockquote>",
                    "<td>",
                ),
                *(
                    "<tr>",
                    "<",
                    ">",
                    "'",
                    '"',
                    "<!--",
                    "-->",
                    "<script>",
                    "</script>",
                    "&amp;",
                ),
                *(
                    "&#",
                    "&#x41;",
                    "<a ",
                    "word",
                    " ",
                    "\n",
                    "<img alt='x'>",
                    "<hr>",
                    "</",
                    "<!",
                ),
            ]
        )
        | st.text(max_size=5)
    ).map("".join)
)
def test_p23_any_text_is_read(source: str) -> None:
    """P23: any string gives lines without tags we know, and never raises."""
    text = plain_text(source)
    assert "\r" not in text or "\r" in source
    assert len(text) <= 30 * len(source) + 100


BOMBS = {
    "nested": "<div>",
    "nested quotes": "<blockquote>x<p>",
    "nested lists": "<ul><li>x",
    "unclosed comments": "<!--",
    "unclosed scripts": "<script>",
    "unclosed tags": "<a ",
    "unclosed quotes": '<a href="',
    "quotes in tags": '<a x">"',
    "links": "<a href=http://example.org/>x",
    "references": "&#9999999999",
    "ampersands": "&",
    "named": "&abcdefghijklmnop",
    "lesser": "<",
    "greater": ">",
    "ends": "</p>",
    "blanks": " ",
    "cells": "<td>",
    "breaks": "<br>",
    "pre": "<pre>x\n",
}


@pytest.mark.parametrize("name", BOMBS)
def test_d4_d5_time_is_linear(linear: Linear, name: str) -> None:
    """D4, D5: twice the bomb takes about twice as long."""
    linear(lambda size: BOMBS[name] * size + ">", plain_text, 10_000)


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (lambda n: "<div>" * n + "rain" + "</div>" * n, 25_000),
        (lambda n: "<blockquote>" * n + "rain", 25_000),
        (lambda n: "<a " + " ".join(f"a{k}=v" for k in range(n)) + ">rain</a>", 25_000),
        (lambda n: "<p title='" + "x" * n + "'>rain", 500_000),
        (lambda n: "<a href='" + "x" * n + "'>rain</a>", 500_000),
        (lambda n: "<a " + "a" * n + ">rain", 500_000),
        (lambda n: "<a" + " " * n + ">rain", 500_000),
    ],
    ids=["divs", "quotes", "attributes", "title", "href", "name", "blanks"],
)
def test_d4_deep_and_wide_html_costs_what_it_weighs(
    linear: Linear, make: Callable[[int], str], size: int
) -> None:
    """D4: 50,000 nested elements, 50,000 attributes, attributes of 1 MB: the text comes."""
    assert "rain" == plain_text(make(2 * size)).strip(">\n ")
    linear(make, plain_text, size)
