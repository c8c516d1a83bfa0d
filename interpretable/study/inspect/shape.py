"""Which pairs earned their place, and what expected directions cost."""

from __future__ import annotations

from interpretable.records.shape import ShapeEvidence
from interpretable.study.material import Material


def inspect(material: Material) -> ShapeEvidence | None:
    """None where the question does not arise for this task."""
    return None
