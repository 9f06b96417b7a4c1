"""The only room that knows the order: ingest, derive, recover, relate, index.

sources ──▶ ingest ───octets──▶ accession.db
            derive ───rows────▶ catalogue.db
            recover             messages that stand only inside others
            relate ───links───▶ catalogue.db
            index ────words───▶ catalogue.db
            verify              reads both again, and every source from its pieces
"""

from posterity.pipeline.derive import derive
from posterity.pipeline.index import index
from posterity.pipeline.ingest import IngestReport, ingest
from posterity.pipeline.progress import NoProgress, Progress
from posterity.pipeline.recover import recover
from posterity.pipeline.relate import relate
from posterity.pipeline.verify import VerifyReport, verify

__all__ = [
    "IngestReport",
    "NoProgress",
    "Progress",
    "VerifyReport",
    "derive",
    "index",
    "ingest",
    "recover",
    "relate",
    "verify",
]
