"""A weighted sum of glass boxes as one glass box: exact, by the union of their cuts and levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from interpretable.errors import BrokenPromise
from interpretable.records.additive import (
    AdditiveModel,
    Axis,
    Feature,
    LinearTerm,
    TableTerm,
    Term,
    TokenTerm,
)
from interpretable.records.dataset import Dataset
from interpretable.score.coding import code

MOST_CELLS = 65_536  # of one table; a larger union stays as the members' own tables, which is as exact

Weighted = Sequence[tuple[AdditiveModel, float]]


@dataclass(frozen=True, eq=False)
class _Part:
    """One member's term, with its features' places in the merged model and its weight."""

    term: Any  # a Term; which kind, the group's key says
    places: tuple[int, ...]
    weight: float


def merge(
    members: Weighted, *, family: str, rows: Dataset | None = None, most_cells: int = MOST_CELLS
) -> AdditiveModel:
    """The model whose link score is the weighted sum of the members' link scores.

    A table over the union of the members' cuts and levels holds, in each cell, the sum of what the members
    score there; *missing* and *unknown* stay cells of their own. Lines of the same range are added, others
    stay side by side. Refit b of the result is the weighted sum of the members' refits b; a member with
    fewer refits starts again from its first, one without any stays as it is.

    Parameters
    ----------
    members : pairs of model and weight, of the same link and classes
    family : what the record says it is
    rows : the training rows, to count those behind each cell; without them no counts are given
    most_cells : tables with more cells than this are not joined

    Returns
    -------
    AdditiveModel
        Within rounding (about 1e-13 of the scores) of the weighted sum, on every input.
    """
    first = members[0][0]
    if any((m.link, m.classes) != (first.link, first.classes) for m, _ in members):
        raise BrokenPromise("Models of different links or classes cannot be merged.")
    features = _features(members)
    bags = max((len(m.bag_intercept) for m, _ in members if m.bag_intercept is not None), default=0)
    groups: dict[tuple, list[_Part]] = {}
    for part in _parts(members, features):
        groups.setdefault(_key(part), []).append(part)
    terms = [t for group in groups.values() for t in _joined(group, bags, most_cells)]
    if rows is not None:
        terms = [_counted(term, features, rows) for term in terms]
    return AdditiveModel(
        family=family, link=first.link, classes=first.classes, features=features, terms=tuple(terms),
        intercept=np.asarray(sum(w * m.intercept for m, w in members)),
        bag_intercept=_bag_intercept(members, bags),
    )  # fmt: skip


def _features(members: Weighted) -> tuple[Feature, ...]:
    found: dict[str, Feature] = {}
    for model, _ in members:
        for feature in model.features:
            found.setdefault(feature.name, feature)
    return tuple(found.values())


def _parts(members: Weighted, features: tuple[Feature, ...]) -> list[_Part]:
    places = {feature.name: position for position, feature in enumerate(features)}
    parts = []
    for model, weight in members:
        for term in model.terms:
            own = tuple(places[model.features[i].name] for i in term.features)
            if isinstance(term, TableTerm) and own != tuple(sorted(own)):
                term, own = _turned(term), tuple(sorted(own))
            parts.append(_Part(term, own, weight))
    return parts


def _turned(pair: TableTerm) -> TableTerm:
    """The same pair with its two features the other way round."""
    return replace(
        pair,
        features=pair.features[::-1],
        axes=pair.axes[::-1],
        scores=np.swapaxes(pair.scores, 0, 1),
        weights=None if pair.weights is None else pair.weights.T,
        bags=None if pair.bags is None else np.swapaxes(pair.bags, 1, 2),
    )


def _key(part: _Part) -> tuple:
    """Parts with the same key are added into one term."""
    term = part.term
    if isinstance(term, LinearTerm):
        return ("line", part.places, term.low, term.high)
    if isinstance(term, TokenTerm):
        return ("tokens", part.places, term.vocabulary, term.rule, term.idf.tobytes())
    if isinstance(term, TableTerm):
        return ("table", part.places)
    raise BrokenPromise(f"A {type(term).__name__} cannot be merged.")


def _bag_intercept(members: Weighted, bags: int) -> np.ndarray | None:
    if not bags:
        return None
    return np.asarray(sum(w * _cycled(m.bag_intercept, m.intercept, bags) for m, w in members))


def _cycled(refits: np.ndarray | None, own: np.ndarray, bags: int) -> np.ndarray:
    """`bags` refits: the member's own over and over, or its one fit."""
    if refits is None:
        return np.broadcast_to(own, (bags, *own.shape))
    return refits[np.arange(bags) % len(refits)]


