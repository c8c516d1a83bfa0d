"""Section: does 30 % mean 30 in 100: curves with bands, output maps, sets with a stated coverage."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.records.document import Block
from interpretable.records.evidence import Evidence


def calibrators(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Does 30 % mean 30 in 100: curves with bands, output maps, sets with a stated coverage."""
    if evidence.calibrators is None:
        return
    yield from ()
