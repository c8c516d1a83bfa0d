"""Section: the simplest models: the points scorecard and the shallow tree, and outside comparisons."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.records.document import Block
from interpretable.records.evidence import Evidence


def simple(evidence: Evidence, lang: str) -> Iterator[Block]:
    """The simplest models: the points scorecard and the shallow tree, and outside comparisons."""
    if evidence.simple is None:
        return
    yield from ()
