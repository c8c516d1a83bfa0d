"""The same measures for each group of every sensitive column."""

from __future__ import annotations

import numpy as np

from interpretable.evaluate.bands import groups_of
from interpretable.evaluate.figure import mean, share
from interpretable.evaluate.measure import metrics_of, together
from interpretable.evaluate.real import checked, require_real
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure, GroupMeasures
from interpretable.records.task import Task

FLOOR_ROWS = 50
FLOOR_EVENTS = 10  # and as many rows without the event


def by_group(
    test: Dataset, predicted: np.ndarray, *, seed: int = 0, resamples: int = 500
) -> tuple[GroupMeasures, ...]:
    """Measures per group of each sensitive column, also of those the model may not use.

    Numbers are cut into round bands; rows without a value are a group of their own, "not known"; levels
    with fewer than 5 rows are joined. Free text is not a grouping and is left out. A group of fewer than 50
    rows, or with fewer than 10 events or 10 non-events, says `too_few` and has no metrics. Where a person has
    several rows (`test.groups`), intervals are those of persons.

    Raises
    ------
    BrokenPromise
        Synthetic rows among the test rows, or predictions that cannot be measured.
    """
    require_real(test)
    task = test.task
    y, p = checked(task, test.target, predicted)
    found = []
    for column in task.grouping_columns:
        for label, rows in groups_of(test.frame[column.name].to_numpy(), column):
            found.append(_group(test, column.name, label, rows, y, p, (seed, resamples)))
    return tuple(found)


def enough(task: Task, y: np.ndarray) -> bool:
    """Whether a group is large enough to be measured."""
    if len(y) < FLOOR_ROWS:
        return False
    return task.kind != "binary" or min(int(y.sum()), len(y) - int(y.sum())) >= FLOOR_EVENTS


def _group(
    test: Dataset, column: str, label: str, rows: np.ndarray, y: np.ndarray, p: np.ndarray,
    how: tuple[int, int],
) -> GroupMeasures:  # fmt: skip
    task, y, p = test.task, y[rows], p[rows]
    events = int(y.sum()) if task.kind == "binary" else None
    few = not enough(task, y)
    found: dict[str, Figure] = {}
    if not few:
        persons = None if test.groups is None else test.groups[rows]
        found = metrics_of(task, y, p, seed=how[0], resamples=how[1], groups=persons)
        found = found | _further(task, y, p, together(persons))
    return GroupMeasures(column=column, group=label, n=len(y), events=events, too_few=few, metrics=found)


def _further(task: Task, y: np.ndarray, p: np.ndarray, own: np.ndarray | None) -> dict[str, Figure]:
    """Measures that are asked of groups only: mean estimate, false positive rate, error rate."""
    if task.kind == "multiclass":
        return {}
    found = {"mean_estimate": mean(p, own)}
    if task.cut is not None and task.kind == "binary":
        chosen, without = p >= task.cut, y == 0
        apart = None if own is None else own[without]
        found["false_positive_rate"] = share(chosen[without], apart, empty="no_non_events")
        found["error_rate"] = share(chosen != (y == 1), own, empty="no_rows")
    return found
