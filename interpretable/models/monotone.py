"""Directions that a model must keep, and the proof that its total keeps them."""

from __future__ import annotations

import numpy as np

from interpretable.errors import BrokenPromise
from interpretable.models.bins import is_ordered
from interpretable.records.additive import AdditiveModel, Axis, LinearTerm, TableTerm
from interpretable.records.task import Task

SIGNS = {"up": 1, "down": -1}


def enforced(task: Task) -> dict[str, int]:
    """+1 or -1 by column, for those in use whose direction must hold. No direction is defined for classes."""
    if task.kind == "multiclass":
        return {}
    return {
        c.name: SIGNS[c.expected]
        for c in task.features
        if c.enforce and c.expected and (c.kind == "number" or is_ordered(c))
    }


def _bins(axis: Axis, edges: np.ndarray | None, levels: tuple[str, ...]) -> np.ndarray:
    """The cell of this axis for each step of the common grid, from the lowest to the highest."""
    if axis.cuts is not None:
        if edges is None:
            raise BrokenPromise("a number is cut into levels in one term and by cuts in another.")
        return np.searchsorted(axis.cuts, np.concatenate([[-np.inf], edges]), side="right") + 1
    place = dict(zip(axis.labels, axis.codes, strict=True))
    return np.array([place[level] for level in levels if level in place])


def _steps(term: TableTerm, feature: int, edges: np.ndarray | None, levels: tuple[str, ...]) -> np.ndarray:
    """Least rise f8[steps - 1, K] of a term from step to step, over all cells of the other column."""
    axis = term.features.index(feature)
    along = np.moveaxis(term.scores, axis, 0)[_bins(term.axes[axis], edges, levels)]
    rises = np.diff(along, axis=0)
    return rises.min(axis=1) if term.scores.ndim == 3 else rises


def can_read(model: AdditiveModel, feature: int) -> bool:
    """Whether all terms of the feature are tables or lines, whose direction can be read cell by cell."""
    return all(isinstance(t, (TableTerm, LinearTerm)) for t in model.terms if feature in t.features)


def worst_step(model: AdditiveModel, feature: int, sign: int, *, levels: tuple[str, ...] = ()) -> float:
    """The largest move against a direction that any case could meet, on the link scale; 0: none.

    All terms that hold the feature are added on the union of their cuts. The other columns of its pairs are
    different ones, so the worst of each pair is taken on its own: over all combinations of values, seen or
    not. Missing and unknown values have no place in an order and are left out.

    Parameters
    ----------
    sign : +1 where the score must not fall, -1 where it must not rise
    levels : the declared order, for a column of levels

    Raises
    ------
    BrokenPromise
        For a term whose direction this cannot read (text, rules): ask `can_read` first.
    """
    if not can_read(model, feature):
        raise BrokenPromise(
            f"The direction of {model.features[feature].name!r} cannot be read from its terms."
        )
    held = [t for t in model.terms if feature in t.features]
    tables = [t for t in held if isinstance(t, TableTerm)]
    lines = [t for t in held if isinstance(t, LinearTerm)]
    worst = max((float(-(sign * t.slope).min()) for t in lines), default=0.0)
    if not tables:
        return max(worst, 0.0)
    axes = [t.axes[t.features.index(feature)] for t in tables]
    cut = [axis.cuts for axis in axes if axis.cuts is not None]
    edges = np.unique(np.concatenate(cut)) if cut else None
    signed = [TableTerm(features=t.features, axes=t.axes, scores=sign * t.scores) for t in tables]
    total = sum(_steps(t, feature, edges, levels) for t in signed)
    return max(worst, float(-np.min(total, initial=0.0)), 0.0)


def check_directions(model: AdditiveModel, task: Task) -> None:
    """BrokenPromise where the total moves against an enforced direction by more than rounding."""
    names = [f.name for f in model.features]
    for name, sign in enforced(task).items():
        if name not in names:
            continue
        column = task.column(name)
        worst = worst_step(model, names.index(name), sign, levels=column.levels)
        if worst > 1e-9:
            raise BrokenPromise(
                f"{model.family}: {name!r} must move the estimate {column.expected}, "
                f"but one step moves it the other way by {worst:.3g}."
            )
