"""Copies of the web pages that mail names, as a web archive keeps them.

Most links of an old list are dead. Where the keeper names a web archive, each link is
followed by one to the copy that was made nearest to the day of the mail.
"""

from __future__ import annotations

from posterity.render.html import attribute, escape
from posterity.render.links import Beside, nothing_beside
from posterity.render.moments import moment
from posterity.render.press import Press
from posterity.rows import MessageRow

_KEPT = ("http://", "https://", "ftp://")
_SIGNS = str.maketrans("", "", "-:TZ")


def copies_of(press: Press, row: MessageRow) -> Beside:
    """What stands behind each link of a message: the way to the copy of its day."""
    form = press.settings.web_archive
    at = moment(row.utc) if form else None
    if at is None:
        return nothing_beside
    words = escape(press.texts["web_copy"])
    form = form.replace("{timestamp}", at.iso.translate(_SIGNS))

    def beside(url: str) -> str:
        if not url.lower().startswith(_KEPT):
            return ""
        href = attribute(form.replace("{url}", url))
        rel = "nofollow noopener ugc"
        return f' <a class="copy" href="{href}" rel="{rel}">{words}</a>'

    return beside
