"""The JSON API, version 1: plain values of desk and question; openapi.py describes them."""

from __future__ import annotations

import re
from typing import Any, Final

from posterity.masking import masked_text
from posterity.render import urls
from posterity.render.found import found_as_json
from posterity.render.moments import moment
from posterity.render.plaintext import text_of
from posterity.rows import MessageRow, TreeNode
from posterity.serve.asking import Question, found
from posterity.serve.desk import Desk, Desks

VERSION: Final = 1
MOST_TEXT: Final = 1_000_000
"""Characters of a message's text; a longer one is cut, and says so."""
MOST_NODES: Final = 10_000
"""Messages of a thread that are listed."""
HASH: Final = re.compile(r"[0-9a-f]{64}")

Value = dict[str, Any]


class WithdrawnError(Exception):
    """Its keeper withdrew it: there is nothing to tell of it."""


def archive_value(desk: Desk) -> Value:
    """What the archive is."""
    facts = desk.reader.facts()
    first, last = moment(facts.first), moment(facts.last)
    return {
        "version": VERSION,
        "title": desk.settings.title,
        "description": desk.settings.description,
        "messages": facts.messages,
        "threads": facts.threads,
        "people": facts.people,
        "first": first.iso if first else None,
        "last": last.iso if last else None,
    }


def search_value(desks: Desks, desk: Desk, asked: Question) -> Value:
    """The answer to a search."""
    answer, hits = found(desks, desk, asked)
    return {"version": VERSION, "query": asked.query, **found_as_json(answer, hits)}


def message_value(desk: Desk, digest: str) -> Value | None:
    """One message; None where there is none.

    Raises:
        WithdrawnError: it was there once.
    """
    key = desk.lookup.message(digest) if HASH.fullmatch(digest) else None
    if key is None:
        return None
    row = desk.reader.message(key)
    if row.withdrawn:
        raise WithdrawnError
    body = text_of(desk.reader, key, desk.settings.charset)
    text = masked_text("\n".join(body.lines), desk.settings.addresses)
    return {
        "version": VERSION,
        **_row_value(row, desk),
        "message_ids": desk.lookup.message_ids(key),
        "raw_date": row.raw_date,
        "raw_url": urls.raw(row.digest) if desk.settings.raw == "messages" else None,
        "attachments": [
            {
                "name": one.filename,
                "type": one.media_type,
                "size": one.size,
                "url": urls.attachment(one.digest, one.media_type),
            }
            for one in desk.reader.attachments(key)
        ],
        "text": text[:MOST_TEXT],
        "complete": len(text) <= MOST_TEXT,
    }


def thread_value(desk: Desk, digest: str) -> Value | None:
    """A thread, its messages in reading order; by the hash of any of them."""
    key = desk.lookup.thread(digest) if HASH.fullmatch(digest) else None
    if key is None:
        return None
    nodes = desk.reader.tree(key)[:MOST_NODES]
    root = desk.lookup.thread_root(digest)
    return {
        "version": VERSION,
        "thread": root,
        "url": urls.thread(root),
        "nodes": [_node_value(node, desk) for node in nodes],
    }


def _node_value(node: TreeNode, desk: Desk) -> Value:
    """A place in a thread; of a withdrawn message nothing but the place."""
    row = node.message
    withdrawn = row is not None and row.withdrawn
    return {
        "message": _row_value(row, desk) if row and not withdrawn else None,
        "message_id": node.ghost if row is None else None,
        "withdrawn": withdrawn,
        "parent": node.parent if node.parent >= 0 else None,
        "depth": node.depth,
        "evidence": node.evidence.value if node.evidence else None,
        "strength": node.strength,
    }


def person_value(desk: Desk, slug: str) -> Value | None:
    """A person; their messages are a search for person:slug."""
    person = desk.reader.person(slug)
    if person is None:
        return None
    first, last = moment(person.first), moment(person.last)
    return {
        "version": VERSION,
        "person": person.slug,
        "name": person.name,
        "url": urls.quote(urls.person(person.slug)),
        "messages": person.posts,
        "first": first.iso if first else None,
        "last": last.iso if last else None,
    }


def months_value(desk: Desk) -> Value:
    """Every month of the list's life."""
    return {
        "version": VERSION,
        "months": [
            {
                "month": count.month,
                "url": urls.month(count.month),
                "messages": count.messages,
                "threads": count.threads,
                "people": count.people,
            }
            for count in desk.reader.months()
        ],
    }


def _row_value(row: MessageRow, desk: Desk) -> Value:
    at = moment(row.utc)
    return {
        "hash": row.digest,
        "url": urls.quote(urls.message(row)),
        "subject": masked_text(row.subject, desk.settings.addresses),
        "from": row.author,
        "person": row.person,
        "date": at.iso if at else None,
        "date_evidence": row.date_evidence.value,
        "thread": row.thread or row.digest,
        "size": row.size,
    }
