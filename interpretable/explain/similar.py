"""Past cases that the model sees as alike: neighbours in the space of effects, not of raw values."""

from __future__ import annotations

import numpy as np
import pandas

from interpretable.explain.case import Row
from interpretable.records.dataset import Dataset
from interpretable.records.explanation import OutcomeMix, SimilarCase
from interpretable.score.reasons import estimate_of, explained_outputs, plain_value
from interpretable.score.scorer import Scorer, columns_of, predict
from interpretable.stats.intervals import wilson

MOST = 5_000  # past cases searched


class SimilarCases:
    """Holds the effects of past cases (the training part); answers which are nearest to a new one."""

    def __init__(self, scorer: Scorer, past: Dataset, *, seed: int = 0):
        self.scorer, self.past = scorer, past.sample(MOST, seed=seed)
        self._columns = columns_of(scorer, self.past)
        self._effects = scorer.effects(self._columns, len(self.past)).reshape(len(self.past), -1)
        self._predictions = predict(scorer, self._columns, len(self.past))

    def nearest(self, row: Dataset, k: int = 5) -> tuple[SimilarCase, ...]:
        """The k nearest past cases, without the case itself: the same row id, or its only exact copy.

        A case entered again under another id would otherwise show its own outcome before the decision.
        """
        columns = columns_of(self.scorer, row)
        own = self.scorer.effects(columns, 1).reshape(1, -1)
        distance = self._distances(row, columns, own)
        order = np.argsort(distance, kind="stable")[:k]
        prediction = predict(self.scorer, columns, 1)
        output = int(explained_outputs(self.scorer, prediction)[0])
        return tuple(
            self._describe(i, distance[i], columns, own=own, output=output)
            for i in order
            if np.isfinite(distance[i])
        )

    def distances(self, row: Dataset) -> np.ndarray:
        """Distance f8[n] of every past case; infinite for the case itself and others of its group."""
        columns = columns_of(self.scorer, row)
        return self._distances(row, columns, self.scorer.effects(columns, 1).reshape(1, -1))

    def _distances(self, row: Dataset, columns: Row, own: np.ndarray) -> np.ndarray:
        """Distances f8[n] in effects; infinite for the case itself and for others of its group.

        Rows of one group are one person, or one household: their outcomes are no evidence about this case.
        """
        distance = np.sqrt(((self._effects - own) ** 2).sum(axis=1))
        distance[self.past.row_ids == row.row_ids[0]] = np.inf
        distance[self._itself(columns)] = np.inf
        if self.past.groups is not None and row.groups is not None and row.groups[0] is not None:
            distance[self.past.groups == row.groups[0]] = np.inf
        return distance

    def mix(self, row: Dataset, k: int = 25) -> OutcomeMix:
        """What happened in the k most similar past cases, with Wilson's interval.

        Counted is the positive class, or the class most likely for this case; of values the middle half is
        given. The interval takes the k cases as a sample of cases like this one.
        """
        columns = columns_of(self.scorer, row)
        distance = self.distances(row)
        order = np.argsort(distance, kind="stable")[:k]
        order = order[np.isfinite(distance[order])]
        if not len(order):
            return OutcomeMix(n=0, outcome="")
        if not self.past.classes:
            low, middle, high = np.quantile(self.past.target[order], (0.25, 0.5, 0.75))
            return OutcomeMix(
                n=len(order), outcome="", low=float(low), high=float(high), middle=float(middle)
            )
        prediction = predict(self.scorer, columns, 1)
        place = int(prediction.argmax()) if self.scorer.link == "softmax" else 1
        hits = int((self.past.target[order] == place).sum())
        low, high = wilson(hits, len(order))
        return OutcomeMix(n=len(order), outcome=self.past.classes[place], hits=hits, low=low, high=high)

    def _itself(self, columns: Row) -> np.ndarray:
        """Marks the one past case that agrees in every value; several alike are shown as any others."""
        alike = np.ones(len(self.past), dtype=bool)
        for name, values in self._columns.items():
            here = plain_value(columns[name][0])
            alike &= pandas.isna(values) if here is None else values == columns[name][0]
        return alike if alike.sum() == 1 else np.zeros(len(self.past), dtype=bool)

    def _outcome(self, position: int) -> str:
        target = self.past.target[position]
        return self.past.classes[int(target)] if self.past.classes else f"{target:g}"

    def _describe(
        self, position: int, distance: float, columns: Row, *, own: np.ndarray, output: int
    ) -> SimilarCase:
        width = len(self._effects[position]) // len(self.scorer.features)
        gaps = np.abs(self._effects[position] - own).reshape(-1, width).sum(axis=1)
        differing = []
        for index in np.argsort(-gaps, kind="stable")[:3]:
            name = self.scorer.features[index].name
            here, there = plain_value(columns[name][0]), plain_value(self._columns[name][position])
            if here != there:
                differing.append((name, here, there))
        return SimilarCase(
            row_id=str(self.past.row_ids[position]),
            distance=float(distance),
            estimate=float(estimate_of(self._predictions, output)[position]),
            outcome=self._outcome(position),
            differences=tuple(differing),
        )
