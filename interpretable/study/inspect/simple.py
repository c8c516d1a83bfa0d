"""The simplest models: the points scorecard and the shallow tree, and outside comparisons."""

from __future__ import annotations

from interpretable.records.simple import SimpleEvidence
from interpretable.study.material import Material


def inspect(material: Material) -> SimpleEvidence | None:
    """None where the question does not arise for this task."""
    return None
