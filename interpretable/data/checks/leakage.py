"""Columns that know the answer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from interpretable.data.checks.base import CHECKS, known_target
from interpretable.data.checks.signal import class_auroc, partitions, rank_correlation
from interpretable.data.rows import is_missing
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding

NEAR_PERFECT = 0.99
NEAR_PERFECT_CORRELATION = 0.995
_FEWEST = 10  # rows of the rarest class: below, a perfect single column is no surprise


@CHECKS.add("leakage")
def check_leakage(dataset: Dataset) -> Iterator[Finding]:
    """One column alone that orders nearly all outcomes, or cuts a numeric target into bands."""
    known = known_target(dataset)
    target = dataset.target[known]
    features = [c for c in dataset.task.features if c.kind != "text"]
    if dataset.task.kind == "regression":
        if len(target) < 20 or np.ptp(target) == 0:
            return
        judge = _regression
    else:
        counts = np.bincount(target, minlength=len(dataset.classes))
        if len(counts) < 2 or np.sort(counts)[-2] < _FEWEST:
            return
        judge = _classes
    for column in features:
        values = dataset.frame[column.name].to_numpy()[known]
        yield from judge(dataset, column.name, values, target)


def _classes(dataset: Dataset, name: str, values: np.ndarray, target: np.ndarray) -> Iterator[Finding]:
    counts = np.bincount(target, minlength=len(dataset.classes))
    if len(dataset.classes) == 2 and counts.min() < _FEWEST:
        return
    value = class_auroc(values, target, len(dataset.classes), hopeless=1 - NEAR_PERFECT)
    if value > NEAR_PERFECT:
        empty = is_missing(values).astype(np.float64)
        only = bool(empty.any()) and class_auroc(empty, target, len(dataset.classes)) > NEAR_PERFECT
        yield _near_perfect(dataset, name, "auroc", value, missing_only=only)


def _regression(dataset: Dataset, name: str, values: np.ndarray, target: np.ndarray) -> Iterator[Finding]:
    if values.dtype == np.float64:
        value = rank_correlation(values, target)
        if value > NEAR_PERFECT_CORRELATION:
            yield _near_perfect(dataset, name, "rank_correlation", value, missing_only=False)
            return
    levels = partitions(values, target)
    if levels:
        yield Finding(
            code="target_partitioned",
            severity="must_fix",
            subject=name,
            parameters={"levels": levels, "target": dataset.task.target},
        )


def _near_perfect(dataset: Dataset, name: str, measure: str, value: float, *, missing_only: bool) -> Finding:
    return Finding(
        code="near_perfect_predictor",
        severity="must_fix",
        subject=name,
        parameters={
            "measure": measure,
            "value": round(value, 4),
            "target": dataset.task.target,
            "missing_only": missing_only,
        },
    )
