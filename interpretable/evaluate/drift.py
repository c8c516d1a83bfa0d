"""Drift: are the columns of one table distributed as those of another?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas

from interpretable.evaluate.figure import whole
from interpretable.evaluate.judged import Judged
from interpretable.records.additive import Feature
from interpretable.records.diagnostics import ColumnDrift, TableDrift, Tell
from interpretable.records.task import ColumnKind
from interpretable.score.additive import Columns
from interpretable.stats import permutation, psi, two_sample
from interpretable.stats.intervals import logit_wald

BINS = 10
MOST_LEVELS = 20
RARE = 5  # rows in both tables together: rarer levels are joined
FEWEST = 20  # rows of each table
MOST_COLUMNS = 30


def binned(kind: ColumnKind, reference: np.ndarray, new: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Bins i8[n] of both tables and their number: tenths of the reference, or levels; missing is one."""
    return _tenths(reference, new) if kind == "number" else _levels(reference, new)


def _tenths(reference: np.ndarray, new: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    a, b = (np.asarray(v, dtype=float) for v in (reference, new))
    known = a[~np.isnan(a)]
    inner = np.unique(np.quantile(known, np.arange(1, BINS) / BINS)) if len(known) else np.zeros(0)
    inner = inner[inner > known.min()] if len(known) else inner
    return _joined(*(np.where(np.isnan(v), 0, np.searchsorted(inner, v, side="right") + 1) for v in (a, b)))


def _levels(reference: np.ndarray, new: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    both = pandas.Series(np.concatenate([reference, new]), dtype=object)
    counts = both.value_counts()
    common = [level for level in counts.index[:MOST_LEVELS] if counts[level] >= RARE]
    place = {level: k for k, level in enumerate(common, start=2)}
    codes = both.map(place).fillna(1).to_numpy().astype(np.int64)
    codes[both.isna().to_numpy()] = 0
    return _joined(codes[: len(reference)], codes[len(reference) :])


def _joined(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Bins numbered without gaps; those of fewer than RARE rows in both tables together are one."""
    both = np.concatenate([a, b]).astype(np.int64)
    counts = np.bincount(both)
    kept = np.flatnonzero(counts >= RARE)
    lookup = np.full(len(counts), len(kept))
    lookup[kept] = np.arange(len(kept))
    codes = lookup[both]
    return codes[: len(a)], codes[len(a) :], int(codes.max()) + 1 if len(codes) else 0


def column_drift(name: str, a: np.ndarray, b: np.ndarray, bins: int) -> ColumnDrift:
    """PSI of bins i8[n] with its noise floor, p not yet adjusted."""
    found = psi.psi(np.bincount(a, minlength=bins), np.bincount(b, minlength=bins))
    sizes = len(a), len(b)
    return ColumnDrift(
        column=name, psi=found, floor=psi.floor(*sizes, bins), p_value=psi.p_value(found, *sizes, bins)
    )


def compare_tables(
    train_columns: Columns, new_columns: Columns, features: Sequence[Feature], *, name: str = "new",
    resamples: int = 199, seed: int = 0,
) -> TableDrift | None:  # fmt: skip
    """PSI of every column, and whether a classifier can tell the two tables apart.

    PSI has a floor for these numbers of rows: the value that 95 in 100 pairs of tables without drift stay
    below (chi-square). The usual limits of 0.1 and 0.25 know nothing of the number of rows. p-values are
    adjusted by Holm over the columns. Free text is left out. Rows are taken as independent.

    Parameters
    ----------
    train_columns, new_columns : feature name -> values; both must hold every feature
    features : the columns to compare; the first 30 are

    Returns
    -------
    TableDrift or None where a table has fewer than 20 rows or there is no column to compare.

    Examples
    --------
    >>> old, new = {"age": np.arange(200.0)}, {"age": np.arange(200.0) + 100}
    >>> found = compare_tables(old, new, [Feature(name="age", kind="number")])
    >>> found.columns[0].psi > found.columns[0].floor
    True
    """
    shown = [f for f in features if f.kind != "text"][:MOST_COLUMNS]
    if not shown:
        return None
    sizes = [len(np.asarray(columns[shown[0].name])) for columns in (train_columns, new_columns)]
    if min(sizes) < FEWEST:
        return None
    cut = {
        f.name: binned(f.kind, np.asarray(train_columns[f.name]), np.asarray(new_columns[f.name]))
        for f in shown
    }
    drifts = [column_drift(column, *bins) for column, bins in cut.items()]
    return TableDrift(
        name=name, n_reference=sizes[0], n=sizes[1], columns=adjusted(drifts),
        tell=_tell(list(cut), list(cut.values()), sizes, resamples=resamples, seed=seed),
    )  # fmt: skip


def adjusted(drifts: Sequence[ColumnDrift]) -> tuple[ColumnDrift, ...]:
    """With p-values adjusted for all of them, the most surprising first."""
    p = permutation.holm(np.array([d.p_value for d in drifts]))
    named = [
        ColumnDrift(column=d.column, psi=d.psi, floor=d.floor, p_value=float(v))
        for d, v in zip(drifts, p, strict=True)
    ]
    return tuple(sorted(named, key=lambda d: (d.p_value, d.floor - d.psi)))


def _tell(
    names: Sequence[str], cut: Sequence[tuple], sizes: Sequence[int], *, resamples: int, seed: int
) -> Tell | None:
    hot = [np.eye(bins)[np.concatenate([a, b])][:, 1:] for a, b, bins in cut]
    block = np.repeat(np.arange(len(hot)), [h.shape[1] for h in hot])
    if len(block) == 0:
        return None
    label = np.repeat([0, 1], sizes)
    told = two_sample.tell_apart(np.column_stack(hot), label, block, resamples=resamples, seed=seed)
    shares = np.zeros(len(names))
    shares[: len(told.blocks)] = told.blocks
    ranked = sorted(zip(names, shares.tolist(), strict=True), key=lambda pair: -pair[1])
    inside = 0.0 < told.area < 1.0 and told.error > 0.0
    edges = logit_wald(told.area, told.error / (told.area * (1 - told.area))) if inside else None
    return Tell(auroc=whole(told.area, edges, "delong"), p_value=told.p_value, columns=tuple(ranked[:10]))


def with_outcome(found: TableDrift, reference: Judged, new: Judged) -> TableDrift:
    """The same with the drift of the outcome and of the estimate (binary and regression)."""
    kind: ColumnKind = "number" if reference.task.kind == "regression" else "category"
    labels = [j.target.astype(float if kind == "number" else object) for j in (reference, new)]
    target = column_drift(reference.task.target, *binned(kind, *labels))
    if reference.predicted.ndim == 2:
        return replace(found, target=target)
    estimate = column_drift("", *binned("number", reference.predicted, new.predicted))
    return replace(found, target=target, estimate=estimate)
