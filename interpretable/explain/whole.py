"""How a model decides in general: importances, a curve per feature, a surface per pair, weights of tokens."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np

from interpretable.records.additive import AdditiveModel, Axis, LinearTerm, TableTerm, Term, TokenTerm
from interpretable.records.dataset import Dataset
from interpretable.records.explanation import (
    Curve,
    CurvePoint,
    Importance,
    PairSurface,
    TokenWeight,
    WholeExplanation,
)
from interpretable.score import additive
from interpretable.score.additive import typical_values
from interpretable.score.coding import code
from interpretable.score.output import to_prediction
from interpretable.score.reasons import estimate_of
from interpretable.score.scorer import AdditiveScorer, Scorer

MOST_ROWS = 5_000  # for importances
TOKENS_SHOWN = 30  # per class and direction
LINE_CELLS = 20  # a straight line is drawn and counted in this many bins
PAIR_CELLS = 12  # a pair is drawn on at most this many steps of a number


def _importances(scorer: Scorer, train: Dataset) -> tuple[Importance, ...]:
    sample = train.take(np.arange(len(train))[:: max(len(train) // MOST_ROWS, 1)])
    columns = {f.name: sample.frame[f.name].to_numpy() for f in scorer.features}
    effects = np.abs(scorer.effects(columns, len(sample))).mean(axis=(0, 2))
    found = [
        Importance(feature=f.name, value=float(v)) for f, v in zip(scorer.features, effects, strict=True)
    ]
    return tuple(sorted(found, key=lambda i: -i.value))


def _axis_of(model: AdditiveModel, term: TableTerm | LinearTerm, train: Dataset) -> Axis:
    if isinstance(term, TableTerm):
        return term.axes[0]
    values = train.frame[model.features[term.feature].name].to_numpy(dtype=float)
    seen = np.unique(values[~np.isnan(values)])
    cuts = (seen[1:] + seen[:-1]) / 2 if len(seen) <= LINE_CELLS else np.unique(
        np.quantile(values[~np.isnan(values)], np.linspace(0, 1, LINE_CELLS + 1)[1:-1])
    )  # fmt: skip
    return Axis(cuts=cuts)


Cell = tuple[Literal["bin", "level", "missing"], str, float | None, float | None, object]


def _cells(axis: Axis, low: float, high: float) -> list[Cell]:
    """Kind, label, low, high and one value of every cell that is drawn: bins or levels, then missing."""
    if axis.cuts is None:
        named: dict[int, list[str]] = {}
        for label, place in zip(axis.labels, axis.codes, strict=True):
            named.setdefault(place, []).append(label)
        drawn: list[Cell] = [
            ("level", ", ".join(labels), None, None, labels[0]) for _, labels in sorted(named.items())
        ]
        return [*drawn, ("missing", "", None, None, None)]
    edges = [min([low, *axis.cuts[:1]]), *axis.cuts, max([high, *axis.cuts[-1:]])]
    drawn = [("bin", "", float(a), float(b), float((a + b) / 2)) for a, b in pairwise(edges)]
    return [*drawn, ("missing", "", None, None, float("nan"))]


def _counts(axis: Axis, values: np.ndarray) -> np.ndarray:
    """Training rows in each drawn cell, in the order of `_cells`."""
    per_cell = np.bincount(code(axis, values), minlength=axis.cells)
    return np.concatenate([per_cell[1:-1], per_cell[:1]])


def _own_scores(model: AdditiveModel, term: Term, column: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """The term alone f8[n, K], and for every refit f8[B, n, K], at these values."""
    columns = {model.features[term.features[0]].name: column}
    own = additive.term_scores(model, term, columns)
    if model.bag_intercept is None:
        return own, None
    bags = range(len(model.bag_intercept))
    return own, np.stack([additive.refit_term(term, model, columns, bag) for bag in bags])


def _typical_estimates(scorer: Scorer, index: int, column: np.ndarray) -> np.ndarray:
    """Predictions for a typical case whose one feature takes each of these values."""
    rows = len(column)
    columns = {f.name: typical_values(f.kind, f.typical, rows) for f in scorer.features}
    columns[scorer.features[index].name] = column
    return to_prediction(scorer.link, scorer.link_scores(columns, rows))


def _kinks(effects: np.ndarray) -> int:
    """Changes of direction along the curve."""
    steps = np.sign(np.diff(effects))
    steps = steps[steps != 0]
    return int((steps[1:] != steps[:-1]).sum())


def _curve(scorer: AdditiveScorer, term: TableTerm | LinearTerm, output: int, train: Dataset) -> Curve:
    model = scorer.model
    spec = model.features[term.features[0]]
    axis = _axis_of(model, term, train)
    cells = _cells(axis, spec.low, spec.high)
    column = np.array([c[4] for c in cells], dtype=float if axis.cuts is not None else object)
    counts = _counts(axis, train.frame[spec.name].to_numpy())
    own, refits = _own_scores(model, term, column)
    effects, centre = own[:, output], np.average(own[:, output], weights=counts + 1e-12)
    spread = None if refits is None else refits[..., output] - centre
    estimates = estimate_of(_typical_estimates(scorer, term.features[0], column), output)
    points = tuple(
        CurvePoint(
            kind=kind,
            label=label,
            low=low,
            high=high,
            effect=float(effects[i] - centre),
            effect_low=None if spread is None else float(spread[:, i].min()),
            effect_high=None if spread is None else float(spread[:, i].max()),
            estimate=float(estimates[i]),
            count=float(counts[i]),
        )
        for i, (kind, label, low, high, _) in enumerate(cells)
        if kind != "missing" or counts[i] > 0
    )
    kinks = _kinks(effects[:-1]) if axis.cuts is not None else 0
    return Curve(feature=spec.name, output=_output_name(scorer, output), points=points, kinks=kinks)


def _output_name(scorer: Scorer, output: int) -> str:
    return scorer.classes[output] if scorer.link == "softmax" else ""


def _labels(axis: Axis, starts: np.ndarray) -> tuple[str, ...]:
    """Names of the drawn steps; each step begins at the cell `starts` gives."""
    if axis.cuts is None:
        named: dict[int, list[str]] = {}
        for label, place in zip(axis.labels, axis.codes, strict=True):
            named.setdefault(place, []).append(label)
        return tuple(", ".join(labels) for _, labels in sorted(named.items()))
    cuts = [f"{axis.cuts[cell - 1]:.4g}" for cell in starts[1:]]
    if not cuts:
        return ("all",)
    return (f"< {cuts[0]}", *(f"{a} to {b}" for a, b in pairwise(cuts)), f"≥ {cuts[-1]}")


def _steps(axis: Axis, counts: np.ndarray) -> np.ndarray:
    """First cell of each drawn step: every level, or bins of a number joined to about equal counts."""
    if axis.cuts is None or len(counts) <= PAIR_CELLS:
        return np.arange(len(counts))
    share = np.cumsum(counts + 1e-9) / (counts + 1e-9).sum()
    return np.unique(np.searchsorted(share, np.arange(PAIR_CELLS) / PAIR_CELLS))


def _joined(values: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Sums over the blocks of a grid that begin at these rows and columns."""
    return np.add.reduceat(np.add.reduceat(values, rows, axis=0), columns, axis=1)


