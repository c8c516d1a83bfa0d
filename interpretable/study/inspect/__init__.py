"""What is asked of a finished choice beyond its measures: one module, one record, one section each.

The test part is open by now; nothing here may change which model was chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from interpretable.records.calibrators import CalibratorsEvidence
from interpretable.records.concept import ConceptsEvidence
from interpretable.records.diagnostics import DiagnosticsEvidence
from interpretable.records.disparity import DisparityEvidence
from interpretable.records.labels import LabelsEvidence
from interpretable.records.notes import NotesEvidence
from interpretable.records.prior import PriorUse
from interpretable.records.recourse import RecourseEvidence
from interpretable.records.resampling import ResamplingEvidence
from interpretable.records.selective import SelectiveEvidence
from interpretable.records.shape import ShapeEvidence
from interpretable.records.simple import SimpleEvidence
from interpretable.records.stability import StabilityEvidence
from interpretable.records.tuning import TuningEvidence
from interpretable.study.inspect import (
    calibrators,
    concepts,
    diagnostics,
    disparity,
    labels,
    notes,
    prior,
    recourse,
    resampling,
    selective,
    shape,
    simple,
    stability,
    tuning,
)
from interpretable.study.material import Material

INSPECTIONS: dict[str, tuple[type, Callable[[Material], Any]]] = {
    "shape": (ShapeEvidence, shape.inspect),
    "simple": (SimpleEvidence, simple.inspect),
    "notes": (NotesEvidence, notes.inspect),
    "tuning": (TuningEvidence, tuning.inspect),
    "resampling": (ResamplingEvidence, resampling.inspect),
    "calibrators": (CalibratorsEvidence, calibrators.inspect),
    "selective": (SelectiveEvidence, selective.inspect),
    "diagnostics": (DiagnosticsEvidence, diagnostics.inspect),
    "disparity": (DisparityEvidence, disparity.inspect),
    "stability": (StabilityEvidence, stability.inspect),
    "recourse": (RecourseEvidence, recourse.inspect),
    "labels": (LabelsEvidence, labels.inspect),
    "concepts": (ConceptsEvidence, concepts.inspect),
    "prior": (PriorUse, prior.inspect),
}


def inspect_all(material: Material) -> dict[str, Any]:
    """Records by the field of Evidence they fill; those of a stopped run of the same study are taken up."""
    found = {}
    for name, (kind, ask) in INSPECTIONS.items():
        material.progress(f"looking deeper: {name}")
        found[name] = material.bench.taken_up(name, kind, lambda ask=ask: ask(material))
    return found
