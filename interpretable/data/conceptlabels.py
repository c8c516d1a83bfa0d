"""Hand labels of concepts: one line per row and concept, checked at the door."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from interpretable.data.concepts import NO, YES
from interpretable.data.listing import first_few, nearest
from interpretable.data.parse import as_text
from interpretable.data.table import read_table
from interpretable.errors import DataError
from interpretable.records.concept import ConceptLabels
from interpretable.records.dataset import Dataset

COLUMNS = ("row", "concept", "label")
_SAID = {
    **dict.fromkeys(("yes", "y", "true", "1", "是", "有"), YES),
    **dict.fromkeys(("no", "n", "false", "0", "否", "无"), NO),
}


def read_labels(path: str | Path, dataset: Dataset) -> ConceptLabels:
    """The hand labels of a dataset's concepts.

    Parameters
    ----------
    path : CSV or Parquet with columns row (the task's id, or the row's number from 1), concept (its name) and
        label (yes or no); other columns are passed over
    dataset : its task lists the concepts

    Raises
    ------
    DataError
        Listing missing columns, unknown concepts, labels that are neither yes nor no, rows labelled both
        ways, or that no label is of a row in the data.
    """
    table = read_table(path)
    absent = [name for name in COLUMNS if name not in table.names]
    if absent:
        raise DataError(
            f"{Path(path).name}: column(s) {', '.join(map(repr, absent))} are missing. Hand labels have the "
            f"columns {', '.join(COLUMNS)}."
        )
    row, concept, label = (pd.Series(as_text(table.column(name)), dtype=object) for name in COLUMNS)
    label = label.str.lower().map(_SAID)
    known = [c.name for c in dataset.task.concepts]
    problems = _strangers(concept, known, Path(path).name)
    for bad, said in (
        (label.isna(), "have a label that is neither yes nor no"),
        (row.isna(), "name no row"),
    ):
        if bad.any():
            where = table.where(bad.to_numpy())
            problems.append(f"{Path(path).name}: {bad.sum():,} lines {said} ({where}).")
    if problems:
        raise DataError(problems)
    return _placed(pd.DataFrame({"row": row, "concept": concept, "label": label}), dataset, Path(path).name)


def _strangers(concept: pd.Series, known: list[str], name: str) -> list[str]:
    strange = sorted(set(concept.fillna("")) - set(known))
    if not strange:
        return []
    hint = nearest(strange[0], known)
    listed = first_few([repr(s[:60]) for s in strange])
    return [f"{name}: no concept of the task is called {listed}.{hint}"]


def _placed(lines: pd.DataFrame, dataset: Dataset, name: str) -> ConceptLabels:
    lines = lines.drop_duplicates()
    torn = lines.duplicated(["row", "concept"])
    if torn.any():
        rows = first_few([str(r) for r in lines["row"][torn]])
        raise DataError(
            f"{name}: {torn.sum():,} times a row is labelled yes and no for the same concept (rows {rows}). "
            "Settle each and keep one line."
        )
    place = pd.Series(np.arange(len(dataset)), index=dataset.row_ids)
    at = lines["row"].map(place)
    if len(lines) and at.isna().all():
        raise DataError(
            f"{name}: none of its {len(lines):,} labels is of a row in the data. row must hold the task's "
            "id, or, without one, the row's number from 1."
        )
    values = {c.name: np.full(len(dataset), None, dtype=object) for c in dataset.task.concepts}
    for concept, own in lines[at.notna()].groupby("concept"):
        values[str(concept)][at[own.index].to_numpy(dtype=np.int64)] = own["label"].to_numpy(dtype=object)
    return ConceptLabels(values=values, unmatched=int(at.isna().sum()))
