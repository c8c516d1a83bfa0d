"""Do a language model's chances of the training rows themselves help? Each row enters once per class.

What the student learns is (1 - w) times the real outcome plus w times the model's chance, recalibrated out
of fold. The weight w is chosen on inner folds of real rows, and may be 0. Beside it stand a control whose
chances are the small model's own, out of fold, and the same chances dealt among the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from interpretable.collab.gate import INNER, Progress
from interpretable.collab.teacher import recalibrated, shares_of
from interpretable.collab.verdict import Fold, enough_rows, find
from interpretable.models.base import LINKS, Effort, families
from interpretable.models.distil import blended
from interpretable.models.features import describe
from interpretable.models.folds import make_folds, repeat_folds
from interpretable.models.losses import row_losses
from interpretable.records.additive import Feature
from interpretable.records.dataset import Dataset
from interpretable.records.gate import Curation, GateFinding
from interpretable.score.output import to_prediction

WEIGHTS = (0.25, 0.5, 0.75)  # tried beside 0
ABLE = ("linear", "text")  # families whose copies of a row never part: none holds rows back within a fit
SHARED = ("C", "l1_ratio", "parts")

Chances = Callable[[np.ndarray], np.ndarray]  # positions learned from -> f8[n, K] of these, nan if unknown


def judge_soft(
    train: Dataset, scores: np.ndarray, *, name: str, family: str, folds: int = 5, repeats: int = 2,
    seed: int = 0, progress: Progress = lambda note: None,
) -> GateFinding:  # fmt: skip
    """The verdict on label log probabilities f8[n, K] of the training rows (nan where an answer failed)."""
    bench = _Bench(train, scores, family=family, seed=seed)
    found: list[Fold] = []
    if enough_rows(train):
        for repeat, pairs in enumerate(repeat_folds(train, folds, repeats=repeats, seed=seed)):
            for inside, held in pairs:
                progress(f"chances as outcomes: repeat {repeat + 1}, fold {len(found) + 1}")
                found.append(bench.fold(inside, held, repeat=repeat, number=len(found)))
    told = Curation(made=len(train), kept=int((~np.isnan(scores[:, 0])).sum()))
    student = families[family].name(train.task)
    return find(train, found, generator=name, student=student, told=told, seed=seed)


@dataclass(frozen=True, eq=False)
class _Learner:
    family: str
    features: tuple[Feature, ...]
    effort: Effort

    def settled(self, rows: Dataset) -> tuple[_Learner, Callable[[Dataset], np.ndarray]]:
        """With the settings that real outcomes choose, for every arm; and the fit on these."""
        fitted = families[self.family].fit(rows, self.features, self.effort)
        kept = {key: fitted.settings[key] for key in SHARED if key in fitted.settings}
        return replace(self, effort=replace(self.effort, settings=kept)), fitted.library_scores

    def scores(self, rows: Dataset, asked: Dataset) -> np.ndarray:
        fitted = families[self.family].fit(rows, self.features, self.effort)
        return np.asarray(fitted.library_scores(asked))


class _Bench:
    def __init__(self, train: Dataset, scores: np.ndarray, *, family: str, seed: int):
        self.train, self.said, self.seed = train, scores, seed
        self.link = LINKS[train.task.kind]
        effort = Effort(seed=seed, level="quick", refits=0)
        self.learner = _Learner(family, describe(train, train), effort)

    def fold(self, inside: np.ndarray, held: np.ndarray, *, repeat: int, number: int) -> Fold:
        learner, fitted = self.learner.settled(self.train.take(inside))
        asked = self.train.take(held)
        scores = {"real": fitted(asked)}
        dealing = np.random.default_rng(self.seed + number)
        weights: dict[str, float] = {}
        own = partial(self.own, learner)
        for arm, chances in (("generated", self._theirs), ("control", own)):
            weights[arm] = self._chosen(learner, inside, chances)
            scores[arm] = self._arm(learner, inside, asked, chances(inside), weights[arm], scores["real"])
        weights["shuffled"] = weights["generated"]
        dealt = dealing.permutation(self._theirs(inside))
        scores["shuffled"] = self._arm(learner, inside, asked, dealt, weights["shuffled"], scores["real"])
        return Fold(repeat=repeat, inside=inside, held=held, scores=scores, weights=weights)

    def _arm(
        self, learner: _Learner, inside: np.ndarray, asked: Dataset, chances: np.ndarray, weight: float,
        real: np.ndarray,
    ) -> np.ndarray:  # fmt: skip
        if weight == 0.0:
            return real
        return learner.scores(softened(self.train.take(inside), chances, weight), asked)

    def _chosen(self, learner: _Learner, inside: np.ndarray, chances: Chances) -> float:
        """The weight with the least loss on rows held out of inner folds; the smaller of two equal ones."""
        losses = dict.fromkeys((0.0, *WEIGHTS), 0.0)
        for rows, held in self._cuts(inside):
            part, asked = self.train.take(rows), self.train.take(held)
            found = chances(rows)
            for weight in losses:
                learned = softened(part, found, weight) if weight else part
                scores = learner.scores(learned, asked)
                losses[weight] += float(row_losses(self.link, scores, asked.target).sum())
        return min(losses, key=lambda weight: (losses[weight], weight))

    def _cuts(self, rows: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        folds = make_folds(self.train.take(rows), INNER, seed=self.seed)
        return [(rows[folds != k], rows[folds == k]) for k in range(INNER) if (folds == k).any()]

    def _theirs(self, rows: np.ndarray) -> np.ndarray:
        """Chances by the language model, each row recalibrated on the others."""
        assert self.train.target is not None
        found = np.full(self.said[rows].shape, np.nan)
        shares = shares_of(self.train.take(rows))
        for inside, held in self._cuts(rows):
            said, _ = recalibrated(self.said[inside], self.train.target[inside], self.said[held], shares)
            found[np.isin(rows, held)] = said
        return found

    def own(self, learner: _Learner, rows: np.ndarray) -> np.ndarray:
        """Chances by the small model, each row by a fit without it."""
        found = np.full(self.said[rows].shape, np.nan)
        for inside, held in self._cuts(rows):
            scores = learner.scores(self.train.take(inside), self.train.take(held))
            predicted = to_prediction(self.link, scores)
            wide = np.column_stack([1 - predicted, predicted]) if predicted.ndim == 1 else predicted
            found[np.isin(rows, held)] = wide
        return found


def softened(train: Dataset, chances: np.ndarray, weight: float) -> Dataset:
    """Each row once per class, weighted by the blend of its outcome and chances f8[n, K].

    A row without chances (nan) keeps its outcome alone.
    """
    known = ~np.isnan(chances).any(axis=1)
    soft = blended(train, np.where(known[:, None], chances, 0.0), known, weight)
    n, classes = soft.shape
    every = train.take(np.tile(np.arange(n), classes))
    made = replace(every, target=np.repeat(np.arange(classes), n), weights=soft.T.ravel())
    return made.take(np.flatnonzero(made.weights > 0.0))
