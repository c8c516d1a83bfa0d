"""Past cases to show a language model as examples: the nearest ones by what the model makes of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas

from interpretable.data.wordrule import words_of
from interpretable.errors import BrokenPromise
from interpretable.explain.similar import MOST, SimilarCases
from interpretable.records.dataset import Dataset
from interpretable.score.scorer import Scorer, columns_of

ALIKE = 0.9  # share of words two texts have in common from which on one is a copy of the other
FEW_COLUMNS = 5  # below, rows of different people often agree in all columns but one


class NearestShots:
    """Holds the training rows by their effects; answers which to show beside a new one.

    Parameters
    ----------
    scorer : the model in whose effects rows are compared
    train : training rows with their target; at most 5,000, drawn by `seed`, are searched
    """

    def __init__(self, scorer: Scorer, train: Dataset, *, seed: int = 0):
        if train.part not in ("all", "train"):
            raise BrokenPromise(f"Examples come from the training part, not from {train.part!r}.")
        order = np.random.default_rng(seed).permutation(len(train))[:MOST]
        self._positions = np.sort(order)
        self._past = train.take(self._positions)
        self._similar = SimilarCases(scorer, self._past)
        self._columns = columns_of(scorer, self._past)
        self._scorer = scorer
        text = {f.name for f in scorer.features if f.kind == "text"}
        self._words = {name: [_words(v) for v in self._columns[name]] for name in text}

    def positions(self, row: Dataset, k: int, classes: Sequence[str]) -> np.ndarray:
        """Positions in the training rows of `k` examples, the nearest last; fewer where there are no more.

        Each class has the same number of places, as far as it has rows. Left out are the row itself, others
        of its group, and near copies: rows that agree in every column but one at most (below 5 columns: in
        every column; texts agree where 9 of 10 words are the same). Their outcome would be the answer.

        Parameters
        ----------
        row : a dataset of one row
        classes : names of the classes, as in the dataset; none for a regression, which takes the k nearest
        """
        distance = self._similar.distances(row)
        distance[self._copies(row)] = np.inf
        order = np.argsort(distance, kind="stable")
        order = order[np.isfinite(distance[order])]
        chosen = order[:k] if not classes else self._balanced(order, k, len(classes))
        return self._positions[chosen[::-1]]

    def _balanced(self, order: np.ndarray, k: int, classes: int) -> np.ndarray:
        """The first of each class, in turns, in order of distance."""
        target = self._past.target[order]
        turn = np.empty(len(order), dtype=int)
        for c in range(classes):
            turn[target == c] = np.arange((target == c).sum())
        return np.asarray(order[np.sort(np.lexsort((np.arange(len(order)), turn))[:k])])

    def _copies(self, row: Dataset) -> np.ndarray:
        columns = columns_of(self._scorer, row)
        differing = np.zeros(len(self._past), dtype=int)
        for name, values in self._columns.items():
            differing += ~self._agrees(name, values, columns[name][0])
        return differing <= (1 if len(self._columns) >= FEW_COLUMNS else 0)

    def _agrees(self, name: str, values: np.ndarray, here: object) -> np.ndarray:
        if name in self._words:
            own = _words(here)
            return np.array([_share(own, there) >= ALIKE for there in self._words[name]])
        missing = pandas.isna(values)
        return np.asarray(missing if pandas.isna(here) else (values == here) & ~missing, dtype=bool)


def nearest_shots(
    scorer: Scorer, train: Dataset, row: Dataset, *, k: int, classes: Sequence[str]
) -> np.ndarray:
    """The examples for one row; `NearestShots` is quicker for many. See there."""
    return NearestShots(scorer, train).positions(row, k, classes)


def _words(text: object) -> frozenset[str]:
    return frozenset() if text is None or text != text else frozenset(words_of(str(text)))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """Words in common, of all words of both; two texts without a word are the same."""
    every = len(one | other)
    return len(one & other) / every if every else 1.0
