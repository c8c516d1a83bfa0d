"""What may be measured: real rows, finite predictions, one per row."""

from __future__ import annotations

import numpy as np

from interpretable.errors import BrokenPromise
from interpretable.records.dataset import Dataset
from interpretable.records.task import Task


def require_real(dataset: Dataset) -> Dataset:
    """The dataset itself, if every row is real.

    Raises
    ------
    BrokenPromise
        If a row was generated: a measure on synthetic rows says nothing about people.
    """
    if dataset.has_synthetic:
        count = int((dataset.origin == "synthetic").sum())
        raise BrokenPromise(
            f"{count} of {len(dataset)} rows of the {dataset.part!r} part are synthetic. Measures are taken "
            "on real rows only; generated rows belong in the training part."
        )
    return dataset


def checked(task: Task, target: np.ndarray, predicted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both as float64 (target of a classification: int64), or BrokenPromise with everything that is wrong."""
    observed, given = np.asarray(target), np.asarray(predicted, dtype=float)
    problems = []
    if given.ndim != (2 if task.kind == "multiclass" else 1) or len(given) != len(observed):
        problems.append(
            f"predictions have shape {given.shape} for {len(observed)} rows of a {task.kind} task"
        )
    if not np.isfinite(given).all():
        problems.append(f"{int((~np.isfinite(given)).sum())} predictions are not finite")
    elif task.kind != "regression" and given.size and (given.min() < 0.0 or given.max() > 1.0 + 1e-9):
        problems.append("some probabilities lie outside 0 to 1")
    if problems:
        raise BrokenPromise("Predictions cannot be measured: " + "; ".join(problems) + ".")
    return observed.astype(float if task.kind == "regression" else np.int64), given
