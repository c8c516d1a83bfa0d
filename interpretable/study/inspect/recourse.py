"""What could be changed to get another decision, or that nothing can."""

from __future__ import annotations

from interpretable.records.recourse import RecourseEvidence
from interpretable.study.material import Material


def inspect(material: Material) -> RecourseEvidence | None:
    """None where the question does not arise for this task."""
    return None
