"""What a model must know of each column, taken from the training part (and levels from the whole table)."""

from __future__ import annotations

import numpy as np
import pandas

from interpretable.models.bins import note_cuts
from interpretable.records.additive import Feature
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column

FEW = 5  # a level with fewer training rows could point at a person: it is nobody's typical value
LEVELS_KEPT = (
    1000  # beyond this a category's levels are not listed, and no level is called unknown by the schema
)


def _number(column: Column, values: np.ndarray) -> Feature:
    seen = values[~np.isnan(values)]
    low, typical, high = (float(np.quantile(seen, q)) for q in (0, 0.5, 1)) if len(seen) else (0.0, 0.0, 0.0)
    if len(seen) and not np.any(seen == typical):
        typical = float(np.sort(seen)[len(seen) // 2])  # a value that occurs, not the middle of two
    missing = 1.0 - len(seen) / max(len(values), 1)
    found = Feature(
        name=column.name, kind="number", low=low, high=high, typical=typical, missing_rate=missing
    )
    note_cuts(found, values)
    return found


def _labels(column: Column, values: np.ndarray, known: np.ndarray) -> Feature:
    counts = pandas.Series(values, dtype=object).value_counts()
    everywhere = sorted(set(pandas.Series(known, dtype=object).dropna()))
    if column.concept:
        everywhere = ["no", "yes"]  # both can come, also where these rows have one only
    levels = column.levels or tuple(everywhere if len(everywhere) <= LEVELS_KEPT else ())
    common = len(counts) > 0 and counts.max() >= FEW
    typical = min(counts.index[counts == counts.max()]) if common else None
    missing = float(pandas.isna(pandas.Series(values, dtype=object)).mean())
    return Feature(name=column.name, kind=column.kind, levels=levels, typical=typical, missing_rate=missing)


def _text(column: Column, values: np.ndarray) -> Feature:
    missing = float(pandas.isna(pandas.Series(values, dtype=object)).mean())
    return Feature(name=column.name, kind="text", typical="", missing_rate=missing)


def describe(train: Dataset, everything: Dataset) -> tuple[Feature, ...]:
    """One Feature per usable column, in the task's order.

    Ranges and typical values come from `train` only, the list of known levels from `everything`: a rare level
    of the table is not a foreign one (though the model treats a level it never saw as unknown). A column with
    no value in the training part is left out: nothing can be learned from it.
    """
    found = []
    for column in train.task.features:
        values = train.frame[column.name].to_numpy()
        if pandas.isna(values).all():
            continue
        if column.kind == "number":
            found.append(_number(column, values))
        elif column.kind == "text":
            found.append(_text(column, values))
        else:
            found.append(_labels(column, values, everything.frame[column.name].to_numpy()))
    return tuple(found)
