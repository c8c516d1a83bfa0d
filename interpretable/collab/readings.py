"""The same answers read in several ways, measured against the small model on the same rows.

- raw: the probabilities of the labels, as they came.
- contextual: what the model answers to a row without content is taken off (Zhao et al., 2021).
- batch: the mean log probability of each label over the calibration rows is taken off; no outcome is needed
  (Zhou et al., 2024).
- fitted: Platt scaling on the calibration rows (several classes: temperature); amounts: a line.

None can turn the ranking round: a language model that ranks backwards is shown as one that does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from interpretable.collab.recalibrate import chances, recalibrate
from interpretable.evaluate.compare import compare
from interpretable.evaluate.figure import absent, proportion, whole
from interpretable.evaluate.judged import Judged
from interpretable.evaluate.measure import metrics_of
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Comparison, Figure
from interpretable.records.exchange import DecisionCost
from interpretable.records.llm_baseline import Gain, MoreCorrect, Overrides, Reading, ReadingName
from interpretable.records.task import Task
from interpretable.stats import delong
from interpretable.stats.discordant import discordant_p, paired_difference
from interpretable.stats.metrics import auroc, macro_auroc

RESAMPLES = 1000
LEVEL = 0.05
SHOWN = {
    "binary": ("auroc", "log_loss", "brier", "accuracy"),
    "multiclass": ("auroc", "log_loss", "brier", "accuracy"),
    "regression": ("mae", "rmse"),
}
SMALL = "small"


def read_all(
    task: Task,
    held: np.ndarray,
    target: np.ndarray,
    asked: np.ndarray,
    *,
    free: np.ndarray | None,
    shares: np.ndarray,
) -> tuple[dict[ReadingName, np.ndarray], dict[str, float]]:
    """Predictions of every reading, as `measure` takes them, and how the fitted one was fitted.

    Parameters
    ----------
    held, asked : f8[n, K] log probabilities (f8[n, 1] amounts) of calibration and asked rows; nan: unread.
    target : of the calibration rows.
    free : f8[K] mean log probabilities for rows without content; None: not known.
    shares : f8[K] class shares (f8[1] mean) of the training part: what an unread row holds.
    """
    if task.kind == "regression":
        return _amounts(held[:, 0], target, asked[:, 0], float(shares[0]))
    read = ~np.isnan(held[:, 0])
    offsets: dict[ReadingName, np.ndarray] = {"raw": np.zeros(len(shares))}
    if free is not None:
        offsets["contextual"] = free
    if read.any():
        offsets["batch"] = held[read].mean(axis=0)
    found = {name: chances(asked - taken, shares) for name, taken in offsets.items()}
    if len(shares) == 2:
        found = {name: p[:, 1] for name, p in found.items()}
    _, fitted, fit = recalibrate(held, target, asked, shares)
    return found | {"fitted": fitted}, fit


def _amounts(
    held: np.ndarray, target: np.ndarray, asked: np.ndarray, middle: float
) -> tuple[dict[ReadingName, np.ndarray], dict[str, float]]:
    """As they came, and on a line fitted by least squares whose slope is not negative."""
    read, answered = ~np.isnan(held), ~np.isnan(asked)
    slope, intercept = 0.0, float(target[read].mean()) if read.any() else middle
    if read.sum() > 1 and np.ptp(held[read]) > 0:
        apart = held[read] - held[read].mean()
        slope = max(0.0, float(apart @ target[read] / (apart @ apart)))
        intercept -= slope * float(held[read].mean())
    raw = np.where(answered, asked, middle)
    line = np.where(answered, slope * asked + intercept, middle)
    fit = {"slope": slope, "intercept": intercept, "rows": float(read.sum()), "signal": float(slope > 0)}
    return {"raw": raw, "fitted": line}, fit


def metrics(rows: Dataset, predicted: np.ndarray, *, seed: int) -> dict[str, Figure]:
    """The metrics that are shown, with 95 % intervals; accuracy at the task's line, else at one half."""
    task = rows.task
    found = metrics_of(task, rows.target, predicted, seed=seed, resamples=RESAMPLES)
    if task.kind != "regression":
        right = _right(rows, predicted)
        found["accuracy"] = proportion(int(right.sum()), len(right), empty="no_rows")
    return {name: found[name] for name in SHOWN[task.kind]}


def _right(rows: Dataset, predicted: np.ndarray) -> np.ndarray:
    return Judged(rows=rows, predicted=predicted).wrong == 0


def compare_readings(
    rows: Dataset, readings: dict[ReadingName, np.ndarray], small: np.ndarray, *, seed: int
) -> tuple[Reading, ...]:
    """Every reading measured, and its paired differences from the small model."""
    given = {SMALL: small} | {str(name): predicted for name, predicted in readings.items()}
    found = compare(rows.task, rows.target, given, against=SMALL, seed=seed, resamples=RESAMPLES)
    shown = set(SHOWN[rows.task.kind])
    kept = [c for c in found if c.metric in shown and c.metric != "accuracy"]
    kept = [replace(c, **_area(rows, given[c.model], small)) if c.metric == "auroc" else c for c in kept]
    if rows.task.kind != "regression":
        kept += [_accuracy(rows, p, small, name) for name, p in readings.items()]
    return tuple(
        Reading(
            name=name,
            metrics=metrics(rows, predicted, seed=seed),
            comparisons=tuple(c for c in kept if c.model == name),
        )
        for name, predicted in readings.items()
    )


