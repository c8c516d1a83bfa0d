"""A first guess at the target: its kind, and for two classes the one that is predicted."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from interpretable.data.infer import LEADING_ZERO
from interpretable.data.listing import first_few, nearest
from interpretable.data.parse import as_text, parse_column
from interpretable.data.target import MOST_CLASSES, in_order, level_counts
from interpretable.errors import DataError
from interpretable.records.task import Column, TaskKind

MOST_NUMERIC_CLASSES = 20  # a numeric target with more distinct values is taken as a quantity
_POSITIVES = (
    *("1", "yes", "y", "true", "t", "positive", "pos", "bad", "spam", "died", "dead", "death", "deceased"),
    *(
        "default",
        "fraud",
        "case",
        "event",
        "churn",
        "disease",
        "malignant",
        "abnormal",
        "sick",
        "failed",
        "fail",
        "high",
    ),
    *("rejected", "denied", "是", "阳性"),
)


@dataclass(frozen=True)
class TargetGuess:
    """The kind of task, the positive label, and remarks by key."""

    kind: TaskKind
    positive: str = ""
    missing: int = 0
    remarks: dict[str, str] = field(default_factory=dict)


def guess_target(name: str, raw: object, positive: str) -> TargetGuess:
    """Binary with two values, regression with many numbers, else multiclass."""
    texts = as_text(raw)
    missing = int(pd.isna(texts).sum())
    counts = level_counts(texts[~pd.isna(texts)])
    if not counts:
        raise DataError(f"Target {name!r} has no value in any row.")
    if positive:
        return _declared(name, counts, positive, missing)
    if len(counts) == 2:
        label, remark = _guess_positive(counts)
        return TargetGuess("binary", label, missing, {"positive": remark})
    if _is_quantity(texts, counts):
        remark = f"{len(counts):,} distinct numbers: taken as a quantity."
        return TargetGuess("regression", "", missing, {"kind": remark})
    if len(counts) > min(MOST_CLASSES, len(texts) / 2):
        raise DataError(
            f"Target {name!r} has {len(counts):,} distinct values in {len(texts):,} rows and they "
            f"are not all numbers: "
            "neither classes nor a quantity."
        )
    return TargetGuess("multiclass", "", missing, {"kind": f"{len(counts)} classes: {_listed(counts)}"})


def _declared(name: str, counts: dict[str, int], positive: str, missing: int) -> TargetGuess:
    label = as_text([positive])[0] or ""
    if label not in counts:
        raise DataError(
            f"The positive label {positive!r} does not occur in target {name!r}, which holds: "
            f"{_listed(counts)}." + nearest(positive, list(counts)[:1000])
        )
    if len(counts) != 2:
        raise DataError(
            f"A positive label needs a target with 2 distinct values; {name!r} has {len(counts):,}: "
            f"{_listed(counts)}."
        )
    return TargetGuess("binary", label, missing)


def _listed(counts: dict[str, int]) -> str:
    return first_few([f"{level[:40]!r} ({n:,} rows)" for level, n in counts.items()], show=8)


def _guess_positive(counts: dict[str, int]) -> tuple[str, str]:
    first, second = counts
    by_word = [level for level in (first, second) if level.casefold() in _POSITIVES]
    if len(by_word) == 1:
        return by_word[
            0
        ], f"The label that is predicted: guessed from its name. Check it. Values: {_listed(counts)}"
    numbers = in_order([first, second])
    if all(level.lstrip("-").isdecimal() for level in numbers):
        return numbers[
            1
        ], f"The label that is predicted: guessed, the larger number. Check it. Values: {_listed(counts)}"
    return second, f"The label that is predicted: guessed, the rarer one. Check it. Values: {_listed(counts)}"


def _is_quantity(texts: np.ndarray, counts: dict[str, int]) -> bool:
    values, unreadable = parse_column(list(counts), Column(name="", kind="number"))
    if unreadable.any() or any(LEADING_ZERO.fullmatch(level) for level in counts):
        return False
    fractions = bool((values != np.floor(values)).any())
    return len(counts) > MOST_NUMERIC_CLASSES or (fractions and len(counts) > 5)
