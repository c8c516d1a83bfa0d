"""Models that do about as well with a smaller difference between groups. A person decides; nothing switches.

The search looks at out-of-fold predictions of training rows only; what it finds is measured again on the test
part, which it did not see. Gaps of two models are compared at the same number selected: a model that selects
fewer has smaller gaps for that reason alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from interpretable.evaluate.bands import NOT_KNOWN, SMALL, groups_of
from interpretable.evaluate.compare import compare
from interpretable.evaluate.disparity import (
    Measure,
    closed,
    clusters_of,
    from_persons,
    measures_of,
    value_of,
    weighted,
)
from interpretable.evaluate.figure import absent, whole
from interpretable.evaluate.groups import enough
from interpretable.evaluate.real import require_real
from interpretable.records.dataset import Dataset
from interpretable.records.disparity import Alternative, AlternativeGap
from interpretable.records.evaluation import Figure
from interpretable.records.task import Task
from interpretable.stats import bootstrap, metrics

METRIC = {"binary": "auroc", "multiclass": "log_loss", "regression": "rmse"}
ASKED = {
    "line": ("selection_rate", "sensitivity"),
    "binary": ("mean_estimate",),
    "multiclass": ("accuracy",),
    "regression": ("bias", "mean_estimate"),
}
_QUALITY = {"auroc": metrics.auroc, "log_loss": metrics.log_loss, "rmse": metrics.rmse}


@dataclass(frozen=True, kw_only=True)
class Watched:
    """One gap that every model is asked for: fixed on training rows, by the model in use."""

    column: str
    group: str
    reference: str
    metric: str
    gap: float  # of the model in use, out of fold


def performance(task: Task, y: np.ndarray, p: np.ndarray) -> float:
    """AUROC, log loss or RMSE."""
    return float(_QUALITY[METRIC[task.kind]](y, p))


def allowed(task: Task, in_use: float) -> float:
    """How much worse than the model in use still counts as near-equal, in units of the metric."""
    return task.plan.margin if task.kind == "binary" else task.plan.margin * abs(in_use)


def selected_alike(task: Task, p: np.ndarray, base: np.ndarray) -> np.ndarray | None:
    """bool[n]: as many rows as `base` puts above the line, those with the highest p; None without a line."""
    if task.kind != "binary" or task.cut is None:
        return None
    chosen = np.zeros(len(p), dtype=bool)
    count = int((base >= task.cut).sum())
    chosen[np.argsort(-p, kind="stable")[:count]] = True
    return chosen


def _measures(rows: Dataset, p: np.ndarray, base: np.ndarray) -> dict[str, Measure]:
    return measures_of(rows.task, rows.target, p, chosen=selected_alike(rows.task, p, base))


def asked_of(task: Task) -> tuple[str, ...]:
    return ASKED["line" if task.kind == "binary" and task.cut is not None else task.kind]


def watch(rows: Dataset, base: np.ndarray, *, test: Dataset | None = None) -> tuple[Watched, ...]:
    """Per sensitive column and measure the two groups that the model in use sets furthest apart.

    The largest gap on the first measure of the task's kind comes first: it leads the search. Groups that are
    too small to be measured in `test` are passed over where two larger ones are left.
    """
    known = measures_of(rows.task, rows.target, base)
    found = []
    for column in rows.task.grouping_columns:
        groups = _large(rows, column.name)
        able = {} if test is None else _large(test, column.name)
        groups = {g: r for g, r in groups.items() if g in able} if len(groups.keys() & able) > 1 else groups
        for name in asked_of(rows.task):
            values = {g: value_of(known[name], place) for g, place in groups.items()}
            values = {g: v for g, v in values.items() if np.isfinite(v)}
            if len(values) >= 2:
                high, low = max(values, key=values.__getitem__), min(values, key=values.__getitem__)
                gap = values[high] - values[low]
                found.append(
                    Watched(column=column.name, group=high, reference=low, metric=name, gap=float(gap))
                )
    first = asked_of(rows.task)[0]
    return tuple(sorted(found, key=lambda one: (one.metric != first, -abs(one.gap))))


def _large(rows: Dataset, column: str) -> dict[str, np.ndarray]:
    spec = rows.task.column(column)
    groups = groups_of(rows.frame[column].to_numpy(), spec)
    return {
        name: place
        for name, place in groups
        if name not in (NOT_KNOWN, SMALL) and enough(rows.task, rows.target[place])
    }


def place_of(rows: Dataset, column: str, group: str) -> np.ndarray:
    """Rows of a named group; none where these rows have no such group."""
    groups = dict(groups_of(rows.frame[column].to_numpy(), rows.task.column(column)))
    return groups.get(group, np.zeros(0, dtype=np.int64))


def gap_of(rows: Dataset, one: Watched, p: np.ndarray, base: np.ndarray) -> float:
    """The watched gap of predictions p, at the number selected by `base`; NaN where a group is too small."""
    measure = _measures(rows, p, base)[one.metric]
    sides = [place_of(rows, one.column, g) for g in (one.group, one.reference)]
    if not all(len(side) for side in sides):
        return float("nan")
    return value_of(measure, sides[0]) - value_of(measure, sides[1])


def searched(
    rows: Dataset, watched: Sequence[Watched], p: np.ndarray, base: np.ndarray, *, kind: str, model: str,
    without: tuple[str, ...] = (),
) -> Alternative:  # fmt: skip
    """An alternative as the search sees it.

    Parameters
    ----------
    rows : training rows; `p`, `base` : out-of-fold predictions of the alternative and of the model in use
    watched : what `watch` returned
    """
    task = rows.task
    in_use, value = (performance(task, rows.target, each) for each in (base, p))
    behind = (in_use - value) * (1.0 if task.kind == "binary" else -1.0)
    gaps = [
        AlternativeGap(
            column=w.column, group=w.group, reference=w.reference, metric=w.metric,
            searched=gap_of(rows, w, p, base), searched_in_use=gap_of(rows, w, base, base),
        )
        for w in watched
    ]  # fmt: skip
    gaps = [g for g in gaps if np.isfinite(g.searched) and np.isfinite(g.searched_in_use)]
    near = behind <= allowed(task, in_use)
    smaller = near and bool(gaps) and abs(gaps[0].searched) < abs(gaps[0].searched_in_use)
    return Alternative(
        kind=kind, model=model, without=without, metric=METRIC[task.kind], value=value, behind=behind,
        near=near, smaller=smaller, gaps=tuple(gaps),
    )  # fmt: skip


def confirmed(
    found: Alternative,
    test: Dataset,
    p: np.ndarray,
    base: np.ndarray,
    *,
    seed: int = 0,
    resamples: int = 2000,
) -> Alternative:
    """The alternative with its performance and gaps on the test part, each difference with an interval."""
    require_real(test)
    both = {"alternative": p, "in use": base}
    differences = compare(
        test.task, test.target, both, against="in use", seed=seed, resamples=min(resamples, 1000)
    )
    performance_change = next(c.difference for c in differences if c.metric == found.metric)
    gaps = tuple(_confirmed_gap(gap, test, p, base, (seed, resamples)) for gap in found.gaps)
    return replace(found, performance=performance_change, gaps=gaps)


def _confirmed_gap(
    gap: AlternativeGap, test: Dataset, p: np.ndarray, base: np.ndarray, how: tuple[int, int]
) -> AlternativeGap:
    sides = [place_of(test, gap.column, g) for g in (gap.group, gap.reference)]
    if not all(enough(test.task, test.target[side]) for side in sides):
        lacking = absent("too_few_rows")
        return replace(gap, confirmed=lacking, confirmed_in_use=lacking, change=lacking)
    persons = clusters_of(test)
    ours, own = (_measures(test, each, base)[gap.metric] for each in (p, base))

    def figure(measure: Measure) -> Figure:
        if persons is None:
            return closed(measure, sides[0], sides[1])[0]
        return from_persons(measure, sides[0], sides[1], persons, how)[0]

    return replace(
        gap,
        confirmed=figure(ours),
        confirmed_in_use=figure(own),
        change=_change(ours, own, sides, persons, how, sign=1.0 if gap.searched_in_use >= 0 else -1.0),
    )


def _change(
    ours: Measure, own: Measure, sides: Sequence[np.ndarray], persons: np.ndarray | None,
    how: tuple[int, int], *, sign: float,
) -> Figure:  # fmt: skip
    """Gap of one model minus gap of the other on the same rows; paired bootstrap."""
    statistics = [[weighted(m, side) for side in sides] for m in (ours, own)]
    values = [[value_of(m, side) for side in sides] for m in (ours, own)]
    value = sign * ((values[0][0] - values[0][1]) - (values[1][0] - values[1][1]))
    if not np.isfinite(value):
        return absent("too_few_rows")
    codes = np.arange(_rows_of(ours)) if persons is None else persons
    draws = []
    for w in bootstrap.weights(int(codes.max()) + 1, resamples=how[1], seed=how[0]):
        rows = w[:, codes]
        (a, b), (c, d) = ([one(rows) for one in pair] for pair in statistics)
        draws.append(sign * ((a - b) - (c - d)))
    return whole(value, bootstrap.percentile(np.concatenate(draws)), "bootstrap", point=True)


def _rows_of(measure: Measure) -> int:
    return len(measure.observed if hasattr(measure, "observed") else measure.above)
