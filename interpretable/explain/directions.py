"""Where a model's curve moves against the direction that its task expects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas

from interpretable.models.bins import is_ordered, quantile_cuts, ranks
from interpretable.models.monotone import SIGNS, can_read, worst_step
from interpretable.records.dataset import Dataset
from interpretable.records.shape import Direction, Stretch
from interpretable.records.task import Column
from interpretable.score.scorer import AdditiveScorer, Scorer, predicted

POINTS = 30  # places where a curve is read, at most
ROWS = 200  # rows that the rest of the values are taken from, at most
FEWEST = 5  # rows behind a place: fewer could point at a person
LONGEST = 3  # stretches listed
FLOOR = {"binary": 0.005, "regression": 0.01}  # half a case in 100; a hundredth of the target's spread


@dataclass(frozen=True, eq=False)
class Places:
    """Where a curve is read: a value, and the share of the training rows around it."""

    values: list[float | str]
    shares: np.ndarray


def places_of(column: Column, values: np.ndarray) -> Places | None:
    """Up to 30 places with about as many rows each; None where there are fewer than two."""
    if column.kind == "number":
        codes, names = _number_places(np.asarray(values, dtype=np.float64))
    elif is_ordered(column):
        codes, names = ranks(column.levels, values), list(column.levels)
        codes = codes[codes >= 0].astype(int)
    else:
        return None
    counts = np.bincount(codes, minlength=len(names))
    kept = np.flatnonzero(counts >= FEWEST)
    if len(kept) < 2:
        return None
    return Places([names[k] for k in kept], counts[kept] / len(values))


def _number_places(values: np.ndarray) -> tuple[np.ndarray, list[float | str]]:
    seen = np.sort(values[np.isfinite(values)])
    most = min(POINTS, len(seen) // FEWEST)
    if most < 2:
        return np.zeros(0, dtype=int), []
    codes = np.searchsorted(quantile_cuts(seen, most), seen, side="right")
    starts, ends = (np.searchsorted(codes, np.arange(codes[-1] + 1), side=s) for s in ("left", "right"))
    middles = seen[(starts + ends - 1) // 2]  # a value that occurs, in the middle of its bin
    return codes, [float(value) for value in middles]


def curves_of(scorer: Scorer, rows: Dataset, name: str, places: Places) -> tuple[np.ndarray, np.ndarray]:
    """Mean link score and mean estimate, f8[m] each, when every row is given each value in turn.

    The partial dependence (Friedman, 2001): for an additive model the link curve is the sum of the column's
    terms, up to a constant.
    """
    many = len(places.values)
    columns = {f.name: np.tile(rows.frame[f.name].to_numpy(), many) for f in scorer.features}
    kind = float if columns[name].dtype.kind == "f" else object
    columns[name] = np.repeat(np.array(places.values, dtype=kind), len(rows))
    link = scorer.link_scores(pandas.DataFrame(columns), many * len(rows))
    estimate = predicted(scorer, link)
    return link[:, 0].reshape(many, -1).mean(axis=1), estimate.reshape(many, -1).mean(axis=1)


def direction_of(
    scorer: Scorer, rows: Dataset, column: Column, *, model: str, seed: int = 0
) -> Direction | None:
    """How far a model's curve of one column moves against `column.expected`.

    Parameters
    ----------
    scorer : a model with one output (no classes)
    rows : training rows; the curve is averaged over up to 200 of them, drawn with `seed`
    model : its name, for the record

    Returns
    -------
    Direction, or None where the model does not use the column or it has fewer than two places with 5 rows.
    The longest way down is taken between any two places, so a slow fall over many steps counts as one.
    """
    names = [f.name for f in scorer.features]
    places = places_of(column, rows.frame[column.name].to_numpy()) if column.name in names else None
    if places is None:
        return None
    sign = SIGNS[column.expected]
    link, estimate = (sign * c for c in curves_of(scorer, rows.sample(ROWS, seed=seed), column.name, places))
    floor = (
        FLOOR["binary"] if rows.task.kind == "binary" else FLOOR["regression"] * float(np.std(rows.target))
    )
    stretches = [s for s in _stretches(link, estimate, places) if s.estimate >= floor]
    return Direction(
        column=column.name,
        expected=column.expected,
        model=model,
        enforced=column.enforce,
        rows=min(sum(s.rows for s in stretches), 1.0),
        link=_longest_fall(link) if stretches else 0.0,
        estimate=_longest_fall(estimate) if stretches else 0.0,
        stretches=tuple(sorted(stretches, key=lambda s: -s.estimate)[:LONGEST]),
        proven=_proven(scorer, names.index(column.name), sign, column),
    )


def _longest_fall(curve: np.ndarray) -> float:
    return float(np.max(np.maximum.accumulate(curve) - curve))


def _stretches(link: np.ndarray, estimate: np.ndarray, places: Places) -> list[Stretch]:
    """Runs of places over which the link curve falls; flat steps between two falls belong to them."""
    steps = np.diff(link)
    found, start, last = [], None, 0
    for i, step in enumerate([*steps, 1.0]):
        if step < -1e-9:
            start, last = (i if start is None else start), i + 1
        elif step > 1e-9 and start is not None:
            found.append(_stretch(start, last, link, estimate, places))
            start = None
    return found


def _stretch(start: int, end: int, link: np.ndarray, estimate: np.ndarray, places: Places) -> Stretch:
    return Stretch(
        low=places.values[start],
        high=places.values[end],
        rows=float(places.shares[start : end + 1].sum()),
        link=float(link[start] - link[end]),
        estimate=float(estimate[start] - estimate[end]),
    )


def _proven(scorer: Scorer, feature: int, sign: int, column: Column) -> bool:
    """Whether no combination of values moves the other way: read from every cell of a glass box."""
    if not isinstance(scorer, AdditiveScorer) or not can_read(scorer.model, feature):
        return False
    return worst_step(scorer.model, feature, sign, levels=column.levels) <= 1e-9
