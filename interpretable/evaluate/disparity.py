"""Groups of a sensitive column against a reference group: differences and ratios, each with an interval."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from interpretable.errors import UserError
from interpretable.evaluate.bands import NOT_KNOWN, SMALL, groups_of
from interpretable.evaluate.figure import absent, area, share, whole
from interpretable.evaluate.groups import enough
from interpretable.evaluate.real import checked, require_real
from interpretable.records.dataset import Dataset
from interpretable.records.disparity import GroupGap
from interpretable.records.evaluation import Figure
from interpretable.records.task import Task
from interpretable.stats import bootstrap, clustered, delong, metrics, permutation, two_groups

FEWEST = 10  # rows that a share is taken of
NO_RATIO = frozenset({"bias"})  # a mean around zero: its ratio says nothing
ALWAYS_POSITIVE = frozenset({"oe_ratio", "rmse"})


@dataclass(frozen=True, eq=False)
class Sums:
    """A measure that is sum(above) / sum(below) over rows; `share` of counts, or the root of a mean."""

    above: np.ndarray  # f8[n]
    below: np.ndarray
    share: bool = True
    root: bool = False


@dataclass(frozen=True, eq=False)
class Area:
    """AUROC; several classes: the mean of one against the rest."""

    observed: np.ndarray
    score: np.ndarray

    def value(self, rows: np.ndarray) -> float:
        if self.score.ndim == 2:
            return metrics.macro_auroc(self.observed[rows], self.score[rows])
        return metrics.auroc(self.observed[rows], self.score[rows])

    def error(self, rows: np.ndarray) -> float:
        parts = delong.macro_contributions if self.score.ndim == 2 else delong.contributions
        return math.sqrt(float((parts(self.observed[rows], self.score[rows]) ** 2).sum()))


Measure = Sums | Area


def measures_of(
    task: Task, y: np.ndarray, p: np.ndarray, *, chosen: np.ndarray | None = None
) -> dict[str, Measure]:
    """What groups are compared on, by the names of the glossary.

    Two classes: always AUROC, observed to expected and the mean estimate; with a decision line also the
    shares selected, rightly and wrongly. Several classes: AUROC and accuracy. Numbers: mean estimate, mean
    error, RMSE. `chosen` overrides who is selected by the line.
    """
    one = np.ones(len(y))
    if task.kind == "multiclass":
        return {"auroc": Area(y, p), "accuracy": Sums((p.argmax(axis=1) == y).astype(float), one)}
    if task.kind == "regression":
        return {
            "mean_estimate": Sums(p, one, share=False),
            "bias": Sums(p - y, one, share=False),
            "rmse": Sums((p - y) ** 2, one, share=False, root=True),
        }
    event = y.astype(float)
    found: dict[str, Measure] = {"prevalence": Sums(event, one)}
    if task.cut is not None:
        chosen = (p >= task.cut if chosen is None else chosen).astype(float)
        found |= {
            "selection_rate": Sums(chosen, one),
            "sensitivity": Sums(chosen * event, event),
            "false_positive_rate": Sums(chosen * (1 - event), 1 - event),
            "ppv": Sums(chosen * event, chosen),
            "error_rate": Sums(np.abs(chosen - event), one),
        }
    return found | {
        "auroc": Area(y, p),
        "oe_ratio": Sums(event, p, share=False),
        "mean_estimate": Sums(p, one, share=False),
    }


def compare_groups(
    test: Dataset,
    predicted: np.ndarray,
    *,
    reference: Mapping[str, str] | None = None,
    seed: int = 0,
    resamples: int = 2000,
) -> tuple[GroupGap, ...]:
    """Each group of each sensitive column against the reference group, measure by measure.

    Shares: Newcombe's interval of the difference, Koopman's of the ratio, the score test. AUROC: DeLong's
    variances of independent samples. Means and observed to expected: linearised standard errors. RMSE, and
    everything where `test.groups` says that a person has several rows: percentile bootstrap of persons.
    p-values are adjusted for being many by Holm's method, all together.

    Parameters
    ----------
    predicted : as for `measure`
    reference : column name -> group name; by default the largest group with a name

    Returns
    -------
    tuple of GroupGap. Groups of fewer than 50 rows, or 10 events, or 10 non-events are left out, and so is a
    column whose reference is too small.

    Raises
    ------
    UserError
        A reference that is no group of its column.
    """
    require_real(test)
    task = test.task
    y, p = checked(task, test.target, predicted)
    pairs = []
    for column in task.grouping_columns:
        groups = dict(groups_of(test.frame[column.name].to_numpy(), column))
        base = _reference(column.name, groups, (reference or {}).get(column.name, ""))
        large = {name: rows for name, rows in groups.items() if enough(task, y[rows])}
        if base in large:
            pairs += [
                (column.name, name, base, rows, large[base]) for name, rows in large.items() if name != base
            ]
    found = _compared(measures_of(task, y, p), pairs, clusters=clusters_of(test), how=(seed, resamples))
    return adjusted(found)


def _reference(column: str, groups: Mapping[str, np.ndarray], asked: str) -> str:
    if asked and asked not in groups:
        raise UserError(f"Column {column!r} has no group {asked!r} to compare with: {', '.join(groups)}.")
    named = [name for name in groups if name not in (NOT_KNOWN, SMALL)] or list(groups)
    return asked or max(named, key=lambda name: len(groups[name]), default="")


def clusters_of(rows: Dataset) -> np.ndarray | None:
    """One code per row, equal within a person; None where each row is a person of its own."""
    if rows.groups is None:
        return None
    from interpretable.data.rows import group_keys

    codes = np.unique(group_keys(rows.groups), return_inverse=True)[1]
    return codes if codes.max(initial=-1) + 1 < len(codes) else None


def adjusted(found: Sequence[GroupGap]) -> tuple[GroupGap, ...]:
    """With Holm's adjusted p-values over all of them."""
    known = [i for i, gap in enumerate(found) if gap.p_value is not None]
    changed = permutation.holm(np.array([found[i].p_value for i in known], dtype=float))
    by_place = dict(zip(known, changed.tolist(), strict=True))
    return tuple(replace(gap, p_adjusted=by_place.get(i)) for i, gap in enumerate(found))


