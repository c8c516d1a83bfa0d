"""Section: which pairs earned their place, and what expected directions cost."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.records.document import Block
from interpretable.records.evidence import Evidence


def shape(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Which pairs earned their place, and what expected directions cost."""
    if evidence.shape is None:
        return
    yield from ()
