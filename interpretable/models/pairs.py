"""Pairs have to earn their place: their number is chosen by what they gain on rows not used for fitting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from interpretable.models.base import Effort
from interpretable.models.bins import Slot
from interpretable.models.folds import make_folds
from interpretable.models.native_ebm import Pair, fit_native, rank_pairs
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure
from interpretable.records.shape import PairChoice, PairTrial
from interpretable.stats.intervals import corrected_t
from interpretable.stats.metrics import auroc, expit, log_loss

BLOCKS = {"standard": (3, 5, 10), "audit": (3, 5, 10, 20)}
ROWS = {"standard": 20_000, "audit": 50_000}  # rows the choice is made on, at most
FOLDS = 5
FEWEST = 100  # rows; below, five folds cannot tell a pair from noise
FEWEST_OF_A_CLASS = 20
COLUMNS = 40  # columns whose pairs are ranked, at most: those with the strongest curves
SURE = 0.05  # one-sided p of the gain
WORTH = 0.002  # the least share of the loss that a larger number of pairs must save

# One bag and long steps: the trials compare numbers of pairs, they are not the model.
_CURVES = {
    "outer_bags": 1, "learning_rate": 0.1, "smoothing_rounds": 25, "early_stopping_rounds": 25,
    "early_stopping_tolerance": 1e-4, "max_rounds": 2_000, "n_jobs": 1,
}  # fmt: skip
_PAIRS = {**_CURVES, "learning_rate": 0.2, "interaction_smoothing_rounds": 10}


@dataclass(frozen=True, eq=False)
class Chosen:
    """The pairs to fit, as positions among the slots, and how they were chosen."""

    pairs: tuple[Pair, ...]
    choice: PairChoice


def _none(reason: str) -> Chosen:
    return Chosen((), PairChoice(chosen=0, reason=reason))


def _candidates(slots: tuple[Slot, ...], signs: dict[str, int]) -> list[Pair]:
    """Pairs of columns; one whose direction must hold is in none, so that its curve alone decides."""
    free = [place for place, slot in enumerate(slots) if slot.source not in signs]
    return list(combinations(free, 2))


def _small(rows: Dataset) -> bool:
    if rows.task.kind == "regression":
        return len(rows) < FEWEST
    counts = np.bincount(rows.target, minlength=2)
    return len(rows) < FEWEST or counts.min() < FEWEST_OF_A_CLASS


def choose_pairs(
    rows: Dataset, slots: tuple[Slot, ...], effort: Effort, *, signs: dict[str, int], wanted: int | None
) -> Chosen:
    """The pairs that a model of these rows should hold.

    Parameters
    ----------
    wanted : a number given by somebody else: nothing is tried, the strongest so many are taken

    Notes
    -----
    Curves are fitted once per inner fold and the pairs of each block boosted on top of them; pairs are ranked
    inside the fold, so no held-out outcome has a part in which pairs are tried. A block is kept over the best
    smaller one where its loss is lower with p < 0.05 (one-sided t corrected for overlapping training rows,
    Nadeau and Bengio, 2003) and by at least 0.2 % of the loss.
    """
    if rows.task.kind == "multiclass":
        return _none("many_classes")
    candidates = _candidates(slots, signs)
    if not candidates:
        return _none("few_columns")
    if wanted == 0:
        return _none("given")
    if wanted is None and effort.level == "quick":
        return _none("quick")
    if _small(rows):
        return _none("few_rows")
    part = rows.sample(ROWS.get(effort.level, ROWS["standard"]), seed=effort.seed)
    settings: dict[str, Any] = {"random_state": effort.seed}
    if wanted is not None:
        _, ranked = _curves_and_ranks(part, slots, candidates, most=wanted, settings=settings)
        choice = PairChoice(chosen=len(ranked), reason="given", rows=len(part), pairs=_names(slots, ranked))
        return Chosen(ranked, choice)
    blocks = sorted({min(block, len(candidates)) for block in BLOCKS[effort.level]})
    return _by_gain(part, slots, candidates, blocks, settings, seed=effort.seed)


def _curves_and_ranks(
    rows: Dataset, slots: tuple[Slot, ...], candidates: list[Pair], *, most: int, settings: dict[str, Any]
) -> tuple[Any, tuple[Pair, ...]]:
    """Curves alone, and the pairs that explain most of what they leave."""
    curves = fit_native(rows, slots, settings={**_CURVES, **settings})
    kept = set(range(len(slots)))
    if len(slots) > COLUMNS:
        weight = np.asarray(curves.model.term_importances())
        strongest = np.argsort(-weight, kind="stable")[:COLUMNS]
        kept = {curves.model.term_features_[term][0] for term in strongest}
    near = [pair for pair in candidates if kept.issuperset(pair)]
    start = curves.scores(rows.frame)[:, 0]
    return curves, rank_pairs(rows, slots, start, candidates=near, most=most)


@dataclass(frozen=True, eq=False)
class _Fold:
    """Link scores of held-out rows by number of pairs, and the ranking they come from."""

    target: np.ndarray
    scores: dict[int, np.ndarray]
    ranked: tuple[Pair, ...]


def _try_fold(
    inside: Dataset, outside: Dataset, slots: tuple[Slot, ...], candidates: list[Pair], blocks: list[int],
    settings: dict[str, Any],
) -> _Fold:  # fmt: skip
    curves, ranked = _curves_and_ranks(inside, slots, candidates, most=max(blocks), settings=settings)
    start, base = curves.scores(inside.frame)[:, 0], curves.scores(outside.frame)[:, 0]
    scores = {0: base}
    for block in blocks:
        pairs = fit_native(inside, slots, settings={**_PAIRS, **settings}, pairs=ranked[:block], start=start)
        scores[block] = base + pairs.scores(outside.frame)[:, 0]
    return _Fold(outside.target, scores, ranked)


def _by_gain(
    rows: Dataset, slots: tuple[Slot, ...], candidates: list[Pair], blocks: list[int],
    settings: dict[str, Any], *, seed: int,
) -> Chosen:  # fmt: skip
    places = make_folds(rows, FOLDS, seed=seed)
    folds = [
        _try_fold(
            rows.take(np.flatnonzero(places != fold)), rows.take(np.flatnonzero(places == fold)), slots,
            candidates, blocks, settings,
        )
        for fold in np.unique(places[places >= 0])
    ]  # fmt: skip
    losses = {k: np.array([_loss(fold, k, rows) for fold in folds]) for k in (0, *blocks)}
    trials = tuple(_trials(losses, folds, blocks, binary=rows.task.kind == "binary"))
    chosen = max((trial.pairs for trial in trials if trial.kept), default=0)
    ranked = _merged([fold.ranked for fold in folds], chosen)
    choice = PairChoice(
        chosen=len(ranked),
        reason="gain" if chosen else "no_gain",
        folds=len(folds),
        rows=len(rows),
        loss=float(losses[0].mean()),
        trials=trials,
        pairs=_names(slots, ranked),
    )
    return Chosen(ranked, choice)


def _loss(fold: _Fold, pairs: int, rows: Dataset) -> float:
    """Log loss in nats, or squared error as a share of the target's variance over all rows."""
    scores = fold.scores[pairs]
    if rows.task.kind == "binary":
        return log_loss(fold.target, expit(scores))
    spread = float(np.var(rows.target))
    return float(np.mean((scores - fold.target) ** 2)) / spread if spread > 0 else 0.0


