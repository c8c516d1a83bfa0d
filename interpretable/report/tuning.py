"""Section: every setting that was tried, what averaging brought, and whether a teacher helped."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.records.document import Block
from interpretable.records.evidence import Evidence


def tuning(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Every setting that was tried, what averaging brought, and whether a teacher helped."""
    if evidence.tuning is None:
        return
    yield from ()
