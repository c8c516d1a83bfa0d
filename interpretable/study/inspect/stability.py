"""Would the same reasons come out again: over refits, seeds and reference points."""

from __future__ import annotations

from interpretable.records.stability import StabilityEvidence
from interpretable.study.material import Material


def inspect(material: Material) -> StabilityEvidence | None:
    """None where the question does not arise for this task."""
    return None
