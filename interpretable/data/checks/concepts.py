"""Concepts nobody approved, and concepts that hardly occur."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.data.checks.base import CHECKS
from interpretable.data.concepts import YES
from interpretable.data.rows import is_missing
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding

LEAST = 20


@CHECKS.add("concepts")
def check_concepts(dataset: Dataset) -> Iterator[Finding]:
    """Concepts that wait for approval, and approved ones found in fewer than 20 texts."""
    for concept in dataset.task.concepts:
        values = dataset.frame[concept.derived].to_numpy()
        found, rows = int((values == YES).sum()), int((~is_missing(values)).sum())
        if not concept.approved:
            yield Finding(code="concept_unapproved", severity="note", subject=concept.derived)
        elif found < LEAST:
            counts = {"found": found, "rows": rows, "floor": LEAST}
            yield Finding(code="concept_rare", severity="look", subject=concept.derived, parameters=counts)
