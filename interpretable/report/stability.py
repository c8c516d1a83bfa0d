"""Section: would the same reasons come out again: over refits, seeds and reference points."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.records.document import Block
from interpretable.records.evidence import Evidence


def stability(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Would the same reasons come out again: over refits, seeds and reference points."""
    if evidence.stability is None:
        return
    yield from ()
