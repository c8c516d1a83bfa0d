"""Every setting that was tried, what averaging brought, and whether a teacher helped."""

from __future__ import annotations

from interpretable.records.tuning import TuningEvidence
from interpretable.study.material import Material


def inspect(material: Material) -> TuningEvidence | None:
    """None where the question does not arise for this task."""
    return None
