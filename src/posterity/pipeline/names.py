"""Words that are taken out, in what relate wrote: names, spellings, reasons, slugs."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict

from posterity.pipeline.plan import Plan
from posterity.pipeline.rules import Passage, Rule, rule_of, taken_out
from posterity.relate.slugs import slug
from posterity.store.amended import set_texts, texts


def without_words(database: sqlite3.Connection, plan: Plan) -> dict[str, set[int]]:
    """Take words out of everything that relate wrote; inside a transaction.

    Lines of a body stand in none of it. A person whose address spells such words gets
    another: their name without them, and eight digits of a digest.

    Returns:
        By table, the first key of each row from which words were taken.
    """
    rules = _rules(plan)
    changed_in: dict[str, set[int]] = defaultdict(set)
    if not rules:
        return changed_in
    slugs = {
        slug: number for number, slug in database.execute("SELECT id, slug FROM person")
    }
    for table, keys, columns, row in texts(database):
        values = row[len(keys) :]
        changed = tuple(taken_out(value, rules) for value in values)
        if changed == values:
            continue
        if table == "spelling":
            _rename(database, slugs, row[0], changed[0])
        set_texts(database, table, keys, columns, row, changed)
        changed_in[table].add(row[0])
    return changed_in


def _rules(plan: Plan) -> list[Rule]:
    rules = [rule_of(entry) for entry, _ in plan.redactions if not entry.part]
    return [rule for rule in rules if not isinstance(rule, Passage)]


def _rename(
    database: sqlite3.Connection, slugs: dict[str, int], written: str, changed: str
) -> None:
    """Give the person whose slug is that of a spelling one that spells less."""
    number = slugs.get(slug(written))
    if number is None:
        return
    digest = hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
    name = f"{slug(changed).strip('_') or 'person'}-{digest[:8]}"
    database.execute("UPDATE person SET slug = ? WHERE id = ?", (name, number))
