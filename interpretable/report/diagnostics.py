"""Section: where the model is weak: slices, overfit regions, robustness, learning curve, drift."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.records.document import Block
from interpretable.records.evidence import Evidence


def diagnostics(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Where the model is weak: slices, overfit regions, robustness, learning curve, drift."""
    if evidence.diagnostics is None:
        return
    yield from ()
