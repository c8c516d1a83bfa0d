"""What repeated cross-validation says: differences, equivalence, what could be seen, is n enough."""

from __future__ import annotations

from interpretable.records.resampling import ResamplingEvidence
from interpretable.study.material import Material


def inspect(material: Material) -> ResamplingEvidence | None:
    """None where the question does not arise for this task."""
    return None
