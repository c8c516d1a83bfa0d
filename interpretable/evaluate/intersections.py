"""People who are in one group of several sensitive columns at once, against everybody else."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np

from interpretable.evaluate.bands import SMALL_ROWS, groups_of
from interpretable.evaluate.disparity import (
    Measure,
    closed,
    clusters_of,
    from_persons,
    interval_of,
    measures_of,
)
from interpretable.evaluate.groups import FLOOR_ROWS, enough
from interpretable.evaluate.real import checked, require_real
from interpretable.records.dataset import Dataset
from interpretable.records.disparity import Crossing
from interpretable.records.task import Task
from interpretable.stats import permutation, two_groups
from interpretable.stats.delong import Z

COMBINATIONS = 15  # of columns, at most
LISTED = 40  # crossings with too few rows that are named
ASKED = {
    "line": ("selection_rate", "sensitivity", "false_positive_rate", "auroc"),
    "binary": ("mean_estimate", "oe_ratio", "auroc"),
    "multiclass": ("accuracy", "auroc"),
    "regression": ("mean_estimate", "bias"),
}


@dataclass(frozen=True, eq=False)
class _Cell:
    columns: tuple[str, ...]
    groups: tuple[str, ...]
    rows: np.ndarray


def crossings(
    test: Dataset, predicted: np.ndarray, *, seed: int = 0, resamples: int = 2000
) -> tuple[Crossing, ...]:
    """Every pair of sensitive columns, and triples with at least 100 rows for each crossing on average.

    Each crossing is compared with all other rows of the test part: no reference has to be picked. The
    largest differences come first, measure by measure; they are the largest partly by luck, so each is also
    given drawn in towards the others (empirical Bayes). p-values are adjusted together (Holm). Crossings of
    fewer than 50 rows, 10 events or 10 non-events have no figures; those of fewer than 5 are not named.
    """
    require_real(test)
    task = test.task
    y, p = checked(task, test.target, predicted)
    measures = measures_of(task, y, p)
    cells = _cells(test)
    large = [cell for cell in cells if enough(task, y[cell.rows]) and len(y) - len(cell.rows) >= FLOOR_ROWS]
    persons = clusters_of(test)
    found: list[Crossing] = []
    for name in ASKED["line" if task.kind == "binary" and task.cut is not None else task.kind]:
        own = [_measured(task, cell, y, name, measures[name], persons, (seed, resamples)) for cell in large]
        found += _drawn_in([one for one in own if one.difference and one.difference.value is not None])
    few = [cell for cell in cells if not enough(task, y[cell.rows])][:LISTED]
    return (*_adjusted(found), *(_named(task, cell, y, too_few=True) for cell in few))


def _cells(test: Dataset) -> list[_Cell]:
    grouped = {c.name: groups_of(test.frame[c.name].to_numpy(), c) for c in test.task.grouping_columns}
    pairs = list(itertools.combinations(grouped, 2))
    triples = [
        t
        for t in itertools.combinations(grouped, 3)
        if len(test) >= 2 * FLOOR_ROWS * np.prod([len(grouped[c]) for c in t], dtype=float)
    ]
    found = []
    for columns in [*pairs, *triples][:COMBINATIONS]:
        found += _crossed(columns, [grouped[c] for c in columns], len(test))
    return found


def _crossed(columns: tuple[str, ...], groups: list[list[tuple[str, np.ndarray]]], n: int) -> list[_Cell]:
    codes = []
    for own in groups:
        code = np.zeros(n, dtype=np.int64)
        for place, (_, rows) in enumerate(own):
            code[rows] = place
        codes.append(code)
    cells, which, counts = np.unique(np.column_stack(codes), axis=0, return_inverse=True, return_counts=True)
    which = which.reshape(-1)
    return [
        _Cell(
            columns, tuple(own[k][0] for own, k in zip(groups, cell, strict=True)), np.flatnonzero(which == i)
        )
        for i, cell in enumerate(cells.tolist())
        if counts[i] >= SMALL_ROWS
    ]


def _named(task: Task, cell: _Cell, y: np.ndarray, *, too_few: bool) -> Crossing:
    events = int(y[cell.rows].sum()) if task.kind == "binary" else None
    return Crossing(
        columns=cell.columns, groups=cell.groups, n=len(cell.rows), events=events, too_few=too_few
    )


def _measured(
    task: Task, cell: _Cell, y: np.ndarray, name: str, measure: Measure, persons: np.ndarray | None,
    how: tuple[int, int],
) -> Crossing:  # fmt: skip
    others = np.setdiff1d(np.arange(len(y)), cell.rows)
    if persons is None:
        difference, _, p = closed(measure, cell.rows, others)
    else:
        difference, _, p = from_persons(measure, cell.rows, others, persons, how)
    return replace(
        _named(task, cell, y, too_few=False),
        metric=name,
        value=interval_of(measure, cell.rows, persons),
        difference=difference,
        p_value=p,
    )


def _drawn_in(found: list[Crossing]) -> list[Crossing]:
    """Sorted by size, with the empirical Bayes figure; its error is read off the interval."""
    if not found:
        return []
    known = [one.difference for one in found if one.difference is not None]
    values = np.array([figure.value for figure in known], dtype=float)
    widths = [
        np.inf if figure.low is None or figure.high is None else (figure.high - figure.low) / (2 * Z)
        for figure in known
    ]
    kept = np.isfinite(widths)
    drawn = values.copy()
    drawn[kept] = two_groups.shrunk(values[kept], np.array(widths)[kept])
    order = np.argsort(-np.abs(values), kind="stable")
    return [replace(found[i], drawn_in=float(drawn[i])) for i in order]


def _adjusted(found: list[Crossing]) -> list[Crossing]:
    known = [i for i, one in enumerate(found) if one.p_value is not None]
    changed = permutation.holm(np.array([found[i].p_value for i in known], dtype=float)).tolist()
    by_place = dict(zip(known, changed, strict=True))
    return [replace(one, p_adjusted=by_place.get(i)) for i, one in enumerate(found)]
