"""The archive over HTTP: the pages of the static site on demand, and what only a server can.

    /…                    the static site's URLs, octet for octet
    /search?q=…           search.mbox?q=…   search.atom?q=…
    /mid/<message-id>     a redirect to its message
    /api/v1/…             JSON; /api/v1/openapi.json describes it

Everything is read, nothing is written; there are no accounts, cookies or tokens.
"""

from posterity.serve.app import create_app

__all__ = ["create_app"]
