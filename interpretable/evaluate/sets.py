"""Ranges and sets with a stated coverage: borders from the calibration part, proof on the test part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from interpretable.evaluate.bands import groups_of
from interpretable.evaluate.figure import absent, share
from interpretable.evaluate.measure import together
from interpretable.evaluate.real import checked, require_real
from interpretable.records.calibrators import SetResult
from interpretable.records.dataset import Dataset
from interpretable.stats import clustered, conformal

LEVELS = (0.8, 0.9, 0.95)
MAIN = 0.9  # the level at which classes and groups get quantiles of their own
FEWEST = 10  # test rows of a class or group, for a figure
Knots = tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class _Part:
    y: np.ndarray
    p: np.ndarray  # f8[n] amounts or f8[n, K] chances
    groups: np.ndarray | None

    def take(self, rows: np.ndarray) -> _Part:
        own = None if self.groups is None else clustered.codes(self.groups[rows])
        return _Part(self.y[rows], self.p[rows], own)


@dataclass(frozen=True, eq=False)
class _Method:
    name: str
    scores: Callable[[_Part], np.ndarray]
    inside: Callable[[_Part, float], np.ndarray]  # whether the truth is in the set, bool[n]
    sizes: Callable[[_Part, float], np.ndarray]  # width or number of answers, f8[n]


def scale_at(predicted: np.ndarray, knots: Knots) -> np.ndarray:
    """The typical miss at these estimates, in straight lines between the knots."""
    x, height = np.array(knots).T
    return np.interp(predicted, x, height)


def _of_amounts(name: str, knots: Knots) -> _Method:
    def scale(part: _Part) -> np.ndarray:
        return scale_at(part.p, knots) if name == "scaled" else np.ones(len(part.p))

    def scores(part: _Part) -> np.ndarray:
        return conformal.residuals(part.y, part.p, scale(part))

    return _Method(
        name, scores, lambda part, q: scores(part) <= q, lambda part, q: 2.0 * q * scale(part)
    )  # fmt: skip


def _truth_in(part: _Part, sets: np.ndarray) -> np.ndarray:
    return sets[np.arange(len(part.y)), part.y]


_LAC = _Method(
    "lac",
    lambda part: conformal.lac_scores(part.y, part.p),
    lambda part, q: _truth_in(part, conformal.lac_sets(part.p, q)),
    lambda part, q: conformal.lac_sets(part.p, q).sum(axis=1).astype(float),
)
_APS = _Method(
    "aps",
    lambda part: conformal.aps_scores(part.y, part.p),
    lambda part, q: _truth_in(part, conformal.aps_sets(part.p, q)),
    lambda part, q: conformal.aps_sets(part.p, q).sum(axis=1).astype(float),
)


def _part(rows: Dataset, predicted: np.ndarray) -> _Part:
    y, p = checked(require_real(rows).task, rows.target, predicted)
    return _Part(y, np.column_stack([1.0 - p, p]) if rows.task.kind == "binary" else p, together(rows.groups))


def sets_of(
    calibration: Dataset, said: np.ndarray, test: Dataset, told: np.ndarray, *, miss: Knots = ()
) -> tuple[SetResult, ...]:
    """Every method at 80, 90 and 95 %; the first method at 90 % also by class and by sensitive column.

    Parameters
    ----------
    said, told : predictions of the calibration and of the test rows, as for `measure`
    miss : knots of the typical miss, for the scaled ranges of amounts; without them they are left out
    """
    known, new = _part(calibration, said), _part(test, told)
    if test.task.kind == "regression":
        methods = [_of_amounts("absolute", miss), *([_of_amounts("scaled", miss)] if miss else [])]
    else:
        methods = [_LAC] if test.task.kind == "binary" else [_LAC, _APS]
    found = [_judge(method, level, known, new) for method in methods for level in LEVELS]
    if test.task.kind != "regression":
        found += _by_class(known, new, test.classes)
    return (*found, *_by_column(methods[0], calibration, test, known, new))


def _border(method: str, level: float, known: np.ndarray) -> SetResult:
    """The quantile and what it promises, or how many rows are too few."""
    n, edges = len(known), conformal.promised(len(known), level)
    if edges is None:
        return SetResult(method=method, level=level, n=n, reason="too_few_for_level")
    return SetResult(
        method=method, level=level, n=n, quantile=conformal.quantile(known, level),
        promised_low=edges[0], promised_high=edges[1],
    )  # fmt: skip


def _judge(method: _Method, level: float, known: _Part, new: _Part) -> SetResult:
    found = _border(method.name, level, method.scores(known))
    if found.quantile is None:
        return replace(found, n_test=len(new.y))
    q, few = found.quantile, len(new.y) < FEWEST
    sizes = method.sizes(new, q)
    return replace(
        found,
        n_test=len(new.y),
        coverage=absent("too_few_rows") if few else share(method.inside(new, q), new.groups, empty="no_rows"),
        size=None if few else float(sizes.mean()),
        single=None if few or new.p.ndim == 1 else float((sizes == 1).mean()),
    )


def _by_class(known: _Part, new: _Part, classes: Sequence[str]) -> list[SetResult]:
    """One border for each class, so that the promise holds within each (label-conditional)."""
    scores = conformal.lac_scores(known.y, known.p)
    borders = [_border("lac", MAIN, scores[known.y == k]) for k in range(len(classes))]
    common = conformal.quantile(scores, MAIN)
    edges = np.array([np.inf if b.quantile is None else b.quantile for b in borders])
    sets = conformal.lac_sets(new.p, edges)  # a class without a border cannot be ruled out
    found = []
    for k, border in enumerate(borders):
        rows = np.flatnonzero(new.y == k)
        part = new.take(rows)
        result = replace(border, by="class", group=classes[k], n_test=len(rows))
        if len(rows) >= FEWEST:
            inside = _truth_in(part, conformal.lac_sets(part.p, common)) if common is not None else None
            result = replace(
                result,
                coverage=None
                if border.quantile is None
                else share(sets[rows, k], part.groups, empty="no_rows"),
                common_coverage=None if inside is None else share(inside, part.groups, empty="no_rows"),
                size=float(sets[rows].sum(axis=1).mean()),
                single=float((sets[rows].sum(axis=1) == 1).mean()),
            )
        found.append(result)
    return found


def _both(calibration: Dataset, test: Dataset, name: str) -> np.ndarray:
    return np.concatenate([part.frame[name].to_numpy() for part in (calibration, test)])


def _by_column(
    method: _Method, calibration: Dataset, test: Dataset, known: _Part, new: _Part
) -> Iterator[SetResult]:
    """One border for each group of every sensitive column; groups are cut on both parts together."""
    common = conformal.quantile(method.scores(known), MAIN)
    for column in test.task.grouping_columns:
        for label, rows in groups_of(_both(calibration, test, column.name), column):
            ours = known.take(rows[rows < len(calibration)])
            theirs = new.take(rows[rows >= len(calibration)] - len(calibration))
            found = replace(_judge(method, MAIN, ours, theirs), by=column.name, group=label)
            if common is not None and len(theirs.y) >= FEWEST:
                inside = method.inside(theirs, common)
                found = replace(found, common_coverage=share(inside, theirs.groups, empty="no_rows"))
            yield found


def typical_miss(y: np.ndarray, p: np.ndarray) -> Knots:
    """Knots of the typical miss of amounts, from out-of-fold predictions; () with under 60 rows."""
    if len(y) < 60:
        return ()
    return tuple((float(a), float(b)) for a, b in zip(*conformal.typical_miss(p, np.abs(y - p)), strict=True))


def narrower(y: np.ndarray, p: np.ndarray, miss: Knots) -> str:
    """Which ranges of amounts are narrower on average at 90 %, out of fold: those of a single case."""
    if not miss:
        return "absolute"
    scale = scale_at(p, miss)
    plain = conformal.quantile(np.abs(y - p), MAIN)
    scaled = conformal.quantile(np.abs(y - p) / scale, MAIN)
    if plain is None or scaled is None:
        return "absolute"
    return "scaled" if scaled * float(scale.mean()) < 0.98 * plain else "absolute"
