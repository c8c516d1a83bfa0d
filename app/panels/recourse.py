"""What could be changed to get another decision, or that nothing can."""

from __future__ import annotations

from interpretable.records.evidence import Evidence


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
