"""Everything that is said about one model on one set of rows."""

from __future__ import annotations

import numpy as np

from interpretable.data.rows import group_keys
from interpretable.evaluate import binary, multiclass, regression
from interpretable.evaluate.figure import mean, share
from interpretable.evaluate.real import checked
from interpretable.records.evaluation import CalibrationBin, Figure, Measures, NetBenefitPoint
from interpretable.records.task import Task
from interpretable.stats import calibration, clustered, metrics, net_benefit


def measure(
    task: Task,
    target: np.ndarray,
    predicted: np.ndarray,
    *,
    seed: int = 0,
    resamples: int = 2000,
    classes: tuple[str, ...] = (),
    groups: np.ndarray | None = None,
) -> Measures:
    """Every metric of the task's kind with a 95 % interval, and the curves drawn from the same rows.

    Parameters
    ----------
    target : [n] 0/1 (binary), class index (multiclass), number (regression)
    predicted : f8[n] probability of the positive class, f8[n, K], or f8[n]
    resamples : of the bootstrap, for the figures that need it
    classes : names for `per_class`, in the order of the columns of `predicted`; without them "0", "1", ...

    groups : [n] person (or other unit) of each row; rows of one group are not taken as independent

    A figure that cannot be computed is there with value None and a reason code; nothing is raised for that.

    Raises
    ------
    BrokenPromise
        Predictions of the wrong shape, not finite, or not probabilities.

    Examples
    --------
    >>> from interpretable.records.task import Task
    >>> task = Task(name="t", kind="binary", target="y", columns=(), positive="yes")
    >>> y, p = np.array([0, 0, 1, 1] * 20), np.array([0.1, 0.4, 0.35, 0.8] * 20)
    >>> measure(task, y, p, resamples=50).metrics["auroc"].value
    0.75
    """
    y, p = checked(task, target, predicted)
    found, own = metrics_of(task, y, p, seed=seed, resamples=resamples, groups=groups), together(groups)
    if task.kind == "multiclass":
        return _of_classes(y, p, found, (classes, own))
    if task.kind == "regression":
        return Measures(n=len(y), events=None, metrics=found, calibration=_bins(p, y, own, exact=False))
    return Measures(
        n=len(y),
        events=int(y.sum()),
        metrics=found,
        calibration=_bins(p, y, own, exact=True),
        decision_curve=_curve(y, p, own) if len(y) else (),
        confusion=_confusion(y, (p >= task.cut).astype(int), 2) if task.cut is not None else (),
    )


def metrics_of(
    task: Task,
    y: np.ndarray,
    p: np.ndarray,
    *,
    seed: int,
    resamples: int,
    groups: np.ndarray | None = None,
) -> dict[str, Figure]:
    """Only the metrics. `groups` as for `measure`."""
    own = together(groups)
    if task.kind == "binary":
        return binary.figures(y, p, cut=task.cut, seed=seed, resamples=resamples, groups=own)
    if task.kind == "multiclass":
        return multiclass.figures(y, p, seed=seed, resamples=resamples, groups=own)
    return regression.figures(y, p, seed=seed, resamples=resamples, groups=own)


def together(groups: np.ndarray | None) -> np.ndarray | None:
    """Which rows belong together, 0..G-1; None where every row stands alone. No group: alone."""
    return None if groups is None else clustered.codes(group_keys(groups))


def _of_classes(
    y: np.ndarray,
    p: np.ndarray,
    found: dict[str, Figure],
    how: tuple[tuple[str, ...], np.ndarray | None],
) -> Measures:
    """Calibration is that of the most probable class: its probability against how often it happened."""
    count = p.shape[1]
    guess = p.argmax(axis=1) if len(y) else np.zeros(0, dtype=int)
    return Measures(
        n=len(y),
        events=None,
        metrics=found,
        calibration=_bins(p.max(axis=1) if len(y) else np.zeros(0), guess == y, how[1], exact=True),
        confusion=_confusion(y, guess, count),
        per_class=multiclass.per_class(y, p, how[0] or tuple(str(k) for k in range(count)), how[1]),
    )


def _bins(
    predicted: np.ndarray, observed: np.ndarray, groups: np.ndarray | None, *, exact: bool
) -> tuple[CalibrationBin, ...]:
    """Mean observed against mean predicted per bin: Wilson for shares, Student's t for numbers."""
    found = []
    for rows in calibration.bins(predicted):
        own = None if groups is None else clustered.codes(groups[rows])
        seen = observed[rows]
        figure = share(seen == 1, own, empty="no_rows") if exact else mean(seen, own)
        found.append(CalibrationBin(predicted=float(predicted[rows].mean()), observed=figure, n=len(rows)))
    return tuple(found)


def _curve(y: np.ndarray, p: np.ndarray, groups: np.ndarray | None) -> tuple[NetBenefitPoint, ...]:
    return tuple(
        NetBenefitPoint(
            threshold=point.threshold,
            model=point.model,
            treat_all=point.everyone,
            low=point.edges[0],
            high=point.edges[1],
            gain_low=point.gain_edges[0],
            gain_high=point.gain_edges[1],
        )
        for point in net_benefit.curve(y, p, groups=groups)
    )


def _confusion(y: np.ndarray, guess: np.ndarray, classes: int) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in metrics.confusion(y, guess, classes).tolist())
