"""Texts that hold what could say who somebody is. It is counted by kind, never shown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from interpretable.data.checks.base import CHECKS
from interpretable.data.identifiers import count_identifiers
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding

_MOST_ROWS = 20_000  # looked at, spread evenly over more


@CHECKS.add("personal")
def check_identifiers(dataset: Dataset) -> Iterator[Finding]:
    """E-mail addresses, telephone and account numbers, dates and the like, per text column."""
    count = len(dataset)
    rows = np.linspace(0, count - 1, min(count, _MOST_ROWS)).astype(np.int64)
    for column in dataset.task.text_columns:
        found = count_identifiers(dataset.frame[column.name].to_numpy()[rows].tolist())
        if found:
            yield Finding(
                code="identifiers_in_text",
                severity="look",
                subject=column.name,
                parameters={
                    "kinds": {kind: tally.found for kind, tally in found.items()},
                    "most": max(tally.rows for tally in found.values()),
                    "rows": len(rows),
                },
                evidence={"rows_by_kind": {kind: tally.rows for kind, tally in found.items()}},
            )
