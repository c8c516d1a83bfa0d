"""Which correction follows the scores: none, Platt or temperature, or a map after the link.

Everything here is learned from out-of-fold scores of the training part. Each way is fitted on the scores of
the other folds and judged on the fold left out; the standing way (Platt, for classes the temperature) stays
unless another has a smaller log loss beyond doubt: one-sided 95 % bound of the corrected resampled t (Nadeau
and Bengio, 2003). Rows of the test part and of the calibration part are never asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from interpretable.models.calibrate import recalibrate
from interpretable.records.additive import AdditiveModel, Link, OutputMap
from interpretable.records.boosted import BoostedModel
from interpretable.records.calibrators import MapTrial, MapTrials
from interpretable.records.evaluation import Figure
from interpretable.score.output import to_prediction
from interpretable.stats import isotonic, metrics, platt
from interpretable.stats.intervals import corrected_t

FEWEST_ROWS = 200  # below, a curve with as many steps as it likes follows chance
FEWEST_EACH = 25  # events, and rows without the event
DOUBT = 0.05  # one-sided

Way = tuple[float, float, OutputMap | None]  # slope and intercept on the link, map after it
Fit = Callable[[np.ndarray, np.ndarray], Way]


@dataclass(frozen=True, eq=False, kw_only=True)
class MapChoice:
    """The correction taken: link score x slope + intercept, and the map after the link, if any."""

    slope: float
    intercept: float
    post: OutputMap | None
    trials: MapTrials

    def applied(self, record: AdditiveModel | BoostedModel) -> AdditiveModel | BoostedModel:
        """The model with the correction in it."""
        return replace(recalibrate(record, self.slope, self.intercept), post=self.post)


def fit_map(kind: Literal["isotonic", "venn_abers"], probability: np.ndarray, y: np.ndarray) -> OutputMap:
    """A map after the link from probabilities and outcomes (0/1), f8[n] each.

    Isotonic: the fit is kept 1/(n + 2) away from 0 and 1, since nobody knows that an outcome is impossible.
    Venn-Abers: the merged probability at each score seen; beyond the scores it goes to its values with
    p0 = 0 and with p1 = 1. Both are joined by straight lines.
    """
    if kind == "isotonic":
        x, fitted = isotonic.isotonic(probability, y)
        edge = 1.0 / (len(y) + 2.0)
        heights = np.clip(fitted, edge, 1.0 - edge)
    else:
        x, p0, p1 = isotonic.venn_abers(probability, y)
        heights = isotonic.merged(p0, p1)
        ends = isotonic.merged(np.array([0.0, p0[-1]]), np.array([p1[0], 1.0]))
        x, inner = np.concatenate([[0.0], x, [1.0]]), (x > 0.0) & (x < 1.0)
        heights = np.concatenate([ends[:1], heights, ends[1:]])
        kept = np.concatenate([[True], inner, [True]])
        x, heights = x[kept], heights[kept]
    heights = np.maximum.accumulate(heights)  # rounding only: both fits rise
    needed = isotonic.knots_needed(heights)
    return OutputMap(kind=kind, x=x[needed], y=heights[needed])


def _platt(link: np.ndarray, y: np.ndarray) -> Way:
    return (*platt.fit_platt(link[:, 0], y), None)


def _after(kind: Literal["isotonic", "venn_abers"]) -> Fit:
    """A map on top of Platt: the score keeps its folded form, the map only bends it."""

    def fit(link: np.ndarray, y: np.ndarray) -> Way:
        slope, intercept = platt.fit_platt(link[:, 0], y)
        return slope, intercept, fit_map(kind, metrics.expit(slope * link[:, 0] + intercept), y)

    return fit


def _none(link: np.ndarray, y: np.ndarray) -> Way:
    return 1.0, 0.0, None


def _temperature(link: np.ndarray, y: np.ndarray) -> Way:
    return platt.fit_temperature(link, y), 0.0, None


WAYS: dict[Link, dict[str, Fit]] = {
    "logit": {
        "platt": _platt, "none": _none,
        "isotonic": _after("isotonic"), "venn_abers": _after("venn_abers"),
    },
    "softmax": {"temperature": _temperature, "none": _none},
    "identity": {"none": _none},
}  # fmt: skip


def choose_map(
    link: Link, oof_scores: np.ndarray, target: np.ndarray, folds: np.ndarray, *, name: str = ""
) -> MapChoice:
    """The correction of one model.

    Parameters
    ----------
    oof_scores : f8[n, K] link scores by models that did not see the row
    target : as in Dataset, [n]
    folds : i8[n] the fold each row was held out in

    The result depends on nothing else: no random numbers.
    """
    ways = WAYS[link]
    standing = next(iter(ways))
    if link == "identity":
        trials: tuple[MapTrial, ...] = (_untried("none", "not_defined"),)
    else:
        trials = _judged(link, oof_scores, target, folds)
    better = [(t.gain.value or 0.0, t.name) for t in trials if t.gain and (t.p_value or 0.0) < DOUBT]
    chosen = max(better)[1] if better else standing
    slope, intercept, post = ways[chosen](oof_scores, target)
    told = MapTrials(
        model=name,
        standing=standing,
        chosen=chosen,
        folds=len(np.unique(folds)),
        n=len(target),
        trials=trials,
    )
    return MapChoice(slope=slope, intercept=intercept, post=post, trials=told)


def _untried(name: str, reason: str) -> MapTrial:
    return MapTrial(name=name, log_loss=None, brier=None, reason=reason)


def _judged(link: Link, scores: np.ndarray, y: np.ndarray, folds: np.ndarray) -> tuple[MapTrial, ...]:
    """Every way, on each fold fitted without it."""
    ways = list(WAYS[link])
    held = [np.flatnonzero(folds == fold) for fold in np.unique(folds)]
    if len(held) < 2:
        return tuple(_untried(name, "too_few_rows") for name in ways)
    known: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for name in ways:
        if name in ("isotonic", "venn_abers") and _too_few(y):
            continue
        known[name] = _losses(link, WAYS[link][name], scores, (y, held))
    standing = known[ways[0]][0]
    return tuple(_trial(name, known.get(name), standing, [len(rows) for rows in held]) for name in ways)


def _too_few(y: np.ndarray) -> bool:
    events = int(np.sum(y == 1))
    return len(y) < FEWEST_ROWS or min(events, len(y) - events) < FEWEST_EACH


def _losses(
    link: Link, fit: Fit, scores: np.ndarray, rows: tuple[np.ndarray, list[np.ndarray]]
) -> tuple[np.ndarray, np.ndarray]:
    """Mean log loss and Brier score of each fold, f8[folds] each."""
    y, held = rows
    logs, squares = [], []
    for out in held:
        rest = np.setdiff1d(np.arange(len(y)), out)
        slope, intercept, post = fit(scores[rest], y[rest])
        said = to_prediction(link, scores[out] * slope + intercept, post)
        logs.append(metrics.log_loss(y[out], said))
        squares.append(metrics.brier(y[out], said))
    return np.array(logs), np.array(squares)


def _trial(
    name: str, losses: tuple[np.ndarray, np.ndarray] | None, standing: np.ndarray, sizes: list[int]
) -> MapTrial:
    if losses is None:
        return _untried(name, "too_few_rows")
    shares = np.array(sizes) / sum(sizes)
    log_loss, brier = (float(shares @ per_fold) for per_fold in losses)
    if losses[0] is standing:
        return MapTrial(name=name, log_loss=log_loss, brier=brier)
    gain, p = _gain(standing - losses[0])
    return MapTrial(name=name, log_loss=log_loss, brier=brier, gain=gain, p_value=p)


def _gain(differences: np.ndarray) -> tuple[Figure, float]:
    """Mean gain with a two-sided 95 % interval, and the one-sided p of "better"."""
    from scipy.special import stdtrit

    count = len(differences)
    mean, error, p = corrected_t(differences, test_to_train=1.0 / (count - 1))
    half = float(stdtrit(count - 1, 0.975)) * error
    return Figure(value=mean, low=mean - half, high=mean + half, method="corrected t"), p
