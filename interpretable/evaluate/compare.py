"""Is one model better than another? Paired, on the same rows, never from overlapping intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from interpretable.errors import BrokenPromise
from interpretable.evaluate import regression
from interpretable.evaluate.figure import absent, whole
from interpretable.evaluate.measure import together
from interpretable.evaluate.real import checked
from interpretable.records.evaluation import Comparison, Figure
from interpretable.records.task import Task
from interpretable.stats import bootstrap, clustered, delong, metrics

RESAMPLED = {
    "binary": ("log_loss", "brier"),
    "multiclass": ("log_loss", "brier", "accuracy"),
    "regression": ("rmse", "mae", "r2"),
}


def compare(
    task: Task,
    target: np.ndarray,
    predictions: dict[str, np.ndarray],
    *,
    against: str,
    seed: int = 0,
    resamples: int = 2000,
    groups: np.ndarray | None = None,
) -> tuple[Comparison, ...]:
    """Each other model minus `against`, metric by metric.

    AUROC: DeLong's paired test (multiclass: the mean one-against-the-rest area, from the same contributions).
    All others: paired bootstrap, percentile interval, two-sided p = (b + 1) / (m + 1) from recentred
    resamples. p-values are not adjusted for the number of comparisons.

    Parameters
    ----------
    predictions : model name -> predictions of the same rows, as for `measure`
    against : a key of `predictions`
    groups : [n] person (or other unit) of each row: variances and resamples are by group

    Returns
    -------
    tuple of Comparison, in the order of `predictions`; for a loss (log_loss, brier, rmse, mae) a positive
    difference means the other model is worse. Not computable: difference.value None with a reason, p None.
    """
    if against not in predictions:
        raise BrokenPromise(f"No predictions of {against!r} to compare with: {', '.join(predictions)}.")
    given = {name: checked(task, target, p)[1] for name, p in predictions.items()}
    y = checked(task, target, predictions[against])[0]
    others = [name for name in given if name != against]
    own = together(groups)
    areas = {} if task.kind == "regression" else _areas(task, y, given, others, (against, own))
    rest = _resampled(task, y, given, others, (against, seed, resamples, own)) if others else {}
    return tuple(c for name in others for c in (*areas.get(name, ()), *rest[name]))


def _areas(
    task: Task,
    y: np.ndarray,
    given: dict[str, np.ndarray],
    others: Sequence[str],
    how: tuple[str, np.ndarray | None],
) -> dict[str, tuple[Comparison, ...]]:
    """DeLong's test of the AUROCs, Obuchowski's where rows come in groups."""
    against, groups = how
    method = "delong" if groups is None else "delong cluster"
    freedom = None if groups is None else max(int(groups.max()), 1)
    binary = task.kind == "binary"
    area = metrics.auroc if binary else metrics.macro_auroc
    spread = delong.contributions if binary else delong.macro_contributions
    known = {name: (area(y, given[name]), spread(y, given[name], groups)) for name in (against, *others)}
    found: dict[str, tuple[Comparison, ...]] = {}
    for name in others:
        figure, p = absent("one_class" if len(y) else "no_rows"), None
        if not math.isnan(known[against][0]):
            difference, error, p = delong.paired(*known[name], *known[against], freedom=freedom)
            z = delong.Z if groups is None else clustered.quantile(groups)
            edges = None if math.isnan(p) else (difference - z * error, difference + z * error)
            figure, p = whole(difference, edges, method, point=True), None if math.isnan(p) else p
        found[name] = (_row(name, against, "auroc", figure, p, (len(y), method)),)
    return found


def _row(
    name: str, against: str, metric: str, figure: Figure, p: float | None, how: tuple[int, str]
) -> Comparison:
    n, method = how
    return Comparison(
        model=name, against=against, metric=metric, difference=figure, p_value=p, method=method, n=n
    )


def _statistic(task: Task, y: np.ndarray, p: np.ndarray) -> bootstrap.Statistic:
    """Weights -> the metrics of RESAMPLED for this kind of task."""
    if task.kind == "regression":
        return regression.statistic(y, p)
    columns = [metrics.log_losses(y, p), metrics.brier_losses(y, p)]
    if task.kind == "multiclass":
        columns.append((p.argmax(axis=1) == y).astype(float))
    return bootstrap.weighted_mean(np.column_stack(columns))


def _resampled(
    task: Task,
    y: np.ndarray,
    given: dict[str, np.ndarray],
    others: Sequence[str],
    how: tuple[str, int, int, np.ndarray | None],
) -> dict[str, tuple[Comparison, ...]]:
    """Paired bootstrap: every model sees the same resamples."""
    against, seed, resamples, groups = how
    names, n = RESAMPLED[task.kind], len(y)
    told = n, "bootstrap" if groups is None else "bootstrap cluster"
    units = n if groups is None else int(groups.max(initial=-1)) + 1
    if n == 0:
        return {o: tuple(_row(o, against, m, absent("no_rows"), None, told) for m in names) for o in others}
    base, each = _statistic(task, y, given[against]), [_statistic(task, y, given[o]) for o in others]

    def differences(w: np.ndarray) -> np.ndarray:
        start = base(w)
        return np.column_stack([one(w) - start for one in each])

    value = differences(np.ones((1, n)))[0].reshape(len(others), len(names))
    draws = bootstrap.distribution(differences, n, resamples=resamples, seed=seed, groups=groups)
    draws = draws.reshape(resamples, len(others), len(names))
    found = {}
    for i, other in enumerate(others):
        found[other] = tuple(
            _resampled_row((other, against, m), value[i, j], (draws[:, i, j], units), told)
            for j, m in enumerate(names)
        )
    return found


def _resampled_row(
    names: tuple[str, str, str], value: float, drawn: tuple[np.ndarray, int], told: tuple[int, str]
) -> Comparison:
    draws, units = drawn
    if not math.isfinite(value):
        return _row(*names, absent("constant_target"), None, told)
    figure = whole(value, bootstrap.percentile(draws, units=units), told[1], point=True)
    return _row(*names, figure, bootstrap.p_value(draws, float(value)), told)
