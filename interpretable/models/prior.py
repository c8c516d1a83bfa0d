"""A prior in the form of a model's own weights, and how much of it the training rows bear out.

The prior's score of a row is a sum over the terms that the model has anyway: a direction times the place of a
number, the leaning of a level, the leanings of a text's words as the model weighs words. It is scaled so that
its standard deviation over the training rows is 1 (for values: that of the outcome). Weights are then drawn
towards a times the prior's, w ~ N(a * w_prior, s2), where inner folds choose a and s2; a = 0 is the model
without a prior. MonotonicLR (arXiv 2311.11628) takes signs from a language model as constraints instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from interpretable.models.base import outputs
from interpretable.models.monotone import SIGNS
from interpretable.records import codec
from interpretable.records.boosted import Block, LevelBlock, NumberBlock
from interpretable.records.dataset import Dataset
from interpretable.records.prior import Prior, PriorWeight, SaidScore, Way
from interpretable.records.task import Task
from interpretable.score.design import width

# Link-scale worth of one standard deviation of the prior's score. Words can settle a case, columns seldom do:
# at 25 rows a weight of 4 was chosen by chance often enough to do harm.
GRID = (0.25, 0.5, 1.0, 2.0)
WORD_GRID = (*GRID, 4.0)
SURE = 0.5  # standard errors that a weight above 0 must gain: see docs/explanation/prior.md


def allowed(prior: Prior, task: Task) -> Prior:
    """The prior without what would fight a direction that the model must keep: there the task decides."""
    held = {c.name: c.expected for c in task.features if c.enforce and c.expected}
    return replace(
        prior,
        ways=tuple(w for w in prior.ways if held.get(w.column, w.way) == w.way),
        levels=tuple(s for s in prior.levels if s.column not in held),
    )


def sign_of(prior: Prior, column: str) -> float:
    """-1 to 1: the direction of a column, weakened where it was not sure."""
    found = [SIGNS[w.way] * w.sure for w in prior.ways if w.column == column and w.way in SIGNS]
    return found[0] if found else 0.0


def mid_ranks(counts: np.ndarray) -> np.ndarray:
    """Standardised middle rank f8[m] of each step of an order, from the rows in it."""
    total = counts.sum()
    if total == 0:
        return np.zeros(len(counts))
    middle = (np.cumsum(counts) - counts / 2) / total
    spread = np.sqrt(np.average((middle - 0.5) ** 2, weights=counts))
    return (middle - 0.5) / spread if spread > 0 else np.zeros(len(counts))


def label_scores(prior: Prior, train: Dataset, column: str, labels: tuple[str, ...]) -> np.ndarray:
    """f8[labels, K]: the leaning of each level, and its place where the levels have a direction; mean 0."""
    found = np.zeros((len(labels), outputs(train)))
    said = {s.name: s.scores for s in prior.levels if s.column == column}
    for place, label in enumerate(labels):
        if label in said:
            found[place] = said[label]
    values = train.frame[column].to_numpy()
    counts = np.array([np.count_nonzero(values == label) for label in labels], dtype=float)
    sign, order = sign_of(prior, column), train.task.column(column).levels
    if sign:
        places = [place for place, label in enumerate(labels) if label in order]
        known = sorted(places, key=lambda place: order.index(labels[place]))
        found[known, 0] += sign * mid_ranks(counts[known])
    return found - (counts @ found) / counts.sum() if counts.sum() else found * 0.0


def block_weights(prior: Prior, blocks: tuple[Block, ...], train: Dataset) -> np.ndarray:
    """f8[p, K]: the prior as weights of these matrix columns, on a scale of its own."""
    prior = allowed(prior, train.task)
    parts = [np.zeros((0, outputs(train)))]
    for block in blocks:
        own = np.zeros((width(block), outputs(train)))
        if isinstance(block, NumberBlock):
            own[0, 0] = sign_of(prior, block.feature)
        elif isinstance(block, LevelBlock):
            _fill_levels(own, block, label_scores(prior, train, block.feature, block.labels), train)
        parts.append(own)
    return np.concatenate(parts)


def _fill_levels(own: np.ndarray, block: LevelBlock, scores: np.ndarray, train: Dataset) -> None:
    """Levels that share a matrix column share the mean of their scores, by their rows."""
    values, codes = train.frame[block.feature].to_numpy(), np.array(block.codes)
    counts = np.array([np.count_nonzero(values == label) for label in block.labels], dtype=float)
    for code in np.unique(codes):
        inside = codes == code
        if counts[inside].sum():
            own[code - 1] = np.average(scores[inside], axis=0, weights=counts[inside])


def standardised(weights: np.ndarray, matrix: Any, train: Dataset) -> np.ndarray | None:
    """The weights, scaled so that the prior's score of the training rows has the spread that weight 1 means.

    None where the prior says nothing that tells these rows apart.
    """
    scores = np.asarray(matrix @ weights)
    factor = scale(scores, train)
    return None if factor == 0.0 else weights * factor


def scale(scores: np.ndarray, train: Dataset) -> float:
    """What to multiply scores f8[n, K] by; 0 where they do not tell rows apart."""
    spread = float(np.sqrt(scores.var(axis=0).mean()))
    goal = float(np.std(train.target)) if train.task.kind == "regression" else 1.0
    return goal / spread if spread > 1e-12 else 0.0


def choose(
    plain: np.ndarray, tried: Mapping[tuple[float, float], np.ndarray]
) -> tuple[tuple[float, float] | None, PriorWeight]:
    """How much of the prior to take: the least weight that is hardly worse than the best.

    Parameters
    ----------
    plain : f8[n] losses of held-out rows without the prior
    tried : the same with it, by weight and strength of the penalty (or whatever else was tried beside)

    Returns
    -------
    The setting (None: weight 0) and what is told of it. Hardly: by no more than half a standard error of
    the rows' differences. So a prior that tells nothing is left out most of the time.
    """
    best = min(tried, key=lambda one: float(tried[one].mean()))
    if _hardly_worse(plain, tried[best]):
        gain, error = _gain(plain, tried[best])
        return None, PriorWeight(weight=0.0, gain=gain, error=error, reason="not_shown")
    for weight in sorted({one[0] for one in tried}):
        own = min((one for one in tried if one[0] == weight), key=lambda one: float(tried[one].mean()))
        if _hardly_worse(tried[own], tried[best]):
            break
    gain, error = _gain(plain, tried[own])
    return own, PriorWeight(weight=own[0], gain=gain, error=error)


def _gain(before: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    """Mean fall of the loss, and its standard error."""
    fall = before - after
    return float(fall.mean()), float(fall.std(ddof=1) / np.sqrt(len(fall)))


def _hardly_worse(one: np.ndarray, best: np.ndarray) -> bool:
    gain, error = _gain(one, best)
    return gain <= SURE * error


def weight_of(notes: Mapping[str, Any]) -> PriorWeight:
    """What a fit notes about the prior it was given."""
    return codec.from_plain(notes["prior"], PriorWeight)


def none_taken(reason: str) -> PriorWeight:
    return PriorWeight(weight=0.0, reason=reason)


def shuffled(prior: Prior, seed: int) -> Prior:
    """A control that says as much and means nothing: random signs, scores dealt out anew in each column."""
    random = np.random.default_rng(seed)
    turned: dict[Way, Way] = {"up": "down", "down": "up"}
    ways = tuple(replace(w, way=turned.get(w.way, w.way)) if random.random() < 0.5 else w for w in prior.ways)
    return replace(prior, ways=ways, levels=_dealt(prior.levels, random), words=_dealt(prior.words, random))


def _dealt(scores: tuple[SaidScore, ...], random: np.random.Generator) -> tuple[SaidScore, ...]:
    found = list(scores)
    for column in dict.fromkeys(s.column for s in scores):
        places = [i for i, s in enumerate(scores) if s.column == column]
        for own, other in zip(places, random.permutation(places), strict=True):
            found[own] = replace(scores[own], scores=scores[other].scores)
    return tuple(found)
