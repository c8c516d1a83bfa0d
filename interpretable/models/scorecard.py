"""An integer points card that can be used with pen and paper, and that is an additive model exactly.

Bins come from an EBM (see `guide`), columns and points from `points`. The link score is constant + unit *
total.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas

from interpretable.models import points as integer
from interpretable.models.base import LINKS, Effort, Fitted, families, refuse_weights
from interpretable.models.guide import Coarse, coarsen, directions
from interpretable.models.points import Card, Problem
from interpretable.records.additive import AdditiveModel, Axis, Feature, TableTerm
from interpretable.records.dataset import Dataset
from interpretable.records.task import Task
from interpretable.score.coding import code

MOST_ROWS = 10_000  # that bins and points are learned from; unit and constant use all


@dataclass(frozen=True, eq=False, kw_only=True)
class _Layout:
    """The features on the card and their cells."""

    features: tuple[Feature, ...]
    coarse: tuple[Coarse, ...]

    @property
    def axes(self) -> tuple[Axis, ...]:
        return tuple(one.axis for one in self.coarse)

    def codes(self, dataset: Dataset) -> np.ndarray:
        columns = [
            code(axis, dataset.frame[f.name].to_numpy())
            for f, axis in zip(self.features, self.axes, strict=True)
        ]
        return np.column_stack(columns).astype(int) if columns else np.zeros((len(dataset), 0), dtype=int)

    def take(self, columns: list[int]) -> _Layout:
        return _Layout(
            features=tuple(self.features[j] for j in columns), coarse=tuple(self.coarse[j] for j in columns)
        )


def _scaled(train: Dataset) -> tuple[np.ndarray, float, float]:
    """The target as the points are fitted to it, and its middle and width (0 and 1 for two classes)."""
    target = np.asarray(train.target, dtype=float)
    if train.task.kind == "binary":
        return target, 0.0, 1.0
    width = float(target.std()) or 1.0
    return (target - target.mean()) / width, float(target.mean()), width


def _problem(train: Dataset, layout: _Layout, target: np.ndarray, width: float) -> Problem:
    wanted = directions(train)
    return Problem(
        codes=layout.codes(train), cells=tuple(axis.cells for axis in layout.axes), target=target,
        logit=train.task.kind == "binary", signs=tuple(wanted.get(f.name, 0) for f in layout.features),
        guide=tuple(one.heights / width for one in layout.coarse),
    )  # fmt: skip


def _make_card(problem: Problem) -> tuple[Card, np.ndarray]:
    """The card, and the real weights before rounding."""
    w = integer.fit_weights(problem, problem.hot())
    return integer.round_card(problem, integer.centred(problem, w[1:]), float(w[0])), w


def _without_zeros(layout: _Layout, card: Card) -> tuple[_Layout, Card]:
    """Columns whose every line is worth nothing leave the card."""
    used = [j for j, points in enumerate(card.points) if np.any(points)]
    return layout.take(used), Card(
        points=tuple(card.points[j] for j in used), unit=card.unit, constant=card.constant
    )


def _refits(problem: Problem, unit: float, effort: Effort) -> list[Card]:
    """Cards of resampled rows: the same bins, columns and size of a point, other points."""
    random, matrix, n = np.random.default_rng(effort.seed), problem.hot(), len(problem.target)
    found = []
    for _ in range(effort.refits):
        counts = np.bincount(random.integers(0, n, n), minlength=n).astype(float)
        w = integer.fit_weights(problem, matrix, counts)
        points = integer.rounded(integer.centred(problem, w[1:]), unit)
        mean = matrix @ np.concatenate(points) if points else np.zeros(n)
        constant = integer.level(problem, unit * mean, counts)
        found.append(Card(points=tuple(points), unit=unit, constant=constant))
    return found


def _term(position: int, axis: Axis, counts: np.ndarray, scores: np.ndarray, bags: Any) -> TableTerm:
    return TableTerm(
        features=(position,), axes=(axis,), scores=scores[:, None], weights=counts.astype(float), bags=bags
    )


class Scorecard:
    """Integer points for a few columns. Text columns are left out."""

    glass_box = True

    def can_fit(self, task: Task) -> bool:
        return task.kind != "multiclass" and any(c.kind != "text" for c in task.features)

    def name(self, task: Task) -> str:
        return "scorecard"

    def fit(self, train: Dataset, features: tuple[Feature, ...], effort: Effort) -> Fitted:
        refuse_weights(train, self.name(train.task))
        usable = tuple(f for f in features if f.kind != "text")
        target, middle, width = _scaled(train)
        rows = np.sort(np.random.default_rng(effort.seed).permutation(len(train))[:MOST_ROWS])
        part = train.take(rows)
        held = tuple(f for f in usable if part.frame[f.name].notna().any())
        whole = _Layout(features=held, coarse=coarsen(part, held, effort) if held else ())
        problem = _problem(part, whole, target[rows], width)
        most = int(effort.settings.get("terms", train.task.plan.scorecard_terms))
        layout = whole.take(integer.select(problem, most))
        card, _ = (
            _make_card(_problem(part, layout, target[rows], width))
            if layout.features
            else (_blank(target), 0)
        )
        layout, card = _without_zeros(layout, card)
        full = _problem(train, layout, target, width)
        if layout.features:
            start = (card.unit, card.constant)
            unit, constant = integer.fit_scale(full, integer.totals(full, card.points), start)
            card = Card(points=card.points, unit=unit, constant=constant)
        refits = (
            _refits(_problem(part, layout, target[rows], width), card.unit, effort) if layout.features else []
        )
        scale = (width, middle)
        record = _record(train, usable, layout, (card, refits), scale)

        def library_scores(dataset: Dataset) -> np.ndarray:
            total = _by_hand(layout, card, dataset.frame)
            return (middle + width * (card.constant + card.unit * total))[:, None]

        kept = {"terms": most, "unit": card.unit * width}
        return Fitted(record=record, library_scores=library_scores, settings=kept)


def _blank(target: np.ndarray) -> Card:
    """No column earns a line."""
    rate = float(np.clip(target.mean(), 1e-6, 1 - 1e-6))
    is_rate = bool(np.all((target == 0) | (target == 1)))
    return Card(points=(), unit=1.0, constant=float(np.log(rate / (1 - rate))) if is_rate else 0.0)


def _record(
    train: Dataset, features: tuple[Feature, ...], layout: _Layout, cards: tuple[Card, list[Card]],
    scale: tuple[float, float],
) -> AdditiveModel:  # fmt: skip
    (card, refits), (width, middle) = cards, scale
    names, codes = [f.name for f in features], layout.codes(train)
    terms = []
    for j, (feature, axis) in enumerate(zip(layout.features, layout.axes, strict=True)):
        bags = np.stack([r.points[j] * (r.unit * width) for r in refits])[..., None] if refits else None
        counts = np.bincount(codes[:, j], minlength=axis.cells)
        scores = card.points[j] * (card.unit * width)
        terms.append(_term(names.index(feature.name), axis, counts, scores, bags))
    constants = [[middle + width * r.constant] for r in refits]
    return AdditiveModel(
        family="scorecard", link=LINKS[train.task.kind], classes=train.classes, features=features,
        terms=tuple(terms), intercept=np.array([middle + width * card.constant]),
        bag_intercept=np.array(constants) if refits else None,
    )  # fmt: skip


def _by_hand(layout: _Layout, card: Card, frame: pandas.DataFrame) -> np.ndarray:
    """Total points f8[n] as a person adds them up, line by line: the proof of the compiled record."""
    total = np.zeros(len(frame))
    for feature, axis, points in zip(layout.features, layout.axes, card.points, strict=True):
        column = frame[feature.name]
        missing = column.isna().to_numpy()
        worth = np.full(len(frame), float(points[-1]))
        if axis.cuts is not None:
            for line, (low, high) in enumerate(pairwise([-np.inf, *axis.cuts, np.inf]), start=1):
                inside = (column >= low) & ((column < high) | (high == np.inf))
                worth[inside.to_numpy()] = points[line]
        for label, line in zip(axis.labels, axis.codes, strict=True):
            worth[(column == label).to_numpy()] = points[line]
        worth[missing] = points[0]
        total += worth
    return total


families.add("scorecard")(Scorecard())
