"""Several rows of one person, who must not stand in training and test at once."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from interpretable.data.checks.base import CHECKS
from interpretable.data.names import id_word, person_key
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding

FEW_GROUPS = 20


@CHECKS.add("groups")
def check_groups(dataset: Dataset) -> Iterator[Finding]:
    """A column that looks like a person's key with several rows each, or too few groups to divide."""
    if dataset.task.group:
        groups = len(pd.unique(pd.Series(dataset.groups, dtype=object).dropna()))
        if groups < FEW_GROUPS:
            yield Finding(
                code="few_groups",
                severity="look",
                subject=dataset.task.group,
                parameters={"groups": groups, "floor": FEW_GROUPS},
            )
        return
    for column in dataset.task.columns:
        if person_key(column.name) or id_word(column.name):
            sizes = dataset.frame[column.name].dropna().value_counts()
            if looks_like_groups(sizes):
                yield Finding(
                    code="group_leakage",
                    severity="look",
                    subject=column.name,
                    parameters={"groups": len(sizes), "rows": int(sizes.sum()), "largest": int(sizes.max())},
                )


def looks_like_groups(sizes: pd.Series) -> bool:
    """Rows per key: many keys, of which a part has several rows."""
    return len(sizes) >= 10 and sizes.max() > 1 and 1.05 < sizes.mean() <= 50
