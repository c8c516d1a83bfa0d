"""Pairs without what belongs to one feature alone: the same sum, split so that it can be read.

A pair and the two curves of its features can trade height without changing any score, so a surface drawn as
it was fitted may show what is really one feature's own effect. Purification (Lengerich et al., 2020, the
mass-moving algorithm) takes the mean along every row and column, weighted by training rows, out of the pair
and adds it to the features' own curves. What stays has a weighted mean of 0 along each row and column: it is
the part that truly needs both features. The scores of the model stay as they are to 1e-12.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from interpretable.records.additive import AdditiveModel, Axis, TableTerm, Term

SWEEPS = 1000
TOLERANCE = 1e-15
LIGHT = 1e-14  # of all training rows: weight of the cells in a line that has none, so that it has a mean


def pure(scores: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A pair's table f8[a, b, K] as pure part f8[a, b, K], rows f8[a, K], columns f8[b, K], constant f8[K].

    Rows and columns have a weighted mean of 0; so has the pure part, along each row and each column.

    Parameters
    ----------
    weights : f8[a, b], training rows in each cell; at least one above 0
    """
    empty = (weights.sum(axis=1) == 0)[:, None] | (weights.sum(axis=0) == 0)[None, :]
    w = np.where(empty, LIGHT * weights.sum(), weights)[..., None]
    left, own = scores.astype(np.float64), [np.zeros(scores.shape[0::2]), np.zeros(scores.shape[1:])]
    scale = np.abs(scores).max() or 1.0
    for _ in range(SWEEPS):
        moved = 0.0
        for axis in (0, 1):
            mean = (left * w).sum(axis=1 - axis) / w.sum(axis=1 - axis)
            left = left - np.expand_dims(mean, 1 - axis)
            own[axis] = own[axis] + mean
            moved = max(moved, float(np.abs(mean).max()))
        if moved <= TOLERANCE * scale:
            break
    constant = np.zeros(scores.shape[-1])
    for axis in (0, 1):
        line = w.sum(axis=1 - axis)
        middle = (own[axis] * line).sum(axis=0) / line.sum()
        own[axis] = own[axis] - middle
        constant = constant + middle
    return left, own[0], own[1], constant


def _pure_with_bags(term: TableTerm) -> tuple[TableTerm, list[np.ndarray], list[np.ndarray] | None, tuple]:
    """The pure pair, what goes to each feature, the same for each refit, and the constants."""
    left, rows, columns, constant = pure(term.scores, term.weights)
    if term.bags is None:
        return replace(term, scores=left), [rows, columns], None, (constant, None)
    # All refits at once: they are further outputs of the same table.
    bags, cells = term.bags, term.scores.shape[:2]
    flat = np.moveaxis(bags, 0, 2).reshape(*cells, -1)
    parts = pure(flat, term.weights)
    shaped = [p.reshape(*p.shape[:-1], len(bags), -1) for p in parts]
    pair, to_rows, to_columns, constants = (np.moveaxis(p, -2, 0) for p in shaped)
    return (
        replace(term, scores=left, bags=pair),
        [rows, columns],
        [to_rows, to_columns],
        (constant, constants),
    )


def _same_labels(a: Axis, b: Axis) -> bool:
    return a.cuts is None and b.cuts is None and (a.labels, a.codes) == (b.labels, b.codes)


def _spread_cells(fine: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """The cell of an axis with these cuts in which each cell of a finer axis lies."""
    lows = np.concatenate([[-np.inf], fine])
    inner = np.searchsorted(cuts, lows, side="right") + 1
    return np.concatenate([[0], inner, [len(cuts) + 2]])


def _added(main: TableTerm, axis: Axis, extra: np.ndarray, bags: np.ndarray | None) -> TableTerm:
    """A feature's own curve with something added on another axis of the same feature."""
    if axis.cuts is None:
        more = None if main.bags is None else main.bags + (0.0 if bags is None else bags)
        return replace(main, scores=main.scores + extra, bags=more)
    own = main.axes[0].cuts
    fine = np.union1d(own, axis.cuts)
    here, there = _spread_cells(fine, own), _spread_cells(fine, axis.cuts)
    more = None
    if main.bags is not None:
        more = main.bags[:, here] + (0.0 if bags is None else bags[:, there])
    # Training rows of the old bins are not known for the new ones: whoever draws counts them anew.
    return replace(
        main, axes=(Axis(cuts=fine),), scores=main.scores[here] + extra[there], bags=more, weights=None
    )


def _can(mains: dict[int, int], terms: list[Term], pair: TableTerm) -> bool:
    """Whether each feature of the pair has a curve of its own that can take what is moved."""
    if pair.weights is None or not pair.weights.sum() > 0:
        return False
    for feature, axis in zip(pair.features, pair.axes, strict=True):
        if feature not in mains:
            return False
        own = terms[mains[feature]].axes[0]  # type: ignore[union-attr]  # mains are tables
        if axis.cuts is None and not _same_labels(own, axis):
            return False
        if axis.cuts is not None and own.cuts is None:
            return False
    return True


@lru_cache(maxsize=16)
def purified(model: AdditiveModel) -> AdditiveModel:
    """The same model with pure pairs; a pair whose features have no curve of their own stays as it is."""
    terms: list[Term] = list(model.terms)
    mains = {
        t.features[0]: i for i, t in enumerate(terms) if isinstance(t, TableTerm) and len(t.features) == 1
    }
    intercept, bag_intercept = model.intercept, model.bag_intercept
    for place, term in enumerate(terms):
        if not (isinstance(term, TableTerm) and len(term.features) == 2 and _can(mains, terms, term)):
            continue
        terms[place], moved, moved_bags, (constant, constants) = _pure_with_bags(term)
        for side in (0, 1):
            at = mains[term.features[side]]
            bags = None if moved_bags is None else moved_bags[side]
            terms[at] = _added(terms[at], term.axes[side], moved[side], bags)  # type: ignore[arg-type]  # a table
        intercept = intercept + constant
        if bag_intercept is not None:
            bag_intercept = bag_intercept + (constant if constants is None else constants)
    return replace(model, terms=tuple(terms), intercept=intercept, bag_intercept=bag_intercept)
