"""The simplest models: the points scorecard and the shallow tree, and outside comparisons."""

from __future__ import annotations

from interpretable.records.evidence import Evidence


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
