"""What a check is: a function from a dataset to findings, kept by name so that outsiders can add theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding
from interpretable.registry import Registry

Check = Callable[[Dataset], Iterator[Finding]]
CHECKS: Registry[Check] = Registry("checks")


def known_target(dataset: Dataset) -> np.ndarray:
    """Which rows have a target: bool (n,). A lenient reading codes a missing one as -1 or NaN."""
    if dataset.task.kind == "regression":
        return ~np.isnan(dataset.target)
    return dataset.target >= 0