Pair = tuple[str, str, str, np.ndarray, np.ndarray]  # column, group, reference, rows, rows of the reference


def _compared(
    measures: Mapping[str, Measure],
    pairs: Sequence[Pair],
    *,
    clusters: np.ndarray | None,
    how: tuple[int, int],
) -> list[GroupGap]:
    asked = [(pair, name) for pair in pairs for name in measures]
    slow = [
        (i, pair, name)
        for i, (pair, name) in enumerate(asked)
        if clusters is not None or _rooted(measures[name])
    ]
    draws = _resampled([(measures[name], pair) for _, pair, name in slow], clusters, how)
    by_place = {i: draws[:, j] for j, (i, _, _) in enumerate(slow)}
    found = []
    for i, (pair, name) in enumerate(asked):
        column, group, base, rows, others = pair
        values = value_of(measures[name], rows), value_of(measures[name], others)
        slowly = i in by_place
        known = _from_draws(values, by_place[i]) if slowly else closed(measures[name], rows, others)
        difference, ratio, p = known
        found.append(
            GroupGap(
                column=column, group=group, reference=base, metric=name, n=len(rows), n_reference=len(others),
                value=_finite(values[0]), value_reference=_finite(values[1]), difference=difference,
                ratio=absent("not_defined") if name in NO_RATIO else ratio, p_value=p,
            )
        )  # fmt: skip
    return [gap for gap in found if gap.difference.value is not None]


def _finite(value: float) -> float:
    return value if math.isfinite(value) else 0.0


def _rooted(measure: Measure) -> bool:
    return isinstance(measure, Sums) and measure.root


def value_of(measure: Measure, rows: np.ndarray) -> float:
    """The measure on these rows; NaN where it is not defined."""
    if isinstance(measure, Area):
        return measure.value(rows)
    below = float(measure.below[rows].sum())
    if below <= 0.0 or (measure.share and below < FEWEST):
        return float("nan")
    value = float(measure.above[rows].sum()) / below
    return math.sqrt(value) if measure.root else value


Gap = tuple[Figure, Figure, float | None]  # difference, ratio, p


def closed(measure: Measure, rows: np.ndarray, others: np.ndarray) -> Gap:
    """Intervals in closed form, of independent rows."""
    values = value_of(measure, rows), value_of(measure, others)
    if not all(map(math.isfinite, values)):
        return absent("too_few_rows"), absent("too_few_rows"), None
    if isinstance(measure, Sums) and measure.share:
        counts = [
            (round(float(measure.above[r].sum())), round(float(measure.below[r].sum())))
            for r in (rows, others)
        ]
        return _of_shares(*counts[0], *counts[1])
    if isinstance(measure, Area):
        errors = measure.error(rows), measure.error(others)
        method = "delong"
    else:
        errors = tuple(  # type: ignore[assignment]  # two of them
            two_groups.ratio_of_sums(measure.above[r], measure.below[r])[1] for r in (rows, others)
        )
        method = "wald"
    return _of_errors(values, errors, method)


def _of_shares(hits: int, n: int, hits_other: int, n_other: int) -> Gap:
    gap = hits / n - hits_other / n_other
    edges = two_groups.share_difference(hits, n, hits_other, n_other)
    difference = whole(gap, edges, "newcombe")
    p = two_groups.share_p(hits, n, hits_other, n_other)
    if hits_other == 0:
        return difference, absent("reference_zero"), p
    edges = two_groups.ratio_score(hits, n, hits_other, n_other)
    return difference, whole(hits / n / (hits_other / n_other), edges, "koopman"), p


