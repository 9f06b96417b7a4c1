"""The query language: one tokenizer, one parser, for terminal, server and API.

    text ──tokens──▶ words          what the index holds
    query ──parser──▶ Node          what is asked, a tree
    Node + text ──snippets──▶ pieces, with the hits marked

Pure: no file, no clock. The browser's script is a port of the same three, compared with
them by tests. docs/search.md explains the language to readers.
"""

from posterity.query.ask import And, Between, Exact, Node, Not, Or, Words
from posterity.query.parser import parse_query
from posterity.query.tokens import words

__all__ = [
    "And",
    "Between",
    "Exact",
    "Node",
    "Not",
    "Or",
    "Words",
    "parse_query",
    "words",
]