def _trials(
    losses: dict[int, np.ndarray], folds: list[_Fold], blocks: list[int], *, binary: bool
) -> Iterator[PairTrial]:
    best = 0
    for block in blocks:
        gain, error, p = corrected_t(losses[best] - losses[block], test_to_train=1.0 / (len(folds) - 1))
        kept = p < SURE and gain >= WORTH * float(losses[best].mean())
        yield PairTrial(
            pairs=block, loss=float(losses[block].mean()), against=best, gain=gain, error=error, p=p,
            kept=kept, improvement=_mean(losses[0] - losses[block]),
            auroc=_areas(folds, block) if binary else None,
        )  # fmt: skip
        best = block if kept else best


def _areas(folds: list[_Fold], block: int) -> Figure:
    areas = [auroc(f.target, f.scores[block]) - auroc(f.target, f.scores[0]) for f in folds]
    return _mean(np.array(areas))


def _mean(differences: np.ndarray) -> Figure:
    """Mean over folds with its corrected t interval; none where a fold has one class only."""
    from scipy.special import stdtrit

    if not np.isfinite(differences).all():
        return Figure(value=None, reason="one_class")
    mean, error, _ = corrected_t(differences, test_to_train=1.0 / (len(differences) - 1))
    half = float(stdtrit(len(differences) - 1, 0.975)) * error
    return Figure(value=mean, low=mean - half, high=mean + half, method="corrected_t")


def _merged(rankings: list[tuple[Pair, ...]], most: int) -> tuple[Pair, ...]:
    """The pairs with the best mean rank over the folds; one not listed ranks behind the list."""
    behind = max((len(ranked) for ranked in rankings), default=0)
    known = sorted({pair for ranked in rankings for pair in ranked})
    mean = {
        pair: float(np.mean([r.index(pair) if pair in r else behind for r in rankings])) for pair in known
    }
    return tuple(sorted(known, key=lambda pair: (mean[pair], pair))[:most])


def _names(slots: tuple[Slot, ...], pairs: tuple[Pair, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((slots[a].source, slots[b].source) for a, b in pairs)
