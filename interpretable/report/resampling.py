"""Section: what repeated cross-validation says: differences, equivalence, what could be seen, is n enough."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.records.document import Block
from interpretable.records.evidence import Evidence


def resampling(evidence: Evidence, lang: str) -> Iterator[Block]:
    """What repeated cross-validation says: differences, equivalence, what could be seen, is n enough."""
    if evidence.resampling is None:
        return
    yield from ()
