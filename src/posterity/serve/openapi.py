"""The description of the JSON API, as OpenAPI 3.1; the fields come from the one table."""

from __future__ import annotations

from typing import Any, Final

from posterity import __version__
from posterity.fields import FIELDS
from posterity.query.parser import LONGEST_QUERY
from posterity.serve.asking import LONGEST_CURSOR, MOST, PAGE
from posterity.store.search import Order

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
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
    "Message": {
        **_object(version=_VERSION, **_ROW, size=_NUMBER, withdrawn={"type": "boolean"}),
        "description": "A withdrawn message has none of the other properties.",
    },
    "Thread": _object(
        version=_VERSION,
        thread=_HASH,
        url=_TEXT,
        nodes=_list(
            _object(
                message={"anyOf": [_reference("Row"), {"type": "null"}]},
                message_id={"type": ["string", "null"]},
                parent={"type": ["integer", "null"]},
                depth=_NUMBER,
                evidence={"type": ["string", "null"]},
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


def _asked(name: str, where: str, text: str, schema: Schema, *, required: bool) -> Schema:
    return {
        "name": name,
        "in": where,
        "description": text,
        "required": required,
        "schema": schema,
    }


def _operation(name: str, text: str, *parameters: Schema, refused: bool = False) -> Schema:
    answers: Schema = {"200": _answer(name)}
    if any(one["in"] == "path" for one in parameters):
        answers["404"] = _answer("Error")
    if refused:
        answers["400"] = _answer("Error")
    return {
        "get": {
            "summary": text,
            "operationId": name.lower(),
            "parameters": list(parameters),
            "responses": answers,
        }
    }


def document() -> Schema:
    """The whole description."""
    fields = "; ".join(f"{field.name}: {field.help}" for field in FIELDS)
    by_hash = _asked("hash", "path", "A message's hash.", _HASH, required=True)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Posterity",
            "version": __version__,
            "description": "A mailing list's archive, to be read by programs. Nothing can"
            " be written. URLs are relative to the site's root.",
        },
        "paths": {
            "/api/v1/": _operation("Archive", "What the archive is."),
            "/api/v1/search": _operation(
                "Search",
                "Find messages.",
                _asked(
                    "q",
                    "query",
                    f"Words, phrases and fields. {fields}",
                    {"type": "string", "minLength": 1, "maxLength": LONGEST_QUERY},
                    required=True,
                ),
                _asked(
                    "order",
                    "query",
                    "What comes first.",
                    {"type": "string", "enum": [order.value for order in Order]},
                    required=False,
                ),
                _asked(
                    "limit",
                    "query",
                    "Hits at most.",
                    {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
                    required=False,
                ),
                _asked(
                    "cursor",
                    "query",
                    "The cursor of the answer before.",
                    {"type": "string", "maxLength": LONGEST_CURSOR},
                    required=False,
                ),
                _asked(
                    "group",
                    "query",
                    "thread: only the first hit of each.",
                    {"type": "string", "enum": ["thread"]},
                    required=False,
                ),
                refused=True,
            ),
            "/api/v1/messages/{hash}": _operation("Message", "One message.", by_hash),
            "/api/v1/threads/{hash}": _operation(
                "Thread", "The thread a message stands in.", by_hash
            ),
            "/api/v1/people/{slug}": _operation(
                "Person",
                "A person.",
                _asked(
                    "slug",
                    "path",
                    "The last part of their page's address.",
                    {"type": "string", "minLength": 1},
                    required=True,
                ),
            ),
            "/api/v1/months": _operation("Months", "Every month of the list's life."),
        },
        "components": {"schemas": _SCHEMAS},
    }
