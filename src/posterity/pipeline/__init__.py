"""The only room that knows the order: ingest, derive, recover, relate.

sources ──▶ ingest ──octets──▶ accession.db
            derive ──rows────▶ catalogue.db
            relate ──links───▶ catalogue.db
            verify             reads both again, and every source from its pieces
"""

from posterity.pipeline.derive import derive
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
    "ingest",
    "recover",
    "relate",
    "verify",
]
