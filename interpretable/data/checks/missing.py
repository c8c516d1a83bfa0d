"""Missing values that are not missing by chance."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from interpretable.data.checks.base import CHECKS, known_target
from interpretable.data.rows import is_missing
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding

_FEWEST = 10  # rows on either side
_LEVEL = 0.01  # chance of any false alarm over all columns tested (Bonferroni)
_GAP = 0.05  # smallest difference of rates worth a word
_GAP_IN_SD = 0.2  # the same for a numeric target, in standard deviations


@CHECKS.add("missing")
def check_missing(dataset: Dataset) -> Iterator[Finding]:
    """Whether leaving a field empty goes with the outcome: often a sign of how data were collected."""
    known = known_target(dataset)
    target = dataset.target[known]
    tested = []
    for column in dataset.task.features:
        empty = is_missing(dataset.frame[column.name].to_numpy()[known])
        if min(empty.sum(), (~empty).sum()) >= _FEWEST:
            tested.append((column.name, empty))
    judge = _numeric if dataset.task.kind == "regression" else _classes
    for name, empty in tested:
        p_value, parameters = judge(dataset, target, empty)
        if p_value < _LEVEL / len(tested) and parameters:
            yield Finding(
                code="missingness_predicts_target",
                severity="look",
                subject=name,
                parameters={
                    "missing": int(empty.sum()),
                    "present": int((~empty).sum()),
                    **parameters,
                    "p_value": p_value,
                    "target": dataset.task.target,
                },
            )


def _classes(dataset: Dataset, target: np.ndarray, empty: np.ndarray) -> tuple[float, dict]:
    """Chi-squared test of the table class x filled in; the class with the widest gap is named."""
    from scipy.stats import chi2_contingency

    width = len(dataset.classes)
    table = np.array([np.bincount(target[side], minlength=width) for side in (empty, ~empty)])
    table_used = table[:, table.sum(axis=0) > 0]
    if table_used.shape[1] < 2:
        return 1.0, {}
    rates = table / table.sum(axis=1, keepdims=True)
    label = 1 if dataset.task.kind == "binary" else int(np.argmax(np.abs(rates[0] - rates[1])))
    gap = abs(rates[0, label] - rates[1, label])
    p_value = float(chi2_contingency(table_used).pvalue)
    return p_value, _parameters(
        rates[0, label], rates[1, label], dataset.classes[label]
    ) if gap >= _GAP else {}


def _numeric(dataset: Dataset, target: np.ndarray, empty: np.ndarray) -> tuple[float, dict]:
    """Mann-Whitney test: no assumption on the shape of the target."""
    from scipy.stats import mannwhitneyu

    spread = float(target.std())
    if spread == 0:
        return 1.0, {}
    means = float(target[empty].mean()), float(target[~empty].mean())
    p_value = float(mannwhitneyu(target[empty], target[~empty]).pvalue)
    return p_value, _parameters(*means, "") if abs(means[0] - means[1]) >= _GAP_IN_SD * spread else {}


def _parameters(missing: float, present: float, outcome: str) -> dict:
    return {"outcome_missing": float(missing), "outcome_present": float(present), "outcome": outcome}
