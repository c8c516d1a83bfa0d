"""Rows that stand in the table more than once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from interpretable.data.checks.base import CHECKS
from interpretable.data.rows import row_keys
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding


@CHECKS.add("duplicates")
def check_duplicates(dataset: Dataset) -> Iterator[Finding]:
    """Rows equal in every column in use and in the outcome; the split keeps copies in one part."""
    keys = row_keys(dataset.inputs)
    _, outcome = np.unique(dataset.target, return_inverse=True)
    distinct = len(np.unique(keys * (int(outcome.max(initial=0)) + 1) + outcome))
    extra = len(dataset) - distinct
    if extra:
        yield Finding(
            code="duplicate_rows",
            severity="look",
            parameters={"extra": extra, "rows": len(dataset), "rate": extra / len(dataset)},
        )
