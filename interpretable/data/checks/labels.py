"""Whether there is enough of each outcome to learn from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from interpretable.data.checks.base import CHECKS, known_target
from interpretable.data.rows import row_keys
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding

RARE = 10  # fewer rows than this in a class
FEWEST_ROWS = 20  # below, there is nothing to learn from
FEW_ROWS = 200
_MOST_NAMED = 20


@CHECKS.add("labels")
def check_labels(dataset: Dataset) -> Iterator[Finding]:
    """Missing, constant, rare and contradicting outcomes."""
    known = known_target(dataset)
    yield from _missing(dataset, known)
    target = dataset.target[known]
    if len(target) and len(np.unique(target)) == 1:
        value = f"{target[0]:g}" if dataset.task.kind == "regression" else dataset.classes[int(target[0])]
        yield Finding(
            code="target_constant",
            severity="must_fix",
            subject=dataset.task.target,
            parameters={"value": value, "rows": len(target)},
        )
        return
    yield from _amount(dataset, target)
    if dataset.task.kind != "regression":
        yield from _rare(dataset, target)
        yield from _conflicts(dataset, known)


def _missing(dataset: Dataset, known: np.ndarray) -> Iterator[Finding]:
    dropped = dataset.source.rows_dropped
    missing = int((~known).sum())
    rows = len(dataset) + dropped
    if missing or dropped:
        yield Finding(
            code="target_missing",
            severity="must_fix" if missing else "note",
            subject=dataset.task.target,
            parameters={
                "missing": missing or dropped,
                "rows": rows,
                "rate": (missing or dropped) / rows,
                "dropped": not missing,
            },
        )


def _amount(dataset: Dataset, target: np.ndarray) -> Iterator[Finding]:
    smallest = len(target)
    if dataset.task.kind == "binary" and len(target):
        smallest = int(np.bincount(target, minlength=2).min())
    hard = len(target) < FEWEST_ROWS or (dataset.task.kind == "binary" and smallest < 5)
    if hard or len(target) < FEW_ROWS:
        yield Finding(
            code="too_few_rows",
            severity="must_fix" if hard else "look",
            parameters={
                "rows": len(target),
                "smallest": smallest,
                "floor": FEWEST_ROWS if hard else FEW_ROWS,
                "features": len(dataset.task.features),
                "hard": hard,
            },
        )


def _rare(dataset: Dataset, target: np.ndarray) -> Iterator[Finding]:
    counts = np.bincount(target, minlength=len(dataset.classes))
    rare = [int(at) for at in np.argsort(counts, kind="stable") if counts[at] < RARE]
    for label in rare[:_MOST_NAMED]:
        yield Finding(
            code="rare_class",
            severity="look",
            subject=dataset.classes[label],
            parameters={
                "target": dataset.task.target,
                "count": int(counts[label]),
                "floor": RARE,
                "rows": len(target),
            },
        )


def _conflicts(dataset: Dataset, known: np.ndarray) -> Iterator[Finding]:
    keys = row_keys(dataset.inputs)[known]
    pairs = np.unique(np.stack([keys, dataset.target[known]]), axis=1)
    sets, outcomes = np.unique(pairs[0], return_counts=True)
    torn = sets[outcomes > 1]
    rows = int(np.isin(keys, torn).sum())
    if rows:
        yield Finding(
            code="conflicting_labels",
            severity="look",
            subject=dataset.task.target,
            parameters={"rows": rows, "sets": len(torn), "rate": rows / len(keys)},
        )
