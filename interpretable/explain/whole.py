"""How a model decides in general: importances, a curve per feature, a surface per pair, weights of tokens."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import numpy as np

from interpretable.explain.purify import purified
from interpretable.explain.text import centred
from interpretable.explain.tree import make_tree
from interpretable.records.additive import (
    AdditiveModel,
    Axis,
    LinearTerm,
    RuleTerm,
    TableTerm,
    Term,
    TokenTerm,
)
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
from interpretable.score.reasons import estimate_of
from interpretable.score.scorer import AdditiveScorer, Scorer, columns_of, predict
from interpretable.score.texts import factors, reader_of

MOST_ROWS = 5_000  # for importances
TOKENS_SHOWN = 30  # per class and direction
MOST_TEXTS = 20_000  # read for the mean contribution of tokens
LINE_CELLS = 20  # a straight line is drawn and counted in this many bins
PAIR_CELLS = 12  # a pair is drawn on at most this many steps of a number
FEW = 5  # levels and tokens of fewer training rows could point at a person: they are not named
RARE = "other, under 5 rows each"  # worded in words/, as for groups


def _importances(scorer: Scorer, train: Dataset) -> tuple[Importance, ...]:
    sample = train.take(np.arange(len(train))[:: max(len(train) // MOST_ROWS, 1)])
    columns = columns_of(scorer, sample)
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


def _named(axis: Axis, values: np.ndarray) -> list[tuple[str, str]]:
    """Name and one label of each cell of levels; levels of too few rows share one name."""
    seen = Counter(values)
    cells: dict[int, list[str]] = {}
    for label, place in zip(axis.labels, axis.codes, strict=True):
        cells.setdefault(place, []).append(label)
    return [
        (", ".join(one for one in labels if seen[one] >= FEW) or RARE, labels[0])
        for _, labels in sorted(cells.items())
    ]


def _cells(axis: Axis, low: float, high: float, values: np.ndarray) -> list[Cell]:
    """Kind, label, low, high and one value of every cell that is drawn: bins or levels, then missing."""
    if axis.cuts is None:
        drawn: list[Cell] = [("level", name, None, None, label) for name, label in _named(axis, values)]
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
    shape = (len(model.bag_intercept), *own.shape)
    return own, np.broadcast_to(additive.refit_term(term, model, columns), shape)


def _typical_estimates(scorer: Scorer, index: int, column: np.ndarray) -> np.ndarray:
    """Predictions for a typical case whose one feature takes each of these values."""
    rows = len(column)
    columns = {f.name: typical_values(f.kind, f.typical, rows) for f in scorer.features}
    columns[scorer.features[index].name] = column
    return predict(scorer, columns, rows)


def _kinks(effects: np.ndarray) -> int:
    """Changes of direction along the curve."""
    steps = np.sign(np.diff(effects))
    steps = steps[steps != 0]
    return int((steps[1:] != steps[:-1]).sum())


def _curve(scorer: AdditiveScorer, terms: list[TableTerm | LinearTerm], output: int, train: Dataset) -> Curve:
    """The curve of one feature: all its terms of its own together (a blend has a table and a line)."""
    model = scorer.model
    term = next((t for t in terms if isinstance(t, TableTerm)), terms[0])
    spec = model.features[term.features[0]]
    axis = _axis_of(model, term, train)
    values = train.frame[spec.name].to_numpy()
    cells = _cells(axis, spec.low, spec.high, values)
    column = np.array([c[4] for c in cells], dtype=float if axis.cuts is not None else object)
    counts = _counts(axis, values)
    parts = [_own_scores(model, one, column) for one in terms]
    own = np.asarray(sum(p[0] for p in parts))
    refits = None if parts[0][1] is None else np.asarray(sum(p[1] for p in parts))
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
    name = _output_name(scorer, output)
    return Curve(feature=spec.name, output=name, points=_rare_as_one(points), kinks=kinks)


def _rare_as_one(points: tuple[CurvePoint, ...]) -> tuple[CurvePoint, ...]:
    """The cells of rare levels as one point, weighted by their training rows; before the missing cell."""
    rare = [p for p in points if p.kind == "level" and p.label == RARE]
    if len(rare) < 2:
        return points
    rows = np.array([p.count for p in rare], dtype=float)

    def mean(name: str) -> float | None:
        found = [getattr(p, name) for p in rare]
        return None if None in found else float(np.average(found, weights=rows + 1e-12))

    one = replace(
        rare[0],
        effect=mean("effect"),
        effect_low=mean("effect_low"),
        effect_high=mean("effect_high"),
        estimate=mean("estimate"),
        count=float(rows.sum()),
    )
    kept = [p for p in points if p not in rare]
    levels = [p for p in kept if p.kind == "level"]
    return (*levels, one, *kept[len(levels) :])


def _output_name(scorer: Scorer, output: int) -> str:
    return scorer.classes[output] if scorer.link == "softmax" else ""


def _labels(cuts: np.ndarray, starts: np.ndarray) -> list[str]:
    """Names of the drawn steps of a number; each step begins at the cell `starts` gives."""
    edges = [f"{cuts[cell - 1]:.4g}" for cell in starts[1:]]
    if not edges:
        return ["all"]
    return [f"< {edges[0]}", *(f"{a} to {b}" for a, b in pairwise(edges)), f"≥ {edges[-1]}"]


def _steps(axis: Axis, counts: np.ndarray, values: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Names of the drawn steps, and the step of each cell: levels, or bins joined to about equal counts."""
    if axis.cuts is None:
        of_cell = [name for name, _ in _named(axis, values)]
        names = list(dict.fromkeys(of_cell))
        return names, np.array([names.index(name) for name in of_cell])
    starts = np.arange(len(counts))
    if len(counts) > PAIR_CELLS:
        share = np.cumsum(counts + 1e-9) / (counts + 1e-9).sum()
        starts = np.unique(np.searchsorted(share, np.arange(PAIR_CELLS) / PAIR_CELLS))
    return _labels(axis.cuts, starts), np.searchsorted(starts, np.arange(len(counts)), side="right") - 1


