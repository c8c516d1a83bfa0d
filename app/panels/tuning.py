"""Every setting that was tried, what averaging brought, and whether a teacher helped."""

from __future__ import annotations

from interpretable.records.evidence import Evidence


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
