"""A thread as a tree of lines: who, when, the first words, and why it hangs there.

The lines of a thread are made once and used on every page of it. A small thread is
shown whole; of a large one, a window around the message with the way up to the root.
Indentation stops at a depth that a phone can show; the order stays that of reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from posterity.model import Evidence
from posterity.render import urls
from posterity.render.addresses import Addresses
from posterity.render.html import clip, escape
from posterity.render.moments import moment
from posterity.render.texts import Texts
from posterity.rows import MessageRow, TreeNode

WHOLE = 40
"""A thread of at most so many places is shown whole."""

WINDOW = 12
"""Places shown before and after a message of a larger one."""

ANCESTORS = 6
"""Places shown on the way up to the root of a larger one."""

DEEPEST = 9
"""Levels that are set in; what lies deeper stands at this level."""

_INFERRED = {
    Evidence.PROSE: "evidence_prose",
    Evidence.QUOTE: "evidence_quote",
    Evidence.SUBJECT_AUTHOR: "evidence_subject_author",
    Evidence.SUBJECT: "evidence_subject",
    Evidence.COPY: "evidence_copy",
    Evidence.AMENDMENT: "evidence_amendment",
}
_DOTTED = frozenset({Evidence.QUOTE, Evidence.SUBJECT_AUTHOR, Evidence.SUBJECT})

_GAP = '<li class="gap"><p>\N{VERTICAL ELLIPSIS}</p>'
_TURNS = tuple("</li>\n" + "</ul></li>\n" * closed for closed in range(DEEPEST + 1))


def reason(node: TreeNode, texts: Texts) -> str:
    """Why a message hangs where it does, where its headers do not say; else ""."""
    if node.evidence is None or node.evidence not in _INFERRED:
        return ""
    return node.detail or texts[_INFERRED[node.evidence]]


class Tree:
    """The lines of one thread, as seen from the pages of one folder.

    Args:
        nodes: the thread in reading order.
        texts, addresses: of the site.
        links: of a page in the folder.
        anchors: link to places on the same page (a thread page's outline) instead.
    """

    def __init__(
        self,
        nodes: Sequence[TreeNode],
        texts: Texts,
        addresses: Addresses,
        links: urls.Links,
        *,
        anchors: bool = False,
    ) -> None:
        self._nodes = nodes
        self._texts = texts
        self._addresses = addresses
        self.links = links
        self._anchors = anchors
        self._items: dict[int, str] = {}
        self._halves: dict[int, tuple[str, str]] = {}
        self._whole: list[str] | None = None

    def around(self, index: int) -> str:
        """The tree as the page of one message shows it, that message marked.

        Args:
            index: of the message among the nodes.
        """
        nodes = self._nodes
        if len(nodes) == 1:
            return "".join(self._printed([0], index))
        if len(nodes) <= WHOLE:
            return self._all(index)
        first = max(0, index - WINDOW)
        shown = list(range(first, min(len(nodes), index + WINDOW + 1)))
        above: list[int] = []
        at = nodes[first].parent
        while at >= 0 and len(above) < ANCESTORS:
            above.append(at)
            at = nodes[at].parent
        if at >= 0 or (first and not above):
            above.append(0)
        return "".join(self._printed([*sorted(set(above) - set(shown)), *shown], index))

    def adopt(self, other: Tree, places: Sequence[int]) -> None:
        """Take over the lines of another tree, of messages that hang where they do there.

        Args:
            places: where each of our places stands in the other tree.
        """
        for index, place in enumerate(places):
            item = other._items.get(place)
            if item and self._nodes[index].parent >= 0:
                self._items[index] = item

    def part(self, indices: Sequence[int]) -> str:
        """The lines of some places, in order."""
        return "".join(self._printed(indices, -1))

    def _all(self, index: int) -> str:
        """A small thread, one line of it marked: the rest is printed once."""
        whole = self._whole
        if whole is None:
            whole = self._whole = self._printed(range(len(self._nodes)), -1)
        pieces = whole.copy()
        pieces[2 * index + 1] = self._item(index, here=True)
        return "".join(pieces)

    def _printed(self, indices: Iterable[int], current: int) -> list[str]:
        """Nested lists: before each line what opens or closes lists, and the last ends.

        A gap in the order is shown as a line of its own.
        """
        pieces: list[str] = []
        nodes, items = self._nodes, self._items
        depths: dict[int, int] = {}
        level = before = -1
        for index in indices:
            node = nodes[index]
            above = depths.get(node.parent)
            if above is not None:
                depth = above + 1 if above < DEEPEST else DEEPEST
            else:
                depth = min(1, node.depth) if node.parent >= 0 else 0
            depths[index] = depth
            if index > before + 1 and before >= 0:
                pieces += (_turn(level, depth), _GAP)
                level = min(depth, level + 1)
            before = index
            item = items.get(index) if index != current else None
            pieces.append(_turn(level, depth))
            pieces.append(item or self._item(index, here=index == current))
            level = min(depth, level + 1)
        pieces.append("</li>\n</ul>" * (level + 1))
        return pieces

    def _item(self, index: int, *, here: bool) -> str:
        """A line, not yet closed; one that is not marked is kept."""
        kind = self._kind(self._nodes[index], here)
        kind = f' class="{kind}"' if kind else ""
        item = f"<li{kind}><p>{self._make(index, here=here)}</p>"
        if not here:
            self._items[index] = item
        return item

    def _kind(self, node: TreeNode, current: bool) -> str:
        if node.message is None:
            return "ghost"
        kind = "dot" if node.evidence in _DOTTED else ""
        return f"{kind} here".strip() if current else kind

    def _make(self, index: int, *, here: bool) -> str:
        node = self._nodes[index]
        row = node.message
        if row is None:
            name = escape(self._addresses.text(clip(node.ghost, 60)))
            return f"<i>{escape(self._texts['not_held'])}</i> <code>{name}</code>"
        if row.withdrawn:
            return self._withdrawn(row, here=here)
        halves = self._halves.get(index)
        if halves is None:
            halves = self._halves[index] = self._who(row), self._rest(node, row)
        name, rest = halves
        if here:
            return f'<b aria-current="true">{name}</b>{rest}'
        if self._anchors:
            return f'<a href="#{urls.in_thread(row.digest)}">{name}</a>{rest}'
        return f'<a href="{self.links.to_message(row)}">{name}</a>{rest}'

    def _who(self, row: MessageRow) -> str:
        who = self._addresses.text(clip(row.author, 48) or self._texts["nobody"])
        return f"<bdi>{escape(who)}</bdi>"

    def _rest(self, node: TreeNode, row: MessageRow) -> str:
        """What stands behind the name: the same on the message's own page."""
        when = moment(row.utc, self._texts.calendar)
        day = (
            f'<time datetime="{when.iso}">{when.short}</time>'
            if when
            else f"<i>{escape(self._texts['undated'])}</i>"
        )
        why = escape(reason(node, self._texts))
        note = f" <small>{why}</small>" if why else ""
        return f" {day}{self._said(node, row)}{note}"

    def _withdrawn(self, row: MessageRow, *, here: bool) -> str:
        words = f"<i>{escape(self._texts['withdrawn_title'])}</i>"
        if here:
            return f'<b aria-current="true">{words}</b>'
        anchor = f"#{urls.in_thread(row.digest)}"
        href = anchor if self._anchors else self.links.to_message(row)
        return f'<a href="{href}">{words}</a>'

    def _said(self, node: TreeNode, row: MessageRow) -> str:
        """The subject where it changed, or the first own words."""
        parent = self._nodes[node.parent].message if node.parent >= 0 else None
        changed = node.parent >= 0 and (
            parent is not None and parent.base_subject != row.base_subject
        )
        if changed or node.parent < 0:
            return f" <cite>{escape(self._addresses.text(clip(row.subject, 70)))}</cite>"
        words = "" if self._anchors else clip(row.words, 70)
        return f" <q>{escape(self._addresses.text(words))}</q>" if words else ""


def _turn(level: int, depth: int) -> str:
    """What stands between a line at a level and the next, at most one deeper."""
    if depth > level:
        return '<ul class="tree">\n' if level < 0 else "\n<ul>\n"
    return _TURNS[level - depth]
