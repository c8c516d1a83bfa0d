"""Differences and ratios between groups, proxies of sensitive columns, near-equal models."""

from __future__ import annotations

from interpretable.records.evidence import Evidence


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
