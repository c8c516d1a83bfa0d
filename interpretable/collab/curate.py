"""Which generated rows are worth a trial; small models and plain comparisons drop the rest, for a reason.

In this order: rows that do not fit the table, values far outside the training rows, rows generated twice,
near-copies of a real row, sentences quoted from a real text, rows unlike the real ones, and rows that real
rows contradict. What is kept is not thereby good: that is for the gate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas

from interpretable.data.nearcopies import near_copies
from interpretable.data.rows import row_keys
from interpretable.data.wordrule import is_ideograph, words_of
from interpretable.models import doubt
from interpretable.models.mix import as_rows
from interpretable.records.dataset import Dataset
from interpretable.records.gate import Curation
from interpretable.records.synthetic import Synthetic

SLACK = 0.25  # of the training range, beyond either end
FEW_COLUMNS = 5  # below, rows of different people often agree in all columns but one
ROUNDING = 0.01  # standard deviations: numbers that differ by less are the same value, written otherwise
BY_CHANCE = 0.1  # share of real rows alike to another: from there on likeness is not copying
QUOTE, QUOTE_SIGNS = 8, 16  # words in a row, or characters of a script without blanks
UNLIKE = 0.1  # a generated row that is ten times as common among the generated rows as among real ones
CONTRADICTED = 0.2  # mean chance of its class, and mean p(1-p), at most (CLLM: Seedat et al., 2024)
FEWEST = 20  # rows that a small model learns from


@dataclass(frozen=True, eq=False, kw_only=True)
class Curated:
    """The rows kept, and the count of those dropped, by reason."""

    rows: Synthetic
    told: Curation


def curate(
    made: Synthetic, train: Dataset, *, seed: int, reasons: Sequence[str] | None = None
) -> Curated:  # fmt: skip
    """Drop generated rows, in the order of REASONS; a row is counted under the first that it meets.

    Parameters
    ----------
    made : generated rows, from these training rows or a part of them
    train : real rows of the training part, or of a fold
    reasons : the only ones that count; by default all
    """
    rows, dropped = made, {}
    for reason, doubtful in REASONS.items():
        if not len(rows):
            break
        if reasons is not None and reason not in reasons:
            continue
        bad = doubtful(rows, train, seed)
        dropped[reason] = int(bad.sum())
        rows = rows.take(np.flatnonzero(~bad)) if bad.any() else rows
    dropped = {reason: count for reason, count in dropped.items() if count}
    return Curated(rows=rows, told=Curation(made=len(made), kept=len(rows), dropped=dropped))


def together(told: list[Curation]) -> Curation:
    """The counts of several sets."""
    reasons = [reason for reason in REASONS if any(reason in one.dropped for one in told)]
    return Curation(
        made=sum(one.made for one in told),
        kept=sum(one.kept for one in told),
        dropped={reason: sum(one.dropped.get(reason, 0) for one in told) for reason in reasons},
    )


def _misfit(made: Synthetic, train: Dataset, seed: int) -> np.ndarray:
    """Cells of the wrong kind, levels the training rows do not have, or an outcome that is none."""
    if train.task.kind == "regression":
        bad = ~np.isfinite(made.target.astype(float))
    else:
        bad = ~np.isin(made.target, np.arange(len(train.classes)))
    for column in train.task.features:
        values = made.frame[column.name].to_numpy()
        if column.kind == "number":
            bad |= np.isinf(values.astype(float))
        elif column.kind == "text":
            bad |= np.array([not isinstance(v, str) or not v.strip() for v in values])
        else:
            known = {*column.levels, *train.frame[column.name].dropna()}
            bad |= np.array([not pandas.isna(v) and v not in known for v in values])
    return bad


def _outside(made: Synthetic, train: Dataset, seed: int) -> np.ndarray:
    bad = np.zeros(len(made), dtype=bool)
    for column in train.task.features:
        if column.kind == "number":
            bad |= _beyond(made.frame[column.name].to_numpy(), train.frame[column.name].to_numpy())
    if train.task.kind == "regression":
        bad |= _beyond(made.target, train.target)
    return bad


def _beyond(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    known = known[~np.isnan(known)]
    if not len(known):  # no model reads a column without a value
        return np.zeros(len(values), dtype=bool)
    slack = SLACK * (known.max() - known.min())
    return (values < known.min() - slack) | (values > known.max() + slack)


def _twice(made: Synthetic, train: Dataset, seed: int) -> np.ndarray:
    names = [c.name for c in train.task.features]
    return pandas.Series(row_keys(made.frame[names])).duplicated().to_numpy()


def copies(made: Synthetic, train: Dataset, seed: int = 0) -> np.ndarray:
    """bool[m]: generated rows that are nearly a real training row, in their columns or in a text.

    Columns: rows agree in all but one at most (below 5 columns: in all). Where a tenth of the real rows are
    as like to another real row, likeness is no copying: then all columns must agree, or none is dropped.
    """
    bad = np.zeros(len(made), dtype=bool)
    for column in train.task.text_columns:
        real, own = train.frame[column.name].tolist(), made.frame[column.name].tolist()
        group = near_copies([*real, *own])
        bad |= np.isin(group[len(real) :], group[: len(real)])
    plain = [c.name for c in train.task.features if c.kind != "text"]
    if not plain:
        return bad
    among = _differing(train.frame, train.frame, train, plain)
    np.fill_diagonal(among, len(plain) + 1)
    apart = _differing(made.frame, train.frame, train, plain)
    for allowed in (1, 0) if len(plain) >= FEW_COLUMNS else (0,):
        if (among.min(axis=1, initial=len(plain) + 1) <= allowed).mean() < BY_CHANCE:
            return bad | (apart.min(axis=1, initial=len(plain) + 1) <= allowed)
    return bad


def _differing(
    rows: pandas.DataFrame, others: pandas.DataFrame, train: Dataset, names: list[str]
) -> np.ndarray:
    """Columns in which each row differs from each of the others: int[m, n]."""
    count = np.zeros((len(rows), len(others)), dtype=np.int64)
    for name in names:
        a, b = rows[name].to_numpy()[:, None], others[name].to_numpy()[None, :]
        if train.task.column(name).kind == "number":
            spread = (
                float(np.nanstd(train.frame[name].to_numpy())) if train.frame[name].notna().any() else 0.0
            )
            same = (np.abs(a - b) <= ROUNDING * spread) | (np.isnan(a) & np.isnan(b))
        else:
            same = (a == b) | (pandas.isna(a) & pandas.isna(b))
        count += ~same.astype(bool)
    return count


def _quoted(made: Synthetic, train: Dataset, seed: int) -> np.ndarray:
    """Eight words in a row that stand in one real text only; what several say is a way of writing."""
    bad = np.zeros(len(made), dtype=bool)
    for column in train.task.text_columns:
        seen: dict[tuple[str, ...], int] = {}
        for text in train.frame[column.name].dropna():
            for run in _runs(text):
                seen[run] = seen.get(run, 0) + 1
        bad |= np.array([any(seen.get(run) == 1 for run in _runs(t)) for t in made.frame[column.name]])
    return bad


def _runs(text: object) -> set[tuple[str, ...]]:
    found = words_of(text) if isinstance(text, str) else []
    signs = sum(is_ideograph(word) for word in found)
    size = QUOTE_SIGNS if 2 * signs > len(found) else QUOTE
    return {tuple(found[i : i + size]) for i in range(len(found) - size + 1)}


def _unlike(made: Synthetic, train: Dataset, seed: int) -> np.ndarray:
    if min(len(made), len(train)) < FEWEST:
        return np.zeros(len(made), dtype=bool)
    return doubt.likeness(train, as_rows(made), seed=seed)[1] < UNLIKE


def _contradicted(made: Synthetic, train: Dataset, seed: int) -> np.ndarray:
    if train.task.kind == "regression" or len(train) < FEWEST:
        return np.zeros(len(made), dtype=bool)
    chance = doubt.stage_chances(train, as_rows(made))
    unsure = (chance * (1.0 - chance)).mean(axis=0)
    return (chance.mean(axis=0) <= CONTRADICTED) & (unsure <= CONTRADICTED)


REASONS: dict[str, Callable[[Synthetic, Dataset, int], np.ndarray]] = {
    "misfit": _misfit,
    "outside": _outside,
    "twice": _twice,
    "copy": copies,
    "quoted": _quoted,
    "unlike": _unlike,
    "contradicted": _contradicted,
}
