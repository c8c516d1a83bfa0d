"""How often labels by machine are wrong: from rows drawn by chance that people labelled."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from interpretable.collab.teacher import SILENT
from interpretable.evaluate.figure import absent, share, whole
from interpretable.records.evaluation import Figure
from interpretable.records.labelled import Checked, SaidAs
from interpretable.stats import stratified
from interpretable.stats.intervals import clopper_pearson


def draw_audit(said: np.ndarray, wanted: int, *, seed: int) -> np.ndarray:
    """Positions of rows for a person to label, in an order that tells nothing of the labels.

    Drawn by chance within each label i8[n], by its share, two of each at least; silent rows are left out.
    """
    random = np.random.default_rng(seed)
    labels = np.unique(said[said != SILENT])
    sizes = np.array([int((said == label).sum()) for label in labels], dtype=np.int64)
    counts = stratified.allocate(sizes, wanted)
    drawn = [
        random.permutation(np.flatnonzero(said == label))[:n] for label, n in zip(labels, counts, strict=True)
    ]
    return random.permutation(np.concatenate(drawn)) if drawn else np.array([], dtype=np.int64)


def by_person(
    said: np.ndarray, checked: np.ndarray, truth: np.ndarray, *, classes: tuple[str, ...], drawn: int
) -> Checked:
    """Labels i8[m] of all rows of a file against the truth i8[c] of those a person labelled.

    Each label counts by the rows that have it in the file, not by those that were drawn of it.
    """
    labels = np.unique(said[said != SILENT])
    own = said[checked]
    sizes = np.array([(said == k).sum() for k in labels])
    n = np.array([(own == k).sum() for k in labels])
    wrong = np.array([((own == k) & (truth != k)).sum() for k in labels])
    if len(labels) and (n > 0).all():
        value, ends = stratified.share(wrong, n, sizes)
        error = whole(value, ends, "stratified wilson")
        beside = _beside(_table(own, truth, len(classes), sizes=sizes))
    else:
        error, beside = absent("label_not_audited" if len(checked) else "no_rows"), {}
    said_as = tuple(
        _said_as(classes[k], own, truth, k, rows=int(size), classes=classes)
        for k, size in zip(labels, sizes, strict=True)
    )
    return Checked(place="person", drawn=drawn, checked=len(checked), error=error, said=said_as, **beside)


def by_known(
    said: np.ndarray, truth: np.ndarray, *, classes: tuple[str, ...], groups: np.ndarray | None
) -> Checked:
    """Labels i8[n] against those of rows drawn by chance that have one; a silent row counts as wrong."""
    silent = said == SILENT
    labels = np.unique(said[~silent])
    return Checked(
        place="calibration", drawn=len(said), checked=len(said), silent=int(silent.sum()),
        error=share(said != truth, groups, empty="no_rows"),
        **_beside(_table(said[~silent], truth[~silent], len(classes))),
        said=tuple(
            _said_as(classes[k], said, truth, k, rows=int((said == k).sum()), classes=classes) for k in labels
        ),
    )  # fmt: skip


def _said_as(
    name: str, said: np.ndarray, truth: np.ndarray, label: int, *, rows: int, classes: tuple[str, ...]
) -> SaidAs:
    own = truth[said == label]
    counts = np.bincount(own, minlength=len(classes))
    return SaidAs(
        label=name, rows=rows, checked=len(own), right=exact(int(counts[label]), len(own)),
        truth={classes[k]: int(n) for k, n in enumerate(counts) if n},
    )  # fmt: skip


def exact(hits: int, n: int) -> Figure:
    """A share with its exact interval (Clopper and Pearson, 1934)."""
    if not n:
        return absent("no_rows")
    low, high = clopper_pearson(np.array([hits]), np.array([n]))
    return whole(hits / n, (float(low[0]), float(high[0])), "clopper-pearson")


def _table(
    said: np.ndarray, truth: np.ndarray, classes: int, *, sizes: np.ndarray | None = None
) -> np.ndarray:
    """Rows f8[K, K] by label and truth; weighted to the `sizes` of the labels in rising order."""
    table = np.zeros((classes, classes))
    np.add.at(table, (said, truth), 1.0)
    if sizes is not None:
        there = table.sum(axis=1) > 0
        table[there] *= (sizes / table[there].sum(axis=1))[:, None]
    return table


def _beside(table: np.ndarray) -> dict[str, Any]:
    """What a rate of error is read beside: agreement beyond chance, and the error of one answer for all."""
    if not table.sum():
        return {}
    found = stratified.kappa(table)
    constant = 1.0 - float(table.sum(axis=0).max() / table.sum())
    return {"kappa": None if math.isnan(found) else found, "constant": constant}
