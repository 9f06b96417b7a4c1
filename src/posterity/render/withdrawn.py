"""The page at the address of a message that its keeper withdrew."""

from __future__ import annotations

from posterity.render import urls
from posterity.render.outline import Outline
from posterity.render.press import File, Frame, Press, Step
from posterity.rows import MessageRow


def withdrawn_page(press: Press, outline: Outline, row: MessageRow) -> File:
    """When and why it was withdrawn; for the tail of another message, the way there."""
    path = urls.message(row)
    links = urls.Links(path)
    amendment = press.reader.amendment(row.key)
    assert amendment is not None, "the row says that it was amended"
    if amendment.kind == "joined":
        for at in outline.places:
            if outline.row(at).digest == amendment.other:
                return _moved(press, path, urls.message(outline.row(at)))
    thread = None
    if outline.digest:
        at = outline.index[row.key]
        words = press.texts.count("whole_thread", len(outline.places))
        target = urls.thread(outline.digest, outline.part(at))
        thread = Step(links.to(target, urls.in_thread(row.digest)), words)
    page = {
        "when": amendment.since,
        "why": amendment.reason or press.texts["not_given"],
        "thread": thread,
    }
    trail = press.trail_to_month(links, row.month)
    title = press.texts["withdrawn_title"]
    frame = Frame(path, title, "note", trail, indexed=False)
    return press.print("withdrawn.html", frame, links, page)


def _moved(press: Press, old: str, new: str) -> File:
    links = urls.Links(old)
    frame = Frame(old, press.texts["moved_title"], "note", indexed=False)
    return press.print("moved.html", frame, links, links.to(new))


def note(press: Press, row: MessageRow) -> str:
    """What a reader of an amended copy should know; "" where nothing was done."""
    if not row.amended:
        return ""
    amendment = press.reader.amendment(row.key)
    words = press.texts["note_mended" if row.amended == "mended" else "note_redacted"]
    if amendment is None or not amendment.reason:
        return words
    return f"{words} {press.texts.fill('note_reason', why=amendment.reason)}"
