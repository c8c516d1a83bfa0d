"""Does 30 % mean 30 in 100: curves with bands, output maps, sets with a stated coverage."""

from __future__ import annotations

from interpretable.records.calibrators import CalibratorsEvidence
from interpretable.study.material import Material


def inspect(material: Material) -> CalibratorsEvidence | None:
    """None where the question does not arise for this task."""
    return None
