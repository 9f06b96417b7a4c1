"""The description of the JSON API, as OpenAPI 3.1; the fields come from the one table."""

from __future__ import annotations

from typing import Any, Final

from posterity import __version__
from posterity.fields import FIELDS
from posterity.query.parser import LONGEST_QUERY
from posterity.relate.slugs import MAX_SLUG_OCTETS
from posterity.serve.asking import MOST, PAGE
from posterity.store.search import Order

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_TEXT_OR_NONE: Final[Schema] = {"type": ["string", "null"]}
_NUMBER: Final[Schema] = {"type": "integer", "minimum": 0}
_TIME: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
_HASH: Final[Schema] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_VERSION: Final[Schema] = {"type": "integer", "const": 1}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_ROW: Final = {
    "hash": _HASH,
    "url": _TEXT,
    "subject": _TEXT,
    "from": _TEXT,
    "person": _TEXT,
    "date": _TIME,
    "date_evidence": _TEXT,
    "thread": _HASH,
}
_SCHEMAS: Final[Schema] = {
    "Error": _object(
        error=_object(why=_TEXT, place={"type": "integer", "minimum": 0}),
    ),
    "Archive": _object(
        version=_VERSION,
        title=_TEXT,
        description=_TEXT,
        messages=_NUMBER,
        threads=_NUMBER,
        people=_NUMBER,
        first=_TIME,
        last=_TIME,
    ),
    "Row": _object(**_ROW, size=_NUMBER),
    "Hit": _object(
        **_ROW,
        in_thread=_NUMBER,
        attachments=_NUMBER,
        snippet=_list(_object(text=_TEXT, hit={"type": "boolean"})),
    ),
    "Search": _object(
        version=_VERSION,
        query=_TEXT,
        total=_NUMBER,
        threads=_NUMBER,
        order={"type": "string", "enum": [order.value for order in Order]},
        cursor=_TEXT,
        years=_list(_object(year=_NUMBER, messages=_NUMBER)),
        people=_list(_object(person=_TEXT, name=_TEXT, messages=_NUMBER)),
        hits=_list(_reference("Hit")),
    ),
    "Message": _object(
        version=_VERSION,
        **_ROW,
        size=_NUMBER,
        message_ids=_list(_TEXT),
        raw_date=_TEXT,
        raw_url=_TEXT_OR_NONE,
        attachments=_list(_object(name=_TEXT, type=_TEXT, size=_NUMBER, url=_TEXT)),
        text=_TEXT,
        complete={"type": "boolean"},
    ),
    "Thread": _object(
        version=_VERSION,
        thread=_HASH,
        url=_TEXT,
        nodes=_list(
            _object(
                message={"anyOf": [_reference("Row"), {"type": "null"}]},
                message_id=_TEXT_OR_NONE,
                withdrawn={"type": "boolean"},
                parent={"type": ["integer", "null"]},
                depth=_NUMBER,
                evidence=_TEXT_OR_NONE,
                strength={"type": "number"},
            )
        ),
    ),
    "Person": _object(
        version=_VERSION,
        person=_TEXT,
        name=_TEXT,
        url=_TEXT,
        messages=_NUMBER,
        first=_TIME,
        last=_TIME,
    ),
    "Months": _object(
        version=_VERSION,
        months=_list(
            _object(
                month=_TEXT, url=_TEXT, messages=_NUMBER, threads=_NUMBER, people=_NUMBER
            )
        ),
    ),
}


def _answer(name: str) -> Schema:
    return {
        "description": f"{name}.",
        "content": {"application/json": {"schema": _reference(name)}},
    }


def _operation(name: str, text: str, *parameters: Schema, **errors: str) -> Schema:
    """A path that is read by GET; errors are its other answers, as _404="why"."""
    answers: Schema = {"200": _answer(name)}
    for status, why in errors.items():
        answers[status.removeprefix("_")] = {**_answer("Error"), "description": why}
    return {
        "get": {
            "summary": text,
            "operationId": name.lower(),
            "parameters": list(parameters),
            "responses": answers,
        }
    }


def _in_path(name: str, text: str, schema: Schema) -> Schema:
    about = {"name": name, "in": "path", "description": text}
    return {**about, "required": True, "schema": schema}


def _in_query(name: str, text: str, schema: Schema, *, required: bool = False) -> Schema:
    about = {"name": name, "in": "query", "description": text}
    return {**about, "required": required, "schema": schema}


def _asked() -> list[Schema]:
    """The parameters of a search."""
    fields = "; ".join(f"{field.name}: {field.help}" for field in FIELDS)
    query = {"type": "string", "minLength": 1, "maxLength": LONGEST_QUERY}
    orders = {"type": "string", "enum": [order.value for order in Order]}
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE}
    cursor = {"type": "string", "pattern": "^([0-9]{1,9}-[0-9a-f]{16})?$"}
    group = {"type": "string", "enum": ["thread"]}
    return [
        _in_query("q", f"Words, phrases and fields. {fields}", query, required=True),
        _in_query("order", "What comes first.", orders),
        _in_query("limit", "Hits at most.", limit),
        _in_query("cursor", "The cursor of the answer before.", cursor),
        _in_query("group", "thread: only the first hit of each.", group),
    ]


def _paths() -> Schema:
    by_hash = _in_path("hash", "A message's hash.", _HASH)
    by_slug = _in_path(
        "slug",
        "The last part of their page's address.",
        {"type": "string", "minLength": 1, "maxLength": MAX_SLUG_OCTETS},
    )
    none = "There is none of that name."
    no_sense = "It has no meaning, or would take too long; the sentence says why."
    return {
        "/api/v1/": _operation("Archive", "What the archive is."),
        "/api/v1/search": _operation("Search", "Find messages.", *_asked(), _400=no_sense),
        "/api/v1/messages/{hash}": _operation(
            "Message", "One message.", by_hash, _404=none, _410="Its keeper withdrew it."
        ),
        "/api/v1/threads/{hash}": _operation(
            "Thread", "The thread a message stands in.", by_hash, _404=none
        ),
        "/api/v1/people/{slug}": _operation("Person", "A person.", by_slug, _404=none),
        "/api/v1/months": _operation("Months", "Every month of the list's life."),
    }


def document() -> Schema:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Posterity",
            "version": __version__,
            "description": "A mailing list's archive, to be read by programs. Nothing can"
            " be written. URLs are relative to the site's root.",
        },
        "paths": _paths(),
        "components": {"schemas": _SCHEMAS},
    }
