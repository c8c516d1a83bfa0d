"""What repeated cross-validation says: differences, equivalence, what could be seen, is n enough."""

from __future__ import annotations

from interpretable.records.evidence import Evidence


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
