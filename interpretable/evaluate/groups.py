"""The same measures for each group of every sensitive column."""

from __future__ import annotations

import numpy as np

from interpretable.evaluate.bands import groups_of
from interpretable.evaluate.figure import proportion, whole
from interpretable.evaluate.measure import metrics_of
from interpretable.evaluate.real import checked, require_real
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure, GroupMeasures
from interpretable.records.task import Task
from interpretable.stats.intervals import mean_t

FLOOR_ROWS = 50
FLOOR_EVENTS = 10  # and as many rows without the event


def by_group(
    test: Dataset, predicted: np.ndarray, *, seed: int = 0, resamples: int = 500
) -> tuple[GroupMeasures, ...]:
    """Measures per group of each sensitive column, also of those the model may not use.

    Numbers are cut into round bands; rows without a value are a group of their own, "not known"; levels
    with fewer than 5 rows are joined. Free text is not a grouping and is left out. A group of fewer than 50
    rows, or with fewer than 10 events or 10 non-events, says `too_few` and has no metrics.

    Raises
    ------
    BrokenPromise
        Synthetic rows among the test rows, or predictions that cannot be measured.
    """
    require_real(test)
    task = test.task
    y, p = checked(task, test.target, predicted)
    found = []
    for column in task.sensitive_columns:
        if column.kind == "text":
            continue
        for label, rows in groups_of(test.frame[column.name].to_numpy(), column):
            found.append(_group(task, column.name, label, y[rows], p[rows], (seed, resamples)))
    return tuple(found)


def enough(task: Task, y: np.ndarray) -> bool:
    """Whether a group is large enough to be measured."""
    if len(y) < FLOOR_ROWS:
        return False
    return task.kind != "binary" or min(int(y.sum()), len(y) - int(y.sum())) >= FLOOR_EVENTS


def _group(
    task: Task, column: str, label: str, y: np.ndarray, p: np.ndarray, how: tuple[int, int]
) -> GroupMeasures:
    events = int(y.sum()) if task.kind == "binary" else None
    few = not enough(task, y)
    found = {} if few else metrics_of(task, y, p, seed=how[0], resamples=how[1]) | _further(task, y, p)
    return GroupMeasures(column=column, group=label, n=len(y), events=events, too_few=few, metrics=found)


def _further(task: Task, y: np.ndarray, p: np.ndarray) -> dict[str, Figure]:
    """Measures that are asked of groups only: mean estimate, false positive rate, error rate."""
    if task.kind == "multiclass":
        return {}
    found = {"mean_estimate": whole(float(p.mean()), mean_t(p), "t")}
    if task.cut is not None and task.kind == "binary":
        chosen = p >= task.cut
        others = int((y == 0).sum())
        found["false_positive_rate"] = proportion(int(chosen[y == 0].sum()), others, empty="no_non_events")
        found["error_rate"] = proportion(int((chosen != (y == 1)).sum()), len(y), empty="no_rows")
    return found
