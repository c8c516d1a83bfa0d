"""Section: differences and ratios between groups, proxies of sensitive columns, near-equal models."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.records.document import Block
from interpretable.records.evidence import Evidence


def disparity(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Differences and ratios between groups, proxies of sensitive columns, near-equal models."""
    if evidence.disparity is None:
        return
    yield from ()
