"""Ready citations of a message: plain text, BibTeX, RIS, CSL-JSON.

Sources: BibTeX's btxdoc (@misc); the RIS specification (Clarivate, 2011; type ICOMM);
CSL 1.0.2, appendix III (type "post": to a mailing list).
"""

from __future__ import annotations

import re
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import NamedTuple

from posterity.render import urls
from posterity.render.html import clip, visible
from posterity.render.moments import moment
from posterity.render.press import Press
from posterity.rows import MessageRow

_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)

_TEX_SIGNS = re.compile(r"[\\{}$&#%_~^]")


class Citation(NamedTuple):
    """One message cited in four forms; nothing in them acts unseen (`html.visible`)."""

    text: str
    bibtex: str
    ris: str
    csl: str


class _Alike(NamedTuple):
    """What is alike in all citations of a site: the list's title, and the words around."""

    title: str
    tex_title: str
    json_title: str
    words: str


def citation(press: Press, row: MessageRow) -> Citation:
    """Cite a message; what is unknown is left out."""
    author = visible(press.author(row, 200))
    subject = visible(press.subject(row, 300))
    title, tex_title, json_title, words = _alike(
        press.settings.title, press.texts["citation"]
    )
    at = moment(row.utc, press.texts.calendar)
    url = visible(press.absolute(urls.message(row)))
    where = url or f"sha256:{row.digest}"
    day = visible(at.day if at else press.texts["undated"])
    text = words.format(author=author, subject=subject, title=title, day=day, where=where)
    tex_date = ris_date = csl_date = ""
    if at:
        year, month, day_of_month = at.iso[:10].split("-")
        tex_date = f"  year = {{{year}}},\n  month = {{{int(month)}}},\n"
        csl_date = (
            f'"issued":{{"date-parts":[[{int(year)},{int(month)},{int(day_of_month)}]]}},'
        )
        ris_date = f"PY  - {year}\nDA  - {year}/{month}/{day_of_month}\n"
    # a URL of ours spells the hash
    tex_where = f"url = {{{url}}}" if url else f"note = {{SHA-256 {row.digest}}}"
    ris_where = f"UR  - {url}" if url else f"N1  - SHA-256 {row.digest}"
    bibtex = (
        f"@misc{{{row.digest[:12]},\n"
        f"  author = {{{{{_tex(author)}}}}},\n"
        f"  title = {{{{{_tex(subject)}}}}},\n"
        f"  howpublished = {{{tex_title}}},\n"
        f"{tex_date}  {tex_where}\n}}"
    )
    ris = (
        f"TY  - ICOMM\nAU  - {author}\nTI  - {subject}\nT2  - {title}\n"
        f"{ris_date}{ris_where}\nER  - "
    )
    csl = (
        f'{{"id":"{row.digest[:12]}","type":"post","title":{quoted(subject)},'
        f'"author":[{{"literal":{quoted(author)}}}],'
        f'"container-title":{json_title},{csl_date}'
        f'"{"URL" if url else "note"}":{quoted(where)}}}'
    )
    return Citation(text, bibtex, ris, csl)


@lru_cache(maxsize=8)
def _alike(title: str, words: str) -> _Alike:
    title = visible(clip(title, 200))
    return _Alike(title, _tex(title), quoted(title), visible(words))


def _tex(text: str) -> str:
    """A text in which TeX finds no command of its own."""
    return text.translate(_TEX) if _TEX_SIGNS.search(text) else text
