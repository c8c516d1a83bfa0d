"""Which model goes into use: a glass box, unless a black box is better by more than the stated margin.

The metric is AUROC for two classes (it does not change when the probabilities are recalibrated afterwards,
as they are), log loss for several classes, RMSE for numbers. The margin is 0.01 AUROC, or 2 % of the best
glass box's loss. Only out-of-fold figures of the training part are used. Differences between models are
judged over the same folds with the variance of Nadeau and Bengio (2003), because folds share training rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from interpretable.errors import DataError
from interpretable.records.evidence import Selection
from interpretable.records.task import Task
from interpretable.stats.intervals import corrected_t

METRIC = {"binary": "auroc", "multiclass": "log_loss", "regression": "rmse"}
AUROC_MARGIN = 0.01
LOSS_MARGIN = 0.02  # of the best glass box's loss
FOR_SIMPLICITY = 0.5  # share of the margin that a simpler glass box may cost
LEVEL = 0.05
SIMPLICITY = {  # lower is simpler
    "scorecard": 0, "tree": 1, "logistic": 2, "linear": 2, "text": 3, "ebm": 4, "mixed": 5, "blend": 6,
}  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """One fitted model with its out-of-fold figures (of `summarise_oof`)."""

    name: str
    glass_box: bool
    oof: dict[str, float]
    oof_folds: tuple[dict[str, float], ...] = ()
    terms: int | None = None


@dataclass(frozen=True)
class _Contest:
    """The metric, which way is better, and the margin in its units."""

    metric: str
    sign: float  # +1 higher is better
    margin: float

    def value(self, one: Candidate) -> float:
        return float(one.oof[self.metric])

    def gap(self, one: Candidate, other: Candidate) -> float:
        """How much better `one` is than `other`; negative if worse."""
        return self.sign * (self.value(one) - self.value(other))

    def noise(self, one: Candidate, other: Candidate) -> tuple[float | None, float | None]:
        """Corrected standard error of the gap and one-sided p of "one is better"; None below two folds."""
        pairs = zip(one.oof_folds, other.oof_folds, strict=False)
        known = [(a[self.metric], b[self.metric]) for a, b in pairs if self.metric in a and self.metric in b]
        if len(known) < 2:
            return None, None
        differences = self.sign * np.array([a - b for a, b in known])
        _, error, p = corrected_t(differences, test_to_train=1.0 / (len(known) - 1))
        return error, p

    def stands_for(self, simple: Candidate, best: Candidate) -> bool:
        """A simpler glass box may be taken: near enough in the metric, and in log loss too."""
        error = self.noise(best, simple)[0]
        if error is None or self.gap(best, simple) > min(error, FOR_SIMPLICITY * self.margin):
            return False
        if "log_loss" not in best.oof or "log_loss" not in simple.oof:
            return True
        return simple.oof["log_loss"] <= (1.0 + LOSS_MARGIN) * best.oof["log_loss"]

    def beats(self, black: Candidate, glass: Candidate) -> bool:
        """Better by more than the margin, and not by the luck of the folds."""
        p = self.noise(black, glass)[1]
        return self.gap(black, glass) > self.margin and p is not None and p < LEVEL


def choose(task: Task, candidates: Sequence[Candidate]) -> Selection:
    """The model to use and why; `reason` is a code worded in words/, `parameters` hold its numbers.

    1. The best glass box is found. A simpler one (scorecard, tree, logistic or linear, text, EBM, mixed,
       blend; then fewer terms) is taken instead if it is behind by no more than one standard error and no
       more than half the margin (the one-standard-error rule of Breiman et al., 1984, on paired folds), and
       by no more than 2 % in log loss: an equal ranking with worse probabilities is not as good.
    2. A black box is taken only if it is better by more than the margin and the one-sided p over folds is <
       0.05. If it beats the simpler glass box but not the best one, the best one is kept.

    Raises
    ------
    DataError
        No candidate has the deciding metric.
    """
    metric = METRIC[task.kind]
    able = [c for c in candidates if metric in c.oof]
    if not able:
        raise DataError(
            f"No model can be chosen: none of {len(candidates)} has an out-of-fold {metric}. Check that the "
            "training part holds every class of the target often enough for cross-validation."
        )
    contest = _contest(metric, able)
    best, simple = _glass(contest, able)
    black = _best(contest, [c for c in able if not c.glass_box])
    if best is None:
        return _selection(contest, able, (black, None, black), "no_glass_box")
    if simple is not best and black is not None and contest.beats(black, simple):
        simple = best
    if black is not None and contest.beats(black, simple):
        return _selection(contest, able, (black, best, black), "black_box_margin")
    return _selection(contest, able, (simple, best, black), _reason(contest, (simple, best, black)))


def _contest(metric: str, able: Sequence[Candidate]) -> _Contest:
    if metric == "auroc":
        return _Contest(metric, 1.0, AUROC_MARGIN)
    reference = min(c.oof[metric] for c in ([c for c in able if c.glass_box] or able))
    return _Contest(metric, -1.0, LOSS_MARGIN * float(reference))


def _best(contest: _Contest, some: Sequence[Candidate]) -> Candidate | None:
    return max(some, key=lambda c: (contest.sign * contest.value(c), -_simplicity(c)[0]), default=None)


def _simplicity(one: Candidate) -> tuple[int, float]:
    return SIMPLICITY.get(one.name, 6), float("inf") if one.terms is None else float(one.terms)


def _glass(contest: _Contest, able: Sequence[Candidate]) -> tuple[Candidate | None, Candidate | None]:
    """The best glass box, and the simplest one that cannot be told from it."""
    glass = [c for c in able if c.glass_box]
    best = _best(contest, glass)
    if best is None:
        return None, None
    near = [best, *(c for c in glass if c is not best and contest.stands_for(c, best))]
    simplest = min(near, key=_simplicity)
    return best, simplest if _simplicity(simplest) < _simplicity(best) else best


def _reason(contest: _Contest, chosen: tuple[Candidate, Candidate, Candidate | None]) -> str:
    simple, best, black = chosen
    ahead = contest.gap(black, simple) if black is not None else 0.0
    if ahead > contest.margin:
        return "black_box_not_certain"
    if ahead > 0.0:
        return "glass_box_within_margin"
    return "best_glass_box" if simple is best else "simpler_within_noise"


def _selection(
    contest: _Contest,
    able: Sequence[Candidate],
    chosen: tuple[Candidate, Candidate | None, Candidate | None],
    reason: str,
) -> Selection:
    taken, best, black = chosen
    return Selection(
        selected=taken.name,
        reason="only_candidate" if len(able) == 1 else reason,
        metric=contest.metric,
        margin=contest.margin,
        parameters=_parameters(contest, able, (taken, best, black)),
    )


def _parameters(
    contest: _Contest, able: Sequence[Candidate], chosen: tuple[Candidate, Candidate | None, Candidate | None]
) -> dict[str, Any]:
    """What the sentence needs; the list stands in the docs of words/."""
    taken, best, black = chosen
    simpler = best if best is not None and taken.glass_box and taken is not best else None
    rival = best if taken is black else taken
    duel = black is not None and rival is not None
    return {
        "selected": taken.name,
        "selected_value": contest.value(taken),
        "candidates": len(able),
        "folds": len(taken.oof_folds),
        "glass_box": best.name if best else None,
        "glass_box_value": contest.value(best) if best else None,
        "simpler_than": simpler.name if simpler else None,
        "simpler_gap": contest.gap(simpler, taken) if simpler else None,
        "simpler_se": contest.noise(simpler, taken)[0] if simpler else None,
        "black_box": black.name if black else None,
        "black_box_value": contest.value(black) if black else None,
        "black_box_gap": contest.gap(black, rival) if duel else None,
        "black_box_p": contest.noise(black, rival)[1] if duel else None,
        "black_box_rival": rival.name if duel and taken is black else None,
        "relative_margin": None if contest.metric == "auroc" else LOSS_MARGIN,
    }