def _joined(values: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Sums of the cells of a grid that are drawn as one step."""
    total = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(total, (rows[:, None], columns[None, :]), values)
    return total


def _pair(scorer: AdditiveScorer, term: TableTerm, output: int, train: Dataset) -> PairSurface:
    """The grid of a pair; small bins and rare levels are joined, their effects weighted by training rows."""
    names = [scorer.model.features[i].name for i in term.features]
    inner = term.scores[1:-1, 1:-1, output]
    counts = term.weights[1:-1, 1:-1] if term.weights is not None else np.ones(inner.shape)
    columns_of = [train.frame[name].to_numpy() for name in names]
    x, rows = _steps(term.axes[0], counts.sum(axis=1), columns_of[0])
    y, columns = _steps(term.axes[1], counts.sum(axis=0), columns_of[1])
    weights = counts + 1e-6  # cells without rows count only where a whole block has none
    effects = _joined(inner * weights, rows, columns) / _joined(weights, rows, columns)
    return PairSurface(
        features=(names[0], names[1]),
        output=_output_name(scorer, output),
        x=tuple(x),
        y=tuple(y),
        effects=tuple(tuple(row) for row in effects.tolist()),
        counts=tuple(tuple(row) for row in _joined(counts, rows, columns).tolist()),
    )


def _held(term: TokenTerm, name: str, train: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Training texts that hold each token f8[V], of those read, and its mean factor there (else nan)."""
    texts = train.frame[name].to_numpy()[:: max(len(train) // MOST_TEXTS, 1)]
    counted = reader_of(term).count(texts)
    size = len(term.vocabulary)
    held = np.bincount(counted.positions, minlength=size).astype(np.float64)
    sums = np.bincount(counted.positions, weights=factors(counted, term.idf, term.rule), minlength=size)
    return held, np.where(held > 0, sums / np.maximum(held, 1.0), np.nan)


def _token_weights(
    scorer: AdditiveScorer, term: TokenTerm, output: int, held: tuple[np.ndarray, np.ndarray]
) -> list[TokenWeight]:
    weights = centred(term.weights, output)
    means = weights * held[1]
    rows = held[0] if term.counts is None else term.counts
    order = np.argsort(weights, kind="stable")
    order = order[rows[order] >= FEW]
    chosen = np.unique(np.concatenate([order[:TOKENS_SHOWN], order[-TOKENS_SHOWN:]]))
    name = scorer.model.features[term.feature].name
    return [
        TokenWeight(
            feature=name,
            output=_output_name(scorer, output),
            token=term.vocabulary[i],
            weight=float(weights[i]),
            rows=int(rows[i]),
            units=term.rule.units,
            mean=None if np.isnan(means[i]) else float(means[i]),
        )
        for i in chosen
    ]


def explain_whole(scorer: Scorer, train: Dataset) -> WholeExplanation:
    """Curves, pairs and token weights of a glass box (importances alone for a black box)."""
    importances = _importances(scorer, train)
    if not isinstance(scorer, AdditiveScorer):
        return WholeExplanation(model=scorer.family, glass_box=False, importances=importances)
    scorer = AdditiveScorer(purified(scorer.model))
    curves, pairs, tokens = [], [], []
    model = scorer.model
    held = {
        id(term): _held(term, model.features[term.feature].name, train)
        for term in model.terms
        if isinstance(term, TokenTerm)
    }
    for output in range(model.outputs):
        alone: dict[int, list[TableTerm | LinearTerm]] = {}
        for term in model.terms:
            if isinstance(term, TokenTerm):
                tokens += _token_weights(scorer, term, output, held[id(term)])
            elif isinstance(term, RuleTerm):
                continue  # drawn together, as a tree
            elif isinstance(term, LinearTerm) or len(term.features) == 1:
                alone.setdefault(term.features[0], []).append(term)
            else:
                pairs.append(_pair(scorer, term, output, train))
        curves += [_curve(scorer, terms, output, train) for terms in alone.values()]
    return WholeExplanation(
        model=scorer.family,
        glass_box=True,
        importances=importances,
        curves=tuple(curves),
        pairs=tuple(pairs),
        tokens=tuple(tokens),
        tree=make_tree(scorer.model, train),
    )
