"""Whether a mark that some rows carry goes with the outcome: an empty field, a line of text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from interpretable.records.dataset import Dataset

_GAP = 0.05  # smallest difference of rates worth a word
_GAP_IN_SD = 0.2  # the same for a numeric target, in standard deviations


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a mark tells: share of `outcome` (mean of a numeric one) in marked rows and in all others."""

    p_value: float
    marked: float
    others: float
    outcome: str  # the class spoken of; empty for a numeric target


def mark_against_outcome(dataset: Dataset, target: np.ndarray, mark: np.ndarray) -> Told | None:
    """The test of a mark bool (n,) against known outcomes (n,); None where the gap is too small to matter."""
    judge = _numeric if dataset.task.kind == "regression" else _classes
    return judge(dataset, target, mark)


def _classes(dataset: Dataset, target: np.ndarray, mark: np.ndarray) -> Told | None:
    """Chi-squared test of the table class x mark; the class with the widest gap is named."""
    from scipy.stats import chi2_contingency

    width = len(dataset.classes)
    table = np.array([np.bincount(target[side], minlength=width) for side in (mark, ~mark)])
    table_used = table[:, table.sum(axis=0) > 0]
    if table_used.shape[1] < 2:
        return None
    rates = table / table.sum(axis=1, keepdims=True)
    label = 1 if dataset.task.kind == "binary" else int(np.argmax(np.abs(rates[0] - rates[1])))
    marked, others = (float(rate) for rate in rates[:, label])
    if abs(marked - others) < _GAP:
        return None
    p_value = float(chi2_contingency(table_used).pvalue)
    return Told(p_value=p_value, marked=marked, others=others, outcome=dataset.classes[label])


def _numeric(dataset: Dataset, target: np.ndarray, mark: np.ndarray) -> Told | None:
    """Mann-Whitney test: no assumption on the shape of the target."""
    from scipy.stats import mannwhitneyu

    spread = float(target.std())
    marked, others = float(target[mark].mean()), float(target[~mark].mean())
    if spread == 0 or abs(marked - others) < _GAP_IN_SD * spread:
        return None
    p_value = float(mannwhitneyu(target[mark], target[~mark]).pvalue)
    return Told(p_value=p_value, marked=marked, others=others, outcome="")