def _of_errors(values: tuple[float, float], errors: tuple[float, float], method: str) -> Gap:
    gap, error = values[0] - values[1], math.hypot(*errors)
    edges = (gap - delong.Z * error, gap + delong.Z * error) if error > two_groups.SUMMED else None
    p = two_groups.normal_p(gap, error) if edges else None
    if min(values) <= 0.0:
        return whole(gap, edges, method), absent("reference_zero"), p
    ratio = values[0] / values[1]
    relative = math.hypot(errors[0] / values[0], errors[1] / values[1])
    ratio_edges = two_groups.log_interval(ratio, relative) if edges else None
    return whole(gap, edges, method), whole(ratio, ratio_edges, "delta"), p


def _from_draws(values: tuple[float, float], draws: np.ndarray) -> Gap:
    """Percentile intervals from f8[b, 2] draws of both groups."""
    if not all(map(math.isfinite, values)):
        return absent("too_few_rows"), absent("too_few_rows"), None
    gap, moved = values[0] - values[1], draws[:, 0] - draws[:, 1]
    difference = whole(gap, bootstrap.percentile(moved), "bootstrap")
    p = bootstrap.p_value(moved, gap)
    if values[1] <= 0.0:
        return difference, absent("reference_zero"), p
    ratios = np.divide(draws[:, 0], draws[:, 1], out=np.full(len(draws), np.nan), where=draws[:, 1] > 0)
    return difference, whole(values[0] / values[1], bootstrap.percentile(ratios), "bootstrap"), p


def from_persons(
    measure: Measure, rows: np.ndarray, others: np.ndarray, persons: np.ndarray, how: tuple[int, int]
) -> Gap:
    """Intervals from resampled persons; `how` is the seed and the number of resamples."""
    draws = _resampled([(measure, ("", "", "", rows, others))], persons, how)
    return _from_draws((value_of(measure, rows), value_of(measure, others)), draws[:, 0])


def _resampled(
    asked: Sequence[tuple[Measure, Pair]], clusters: np.ndarray | None, how: tuple[int, int]
) -> np.ndarray:
    """f8[b, m, 2]: every measure of both groups on the same resamples of persons."""
    if not asked:
        return np.zeros((0, 0, 2))
    seed, resamples = how
    first = asked[0][0]
    n = len(first.above if isinstance(first, Sums) else first.observed)
    codes = np.arange(n) if clusters is None else clusters
    statistics = [(weighted(measure, pair[3]), weighted(measure, pair[4])) for measure, pair in asked]
    blocks = []
    for w in bootstrap.weights(int(codes.max()) + 1, resamples=resamples, seed=seed):
        rows = w[:, codes]
        blocks.append(
            np.stack([np.stack([one(rows) for one in both], axis=1) for both in statistics], axis=1)
        )
    return np.concatenate(blocks)


def weighted(measure: Measure, rows: np.ndarray) -> bootstrap.Statistic:
    """Weights of all rows -> the measure on some of them."""
    if isinstance(measure, Area):
        return _weighted_area(measure, rows)
    above, below = measure.above[rows], measure.below[rows]

    def statistic(w: np.ndarray) -> np.ndarray:
        own = w[:, rows]
        total = own @ below
        value = np.divide(own @ above, total, out=np.full(len(w), np.nan), where=total > 0)
        return np.sqrt(value) if measure.root else value

    return statistic


def _weighted_area(measure: Area, rows: np.ndarray) -> bootstrap.Statistic:
    observed, score = measure.observed[rows], measure.score[rows]
    if score.ndim == 1:
        one = bootstrap.weighted_auroc(observed, score)
        return lambda w: one(w[:, rows])
    kept = [k for k in range(score.shape[1]) if 0 < int((observed == k).sum()) < len(observed)]
    each = [bootstrap.weighted_auroc((observed == k).astype(int), score[:, k]) for k in kept]
    return lambda w: np.mean([one(w[:, rows]) for one in each], axis=0)


def interval_of(measure: Measure, rows: np.ndarray, persons: np.ndarray | None = None) -> Figure:
    """One group's own figure with its interval; `persons` i8[n] as `clusters_of` gives them."""
    value = value_of(measure, rows)
    if not math.isfinite(value):
        return absent("too_few_rows")
    own = None if persons is None else clustered.codes(persons[rows])
    if isinstance(measure, Area):
        if measure.score.ndim == 1:
            return area(measure.observed[rows], measure.score[rows], own)
        error = measure.error(rows)
        return whole(value, delong.logit_interval(value, error) if 0 < value < 1 else None, "delong")
    above, below = measure.above[rows], measure.below[rows]
    if measure.share:
        kept = below > 0
        return share(above[kept] > 0, None if own is None else clustered.codes(own[kept]), empty="no_rows")
    error = two_groups.ratio_of_sums(above, below, own)[1]
    if measure.root:
        error = error / max(2.0 * value, 1e-300)
    return whole(value, (value - delong.Z * error, value + delong.Z * error), "wald")
