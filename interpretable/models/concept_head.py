"""A small logistic head for one concept, learned from hand labels: at most 20 phrases, present or not.

Phrases enter one by one, each the one with the largest score statistic beside those already in (orthogonal
matching pursuit for logistic regression, Lozano, Swirszcz and Abe, 2011). How many: the fewest within one
standard error of the smallest log loss out of fold. The threshold is the one with the best F1 out of fold.
Weights are rounded, so that a person can read and change them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from interpretable.data.conceptfile import MOST_WEIGHTS
from interpretable.data.concepts import FOUND, Matcher, ask
from interpretable.data.runs import runs_of
from interpretable.errors import BrokenPromise
from interpretable.records.concept import Concept
from interpretable.stats import logistic
from interpretable.stats.metrics import expit

RAREST = 5  # a phrase in fewer labelled texts could be a person's
CANDIDATES = 300
RIDGE = 0.3  # keeps the weight of a phrase finite that only one kind of text has
ENTERS = 6.63  # score statistic of a phrase that may enter: 1 in 100 by chance, for one phrase
THRESHOLDS = np.round(np.arange(0.1, 0.91, 0.05), 2)
INNER, OUTER = 3, 5


def fit_head(
    concept: Concept, texts: np.ndarray, truth: np.ndarray, *, units: np.ndarray, seed: int = 0
) -> Concept:
    """The concept with a learned head; no approval is kept.

    Parameters
    ----------
    concept : its column, `not_phrases` and negation are kept
    texts : object (n,) of str
    truth : bool (n,), at least `INNER` of either kind
    units : int (n,), rows with the same number stay in one fold
    """
    bare = replace(concept, phrases=(), weights=(), approved="", intercept=0.0, threshold=0.5)
    phrases, present = _candidates(bare, texts, truth)
    if not phrases:
        return bare
    size = _size(present, truth, units, seed)
    chances = np.full(len(truth), truth.mean())
    for inside, outside in _folds(INNER, truth, units, seed):
        own, weights = _upto(_path(present[inside], truth[inside]), size)
        chances[outside] = expit(_score(present[outside][:, own], weights))
    chosen, weights = _upto(_path(present, truth), size)
    named = [(phrases[at], round(float(w), 2)) for at, w in zip(chosen, weights[1:], strict=True)]
    kept = sorted((pair for pair in named if pair[1]), key=lambda pair: -abs(pair[1]))
    if not kept:
        return bare
    return replace(
        bare,
        weights=tuple(kept),
        intercept=round(float(weights[0]), 2),
        threshold=_threshold(chances, truth),
    )


def _upto(path: list[tuple[list[int], np.ndarray]], size: int) -> tuple[list[int], np.ndarray]:
    return path[min(size, len(path) - 1)]


def out_of_fold(
    concept: Concept, texts: np.ndarray, truth: np.ndarray, *, units: np.ndarray, seed: int = 0
) -> np.ndarray:
    """bool (n,): each text answered by a head fitted, phrases and threshold included, on other folds."""
    found = np.zeros(len(truth), dtype=bool)
    for inside, outside in _folds(OUTER, truth, units, seed):
        head = fit_head(concept, texts[inside], truth[inside], units=units[inside], seed=seed)
        found[outside] = (ask([head], texts[outside])[:, 0] & FOUND) > 0
    return found


def _candidates(concept: Concept, texts: np.ndarray, truth: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Phrases that tell yes from no, and where they count: f8 (n, p)."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(set(runs_of(text)))
    rarest = max(RAREST, len(texts) // 200)
    phrases = sorted((p for p, n in seen.items() if n >= rarest), key=lambda p: (len(p), p))
    matcher = Matcher([replace(concept, phrases=tuple(phrases))])
    present = np.zeros((len(texts), len(phrases)))
    for row, text in enumerate(texts):
        present[row, list(matcher.places(text)[0])] = 1.0
    rows = np.packbits(present > 0, axis=0)
    first = np.array(
        sorted({rows[:, at].tobytes(): at for at in reversed(range(len(phrases)))}.values()), int
    )
    told = first[present[:, first].sum(axis=0) >= rarest]  # of phrases in the same rows the shortest
    told = told[np.argsort(-_telling(present[:, told], truth), kind="stable")][:CANDIDATES]
    return [phrases[at] for at in told], present[:, told]


def _telling(present: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """|log odds ratio| over its standard error, each cell plus one half."""
    a, b = present[truth].sum(axis=0) + 0.5, present[~truth].sum(axis=0) + 0.5
    c, d = truth.sum() + 1.0 - a, (~truth).sum() + 1.0 - b
    return np.asarray(np.abs(np.log(a * d / (b * c))) / np.sqrt(1 / a + 1 / b + 1 / c + 1 / d))


def _path(present: np.ndarray, truth: np.ndarray) -> list[tuple[list[int], np.ndarray]]:
    """Columns and weights (intercept first) with 0, 1, 2, ... phrases, as each next one enters.

    It ends after 20, or where no column tells more than chance.
    """
    path = [([], _weigh(present[:, []], truth))]
    while len(path) <= min(MOST_WEIGHTS, present.shape[1]):
        order, weights = path[-1]
        chances = expit(_score(present[:, order], weights))
        spread = chances * (1.0 - chances)
        middle = spread @ present / spread.sum()
        width = spread @ present**2 - spread.sum() * middle**2
        score = (present.T @ (truth - chances)) ** 2 / np.maximum(width, 1e-9)
        score[order] = 0.0
        best = int(np.argmax(score))
        if score[best] < ENTERS:
            break
        path.append(([*order, best], _weigh(present[:, [*order, best]], truth)))
    return path


def _weigh(present: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Weights of a ridge fit, intercept first."""
    design = np.column_stack([np.ones(len(present)), present])
    found = logistic.fit(design, truth.astype(float), ridge=RIDGE)
    if found is None:
        raise BrokenPromise("A logistic fit with a ridge has no solution.")
    return found[0]


def _score(present: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.asarray(weights[0] + present @ weights[1:])


def _folds(
    count: int, truth: np.ndarray, units: np.ndarray, seed: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    cut = StratifiedGroupKFold(count, shuffle=True, random_state=seed).split(units, truth, units)
    # A training side with one answer only cannot be fitted on: its rows keep the answer no.
    yield from ((inside, outside) for inside, outside in cut if 0 < truth[inside].sum() < len(inside))


def _size(present: np.ndarray, truth: np.ndarray, units: np.ndarray, seed: int) -> int:
    """The fewest phrases within one standard error of the smallest log loss on inner folds."""
    losses = []
    for inside, outside in _folds(INNER, truth, units, seed + 1):
        row = [
            logistic.deviance(_score(present[outside][:, own], weights), truth[outside]) / len(outside)
            for own, weights in _path(present[inside], truth[inside])
        ]
        losses.append([*row, *[row[-1]] * (MOST_WEIGHTS + 1 - len(row))])
    if len(losses) < 2:
        return MOST_WEIGHTS
    mean = np.mean(losses, axis=0)
    error = np.std(losses, axis=0, ddof=1)[int(np.argmin(mean))] / np.sqrt(len(losses))
    return max(1, int(np.flatnonzero(mean <= mean.min() + error)[0]))


def _threshold(chances: np.ndarray, truth: np.ndarray) -> float:
    """The threshold with the best F1; of equal ones the nearest to one half."""

    def f1(line: float) -> float:
        found = chances >= line
        return 2 * float((found & truth).sum()) / max(1.0, float(found.sum() + truth.sum()))

    return float(max(THRESHOLDS, key=lambda line: (round(f1(line), 9), -abs(line - 0.5))))