def _pair(scorer: AdditiveScorer, term: TableTerm, output: int) -> PairSurface:
    """The grid of a pair; many small bins are joined, their effects weighted by training rows."""
    names = [scorer.model.features[i].name for i in term.features]
    inner = term.scores[1:-1, 1:-1, output]
    counts = term.weights[1:-1, 1:-1] if term.weights is not None else np.ones(inner.shape)
    rows, columns = _steps(term.axes[0], counts.sum(axis=1)), _steps(term.axes[1], counts.sum(axis=0))
    weights = counts + 1e-6  # cells without rows count only where a whole block has none
    effects = _joined(inner * weights, rows, columns) / _joined(weights, rows, columns)
    return PairSurface(
        features=(names[0], names[1]),
        output=_output_name(scorer, output),
        x=_labels(term.axes[0], rows),
        y=_labels(term.axes[1], columns),
        effects=tuple(tuple(row) for row in effects.tolist()),
        counts=tuple(tuple(row) for row in _joined(counts, rows, columns).tolist()),
    )


def _token_weights(scorer: AdditiveScorer, term: TokenTerm, output: int, train: Dataset) -> list[TokenWeight]:
    weights = term.weights[:, output]
    order = np.argsort(weights, kind="stable")
    chosen = np.unique(np.concatenate([order[:TOKENS_SHOWN], order[-TOKENS_SHOWN:]]))
    name = scorer.model.features[term.feature].name
    # idf = 1 + ln((1 + n) / (1 + rows with the token)), so the row count can be read back from it.
    rows = (1 + len(train)) / np.exp(term.idf[chosen] - 1) - 1
    return [
        TokenWeight(
            feature=name,
            output=_output_name(scorer, output),
            token=term.vocabulary[i],
            weight=float(weights[i]),
            rows=round(float(r)),
        )
        for i, r in zip(chosen, rows, strict=True)
    ]


def explain_whole(scorer: Scorer, train: Dataset) -> WholeExplanation:
    """Curves, pairs and token weights of a glass box (importances alone for a black box)."""
    importances = _importances(scorer, train)
    if not isinstance(scorer, AdditiveScorer):
        return WholeExplanation(model=scorer.family, glass_box=False, importances=importances)
    curves, pairs, tokens = [], [], []
    for output in range(scorer.model.outputs):
        for term in scorer.model.terms:
            if isinstance(term, TokenTerm):
                tokens += _token_weights(scorer, term, output, train)
            elif isinstance(term, LinearTerm) or len(term.features) == 1:
                curves.append(_curve(scorer, term, output, train))
            else:
                pairs.append(_pair(scorer, term, output))
    return WholeExplanation(
        model=scorer.family,
        glass_box=True,
        importances=importances,
        curves=tuple(curves),
        pairs=tuple(pairs),
        tokens=tuple(tokens),
    )
