"""Ready citations of a message: plain text, BibTeX, RIS.

Sources: BibTeX's btxdoc (@misc); the RIS specification (Clarivate, 2011; type ICOMM).
"""

from __future__ import annotations

import re
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
    """One message cited in three forms."""

    text: str
    bibtex: str
    ris: str


def citation(press: Press, row: MessageRow) -> Citation:
    """Cite a message; what is unknown is left out."""
    author = visible(press.author(row, 200))
    subject = visible(press.subject(row, 300))
    title = visible(clip(press.settings.title, 200))
    at = moment(row.utc)
    url = press.absolute(urls.message(row))
    where = url or f"sha256:{row.digest}"
    day = at.day if at else press.texts["undated"]
    text = f"{author}, \N{LEFT DOUBLE QUOTATION MARK}{subject}\N{RIGHT DOUBLE QUOTATION MARK}, {title}, {day}. {where}"
    bibtex = [
        f"@misc{{{row.digest[:12]},",
        f"  author = {{{{{_tex(author)}}}}},",
        f"  title = {{{{{_tex(subject)}}}}},",
        f"  howpublished = {{{_tex(title)}}},",
    ]
    ris = ["TY  - ICOMM", f"AU  - {author}", f"TI  - {subject}", f"T2  - {title}"]
    if at:
        year, month, day_of_month = at.iso[:10].split("-")
        bibtex += [f"  year = {{{year}}},", f"  month = {{{int(month)}}},"]
        ris += [f"PY  - {year}", f"DA  - {year}/{month}/{day_of_month}"]
    if url:
        bibtex.append(f"  url = {{{url}}},")
        ris.append(f"UR  - {url}")
    bibtex += [f"  note = {{SHA-256 {row.digest}}}", "}"]
    ris += [f"N1  - SHA-256 {row.digest}", "ER  - "]
    return Citation(text, "\n".join(bibtex), "\n".join(ris))


def _tex(text: str) -> str:
    """A text in which TeX finds no command of its own."""
    return text.translate(_TEX) if _TEX_SIGNS.search(text) else text