def _joined(group: list[_Part], bags: int, most_cells: int) -> list[Term]:
    kind = group[0].term
    if isinstance(kind, LinearTerm):
        return [_line(group, bags)]
    if isinstance(kind, TokenTerm):
        weights = np.asarray(sum(p.weight * p.term.weights for p in group))
        return [replace(kind, feature=group[0].places[0], weights=weights)]
    unions = [_union([p.term.axes[d] for p in group]) for d in range(len(kind.axes))]
    if len(group) > 1 and np.prod([axis.cells for axis, _ in unions]) > most_cells:
        return [_table([part], [_union([axis]) for axis in part.term.axes], bags) for part in group]
    return [_table(group, unions, bags)]


def _line(group: list[_Part], bags: int) -> LinearTerm:
    def whole(term: LinearTerm) -> np.ndarray:
        return np.stack([term.slope, term.offset, term.missing])

    own = np.asarray(sum(p.weight * whole(p.term) for p in group))
    refits = [p.weight * _cycled(p.term.bags, whole(p.term), bags) for p in group] if bags else []
    first: LinearTerm = group[0].term
    return replace(
        first, feature=group[0].places[0], slope=own[0], offset=own[1], missing=own[2],
        bags=np.asarray(sum(refits)) if bags else None,
    )  # fmt: skip


def _union(axes: list[Axis]) -> tuple[Axis, list[np.ndarray]]:
    """The axis that all of these refine to, and for each of them its cell in every cell of the union."""
    if all(axis.cuts is not None for axis in axes):
        cuts = np.unique(np.concatenate([axis.cuts for axis in axes]))
        edges = np.concatenate([[-np.inf], cuts])  # one value of each bin: its left edge
        inner = [np.searchsorted(axis.cuts, edges, side="right") + 1 for axis in axes]
        return Axis(cuts=cuts), [_framed(cells, axis) for cells, axis in zip(inner, axes, strict=True)]
    if any(axis.cuts is not None for axis in axes):
        raise BrokenPromise("A column is a number in one model and has levels in another.")
    return _union_of_levels(axes)


def _union_of_levels(axes: list[Axis]) -> tuple[Axis, list[np.ndarray]]:
    """Levels share a cell where they share one in every member; a level a member lacks is unknown to it."""
    known = [dict(zip(axis.labels, axis.codes, strict=True)) for axis in axes]
    labels = tuple(dict.fromkeys(label for axis in axes for label in axis.labels))
    together = [
        tuple(codes.get(x, a.cells - 1) for codes, a in zip(known, axes, strict=True)) for x in labels
    ]
    cells = list(dict.fromkeys(together))
    place = {cell: position for position, cell in enumerate(cells, start=1)}
    inner = np.array(cells, dtype=np.int64).reshape(-1, len(axes))
    axis = Axis(labels=labels, codes=tuple(place[cell] for cell in together))
    return axis, [_framed(inner[:, j], one) for j, one in enumerate(axes)]


def _framed(inner: np.ndarray, axis: Axis) -> np.ndarray:
    """With the missing cell before and the unknown one after."""
    return np.concatenate([[0], inner, [axis.cells - 1]]).astype(np.int64)


def _table(group: list[_Part], unions: list[tuple[Axis, list[np.ndarray]]], bags: int) -> TableTerm:
    shape = tuple(axis.cells for axis, _ in unions)
    outputs = group[0].term.scores.shape[-1]
    scores, refits = np.zeros((*shape, outputs)), np.zeros((bags, *shape, outputs))
    for j, part in enumerate(group):
        cells = np.ix_(*(maps[j] for _, maps in unions))
        scores += part.weight * part.term.scores[cells]
        if bags:
            for own, refit in zip(refits, _cycled(part.term.bags, part.term.scores, bags), strict=True):
                own += part.weight * refit[cells]
    return TableTerm(
        features=group[0].places,
        axes=tuple(axis for axis, _ in unions),
        scores=scores,
        bags=refits if bags else None,
    )


def _counted(term: Term, features: tuple[Feature, ...], rows: Dataset) -> Term:
    """The table with the rows that fall into each of its cells."""
    if not isinstance(term, TableTerm):
        return term
    shape = tuple(axis.cells for axis in term.axes)
    cells = [
        code(axis, rows.frame[features[i].name].to_numpy())
        for axis, i in zip(term.axes, term.features, strict=True)
    ]
    flat = np.ravel_multi_index(tuple(c.astype(np.int64) for c in cells), shape)
    counts = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
    return replace(term, weights=counts.astype(np.float64))
