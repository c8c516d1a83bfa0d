"""Does 30 % mean 30 in 100: curves with bands, output maps, sets with a stated coverage."""

from __future__ import annotations

from interpretable.records.evidence import Evidence


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
