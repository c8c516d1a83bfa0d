"""Section: what could be changed to get another decision, or that nothing can."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.records.document import Block
from interpretable.records.evidence import Evidence


def recourse(evidence: Evidence, lang: str) -> Iterator[Block]:
    """What could be changed to get another decision, or that nothing can."""
    if evidence.recourse is None:
        return
    yield from ()
