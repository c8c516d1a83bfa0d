"""A search for settings within a budget of trials, so arranged that no fold judges what it helped to pick.

One cross-validation of every trial serves all purposes. The out-of-fold scores of fold k come from the trial
that did best on the *other* folds, so the figures that choose between models never measure a setting on rows
whose loss picked it. (The rows of fold k did help to fit the models whose losses pick for fold k. A second
cross-validation inside every fold would remove this too, at K times the cost.) The final settings use all
folds. Trials that are behind after the first folds are dropped (successive halving, Jamieson and Talwalkar,
2016), and who is behind is also decided without fold k for the choice of fold k.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from interpretable.models.base import LINKS, Effort, Family, outputs
from interpretable.models.losses import METRIC, fold_losses, gain, loss
from interpretable.models.mix import fit_with_extra
from interpretable.records import tuning as records
from interpretable.records.additive import Feature, Link
from interpretable.records.dataset import Dataset
from interpretable.score.scorer import make_scorer

Arrays = dict[str, np.ndarray]
Keep = Callable[[str, Callable[[], Arrays]], Arrays]  # gives back what an earlier run kept under this name
Progress = Callable[[str], None]

FIRST_FOLDS = 2  # all trials are asked on these
SHARE_KEPT, FEWEST_KEPT = 1 / 3, 3
MANY_ROWS, ROWS_AT_FIRST = 15_000, 5_000  # above: the first folds are fitted on a sample


@dataclass(frozen=True)
class Setting:
    """One trial: settings instead of the defaults, and what is added to the seed."""

    settings: dict[str, Any] = field(default_factory=dict)
    seed: int = 0


@dataclass(eq=False)
class _Runs:
    """Scores and losses of the trials so far; NaN where a trial was not asked."""

    scores: np.ndarray  # f8[T, n, K]
    losses: np.ndarray  # f8[T, folds]
    early: np.ndarray  # f8[T, folds]: losses of fits on a sample of the rows
    seconds: np.ndarray  # f8[T]


@dataclass(frozen=True, eq=False, kw_only=True)
class Found:
    """What a search found. `able[k]` are the trials that may be chosen for fold k, `able[-1]` in the end."""

    link: Link
    settings: tuple[Setting, ...]
    folds: np.ndarray  # of the rows
    target: np.ndarray
    runs: _Runs
    able: tuple[tuple[int, ...], ...]

    def ranked(self, without: int | None = None) -> list[int]:
        """Trials from the least mean loss on; equal losses leave the earlier trial ahead."""
        able = sorted(self.able[-1 if without is None else without])
        if len(able) == 1:
            return able
        asked = np.delete(self.runs.losses, [] if without is None else [without], axis=1)
        return [able[i] for i in np.argsort(asked[able].mean(axis=1), kind="stable")]

    def out_of_fold(self, members: int) -> np.ndarray:
        """Scores f8[n, K] of each row by the mean of the trials that did best on the other folds."""
        result = np.zeros(self.runs.scores.shape[1:])
        for k in range(self.runs.losses.shape[1]):
            rows = self.folds == k
            result[rows] = self.runs.scores[self.ranked(k)[:members]][:, rows].mean(axis=0)
        return result

    def losses(self, scores: np.ndarray) -> np.ndarray:
        return fold_losses(self.link, scores, self.target, self.folds)


def search(
    family: Family, train: Dataset, features: tuple[Feature, ...], folds: np.ndarray, *,
    settings: tuple[Setting, ...], effort: Effort, keep: Keep, progress: Progress,
) -> Found:  # fmt: skip
    """Ask every setting on the first folds and the better ones on all; settings[0] is never dropped.

    Parameters
    ----------
    folds : i8[n]; rows with -1 are always trained on
    keep : called once per trial and fold with a name and what makes its arrays
    """
    folds, number = _renumbered(folds)
    settings = settings if number > 1 else settings[:1]  # one fold cannot be left out of anything
    count = len(settings)
    runs = _Runs(
        np.full((count, len(train), outputs(train)), np.nan), np.full((count, number), np.nan),
        np.full((count, number), np.nan), np.zeros(count),
    )  # fmt: skip
    asked = _Asked(family, train, features, folds, replace(effort, refits=0), settings, runs, keep, progress)
    everyone = tuple(range(count))
    able = tuple(everyone for _ in range(number + 1))
    if count > FEWEST_KEPT and number > FIRST_FOLDS:
        sample = len(train) > MANY_ROWS
        for trial in everyone:
            asked.run(trial, range(FIRST_FOLDS), ROWS_AT_FIRST if sample else None)
        able = _survivors(runs.early if sample else runs.losses, number)
    for trial in sorted(set().union(*able)):
        asked.run(trial, range(number), None)
    return Found(
        link=LINKS[train.task.kind], settings=settings, folds=folds, target=train.target, runs=runs, able=able
    )


def _renumbered(folds: np.ndarray) -> tuple[np.ndarray, int]:
    """Folds 0, 1, 2, ... without gaps (few groups leave some folds empty), and how many there are."""
    used = np.unique(folds[folds >= 0])
    return np.where(folds >= 0, np.searchsorted(used, folds), -1), len(used)


def _survivors(losses: np.ndarray, number: int) -> tuple[tuple[int, ...], ...]:
    """For each fold, and last for the final choice, the trials that stay; fold k has no say in its own."""
    kept = max(FEWEST_KEPT, int(np.ceil(SHARE_KEPT * len(losses))))
    found = []
    for k in [*range(number), None]:
        judges = [j for j in range(FIRST_FOLDS) if j != k]
        order = np.argsort(losses[:, judges].mean(axis=1), kind="stable")
        found.append(tuple(sorted({0, *order[:kept].tolist()})))
    return tuple(found)


@dataclass(eq=False)
class _Asked:
    """Fits a trial on the folds it was not asked on yet."""

    family: Family
    train: Dataset
    features: tuple[Feature, ...]
    folds: np.ndarray
    effort: Effort
    settings: tuple[Setting, ...]
    runs: _Runs
    keep: Keep
    progress: Progress

    def run(self, trial: int, folds: range, most: int | None) -> None:
        table = self.runs.losses if most is None else self.runs.early
        todo = [k for k in folds if np.isnan(table[trial, k])]
        if todo:
            self.progress(f"setting {trial + 1} of {len(self.settings)}")
        for k in todo:
            name = f"trial-{trial}-{k}" + ("" if most is None else f"-{most}")
            found = self.keep(name, lambda k=k: self._fit(trial, k, most))
            rows = np.flatnonzero(self.folds == k)
            table[trial, k] = loss(LINKS[self.train.task.kind], found["scores"], self.train.target[rows])
            self.runs.seconds[trial] += float(found["seconds"][0])
            if most is None:
                self.runs.scores[trial, rows] = found["scores"]

    def _fit(self, trial: int, fold: int, most: int | None) -> Arrays:
        start = time.perf_counter()
        inside = np.flatnonzero(self.folds != fold)
        if most is not None:
            inside = _sample(self.train, inside, most, self.effort.seed)
        one = self.settings[trial]
        effort = replace(self.effort, settings=one.settings, seed=self.effort.seed + one.seed)
        fitted = fit_with_extra(self.family, self.train.take(inside), self.features, effort)
        rows = self.train.take(np.flatnonzero(self.folds == fold))
        scores = make_scorer(fitted.record).link_scores(rows.frame, len(rows))
        return {"scores": scores, "seconds": np.array([time.perf_counter() - start])}


def _sample(train: Dataset, inside: np.ndarray, most: int, seed: int) -> np.ndarray:
    """`most` of these rows, and two of every class, which a fit cannot do without."""
    order = np.random.default_rng(seed).permutation(inside)
    needed = []
    if train.task.kind != "regression":
        target = train.target[order]
        needed = [i for label in np.unique(target) for i in np.flatnonzero(target == label)[:2]]
    return np.unique(np.concatenate([order[:most], order[np.array(needed, dtype=np.int64)]]))


def searched(found: Found, model: str, members: int) -> records.Search:
    """The record of a search: every trial, and the gain of what was chosen without the fold."""
    number = found.runs.losses.shape[1]
    chosen, final = [found.ranked(k)[:1] for k in range(number)], found.ranked()[:members]
    default = found.runs.losses[0]
    tuned = found.losses(found.out_of_fold(1))
    return records.Search(
        model=model, metric=METRIC[found.link],
        trials=tuple(_trial(found, t, final, chosen) for t in range(len(found.settings))),
        default_loss=float(default.mean()), tuned_loss=float(tuned.mean()), gain=gain(default, tuned),
    )  # fmt: skip


def _trial(found: Found, trial: int, final: list[int], chosen: list[list[int]]) -> records.Trial:
    full = found.runs.losses[trial]
    sampled = bool(np.isnan(full).all())
    known = found.runs.early[trial] if sampled else full
    known = known[~np.isnan(known)]
    return records.Trial(
        index=trial, settings=found.settings[trial].settings, loss=float(known.mean()),
        loss_sd=float(known.std(ddof=1)) if len(known) > 1 else None, folds=len(known),
        rows=ROWS_AT_FIRST if sampled else None, seconds=round(float(found.runs.seconds[trial]), 2),
        status="dropped" if np.isnan(full).any() else "finished",
        chosen=trial in final, folds_chosen=sum(trial in one for one in chosen),
    )  # fmt: skip
