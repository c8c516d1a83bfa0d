"""Do the concepts of the task say what a person would say: counts, and agreement with hand labels."""

from __future__ import annotations

from interpretable.evaluate.concepts import assess
from interpretable.records.concept import ConceptsEvidence
from interpretable.study.material import Material


def inspect(material: Material) -> ConceptsEvidence | None:
    """None for a task without concepts."""
    if not material.task.concepts:
        return None
    return assess(material.everything, material.train.row_ids)