def _area(rows: Dataset, ours: np.ndarray, small: np.ndarray) -> dict[str, Any]:
    """The difference of AUROCs with the interval that the verdict rests on."""
    from scipy.special import stdtr

    _, gain, error, freedom = _paired(rows, ours, small)
    p = 2 * float(stdtr(freedom, -abs(gain) / error)) if freedom > 0 and error > 0 else None
    return {"difference": gain_of(rows, ours, small, modes=1).figure, "p_value": p, "method": "delong t"}


def _accuracy(rows: Dataset, predicted: np.ndarray, small: np.ndarray, name: str) -> Comparison:
    ours, theirs = _right(rows, predicted), _right(rows, small)
    gained, lost, n = int((ours & ~theirs).sum()), int((theirs & ~ours).sum()), len(rows)
    edges = paired_difference(gained, lost, n)
    p = min(1.0, 2 * min(discordant_p(gained, lost), discordant_p(lost, gained)))
    return Comparison(
        model=name,
        against=SMALL,
        metric="accuracy",
        difference=whole((gained - lost) / n, edges, "bonett-price"),
        p_value=p,
        method="mcnemar exact",
        n=n,
    )


def gain_of(rows: Dataset, ours: np.ndarray, small: np.ndarray, *, modes: int) -> Gain:
    """How much better than the small model by the first metric, with the ends that the verdict uses.

    AUROC (several classes: the mean one against the rest) with DeLong's paired standard error and Student's t
    with as many degrees of freedom as the rarest class has rows, less one: with five events a normal
    quantile would promise too much. Amounts: the fall of the absolute error, Student's t.

    Parameters
    ----------
    modes : how many modes are tested; the lower end is shared by all of them (Bonferroni).
    """
    from scipy.special import stdtrit

    metric, gain, error, freedom = _paired(rows, ours, small)
    if freedom < 1 or not math.isfinite(error) or not math.isfinite(gain):
        known = math.isfinite(gain)
        figure = Figure(value=gain, reason="no_interval") if known else absent("one_class")
        return Gain(metric=metric, figure=figure, lower=None, upper=None)
    lower = gain + float(stdtrit(freedom, LEVEL / modes)) * error
    upper = gain + float(stdtrit(freedom, 1 - LEVEL)) * error
    half = float(stdtrit(freedom, 0.975)) * error
    method = "t" if metric == "mae" else "delong t"
    edges = gain - half, gain + half
    if metric == "auroc":
        edges = max(edges[0], -1.0), min(edges[1], 1.0)
    figure = whole(gain, edges, method, point=True)
    return Gain(metric=metric, figure=figure, lower=lower, upper=upper)


def _paired(rows: Dataset, ours: np.ndarray, small: np.ndarray) -> tuple[str, float, float, int]:
    """Metric, gain, its standard error, degrees of freedom."""
    y = rows.target
    if rows.task.kind == "regression":
        falls = np.abs(small - y) - np.abs(ours - y)
        spread = float(falls.std(ddof=1)) if len(y) > 1 else math.nan
        return "mae", float(falls.mean()), spread / math.sqrt(len(y)), len(y) - 1
    wide = rows.task.kind == "multiclass"
    area = macro_auroc if wide else auroc
    parts = delong.macro_contributions if wide else delong.contributions
    gain, error, _ = delong.paired(area(y, ours), parts(y, ours), area(y, small), parts(y, small))
    counts = np.unique(y, return_counts=True)[1]
    return "auroc", gain, error, int(counts.min()) - 1 if len(counts) > 1 else 0


def verdict_of(gains: Sequence[Gain]) -> tuple[str, str]:
    """helps: some mode's lower end is above 0. does_not_help: every mode's upper end is below 0."""
    if not gains:
        return "cannot_tell", "nothing_ran"
    if any(g.lower is not None and g.lower > 0 for g in gains):
        return "helps", "better"
    if all(g.upper is not None and g.upper < 0 for g in gains):
        return "does_not_help", "worse"
    return "cannot_tell", "open"


def overrides_of(rows: Dataset, said: np.ndarray, told: np.ndarray, read: np.ndarray) -> Overrides:
    """How often the language model keeps to the answer it was told, and who is right where it does not.

    said, told : i8[n] likeliest class of the language model (raw), and of the small model.
    read : bool[n], rows whose answer could be read; others are no change of mind.
    """
    y = rows.target
    changed = read & (said != told)
    right, small_right = int((changed & (said == y)).sum()), int((changed & (told == y)).sum())
    return Overrides(
        n=int(read.sum()),
        changed=proportion(int(changed.sum()), int(read.sum()), empty="no_rows"),
        changes=int(changed.sum()),
        right=right,
        small_right=small_right,
        p_value=discordant_p(right, small_right),
    )


def more_correct(reading: Reading, cost: DecisionCost, small: DecisionCost) -> MoreCorrect | None:
    """What one more right decision costs; None for amounts, which have no right and wrong."""
    own = next((c.difference for c in reading.comparisons if c.metric == "accuracy"), None)
    if own is None or own.value is None:
        return None
    per = cost.decisions
    more = Figure(
        value=per * own.value,
        low=None if own.low is None else per * own.low,
        high=None if own.high is None else per * own.high,
        method=own.method,
        reason=own.reason,
    )
    extra = {
        "seconds": cost.seconds - small.seconds,
        "tokens": cost.tokens - small.tokens,
        "money": cost.money - small.money,
    }
    found = {}
    for name, amount in extra.items():
        if more.value is not None and more.value > 0:
            found[name] = amount / more.value
        if more.high is not None and more.high > 0:
            found[f"{name}_least"] = amount / more.high
    if more.low is not None and more.low > 0:
        found["seconds_most"] = extra["seconds"] / more.low
    return MoreCorrect(more=more, **found)
