"""Where the model is weak: slices, overfit regions, robustness, learning curve, drift."""

from __future__ import annotations

from interpretable.records.diagnostics import DiagnosticsEvidence
from interpretable.study.material import Material


def inspect(material: Material) -> DiagnosticsEvidence | None:
    """None where the question does not arise for this task."""
    return None
