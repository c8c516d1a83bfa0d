"""Rows of persons: kept in the study for similar cases, review and re-calculation, never exported unasked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas

from interpretable.collab.baseline import Baseline
from interpretable.records.dataset import Dataset
from interpretable.score.output import to_prediction
from interpretable.study import layout
from interpretable.study.fitting import Fits

BACKGROUND = 100  # stored training rows


def _free(name: str, table: pandas.DataFrame) -> str:
    """A column name for our own use that no column of the table has."""
    while name in table.columns:
        name = f"_{name}"
    return name


def write_part(folder: Path, part: Dataset) -> None:
    """The rows of one part as the models saw them: row id first, target last."""
    table = part.frame.copy()
    table.insert(0, _free("row_id", table), part.row_ids)
    table[_free("target", table)] = part.target
    layout.write_table(folder / f"{part.part}.parquet", table)


def background_rows(rows: int, seed: int) -> np.ndarray:
    """Positions of the training rows that SHAP values are taken against: drawn once, stored, never anew."""
    return np.sort(np.random.default_rng(seed).permutation(rows)[:BACKGROUND])


def write_groups(folder: Path, parts: tuple[Dataset, ...]) -> None:
    """Which rows belong together, so that no case is compared with others of its own person or household."""
    tables = [
        pandas.DataFrame({"row_id": part.row_ids, "group": [str(g) for g in part.groups]}, dtype=object)
        for part in parts
        if part.groups is not None
    ]
    if tables:
        layout.write_table(folder / "groups.parquet", pandas.concat(tables, ignore_index=True))


def prediction_table(rows: Dataset, predictions: dict[str, np.ndarray]) -> pandas.DataFrame:
    """Row id, target, and one column per model (per class for several classes)."""
    columns = {"row_id": rows.row_ids, "target": rows.target}
    for name, predicted in predictions.items():
        if predicted.ndim == 1:
            columns[name] = predicted
        else:
            columns |= {f"{name}: {label}": predicted[:, k] for k, label in enumerate(rows.classes)}
    return pandas.DataFrame(columns)


def write_out_of_fold(folder: Path, train: Dataset, fits: Fits) -> None:
    """What chose the model, so that the choice can be made again by hand; fold -1 was always trained on."""
    made = {t.name: to_prediction(t.record.link, t.oof) for t in fits.trained}
    table = prediction_table(train, made)
    table.insert(2, "fold", fits.folds)
    layout.write_table(folder / "out_of_fold.parquet", table)


def write_language(folder: Path, test: Dataset, found: Baseline | None) -> None:
    """The language model's predictions, on the rows it was asked about."""
    if found is not None:
        asked = test.take(found.positions)
        layout.write_table(folder / "language_model.parquet", prediction_table(asked, found.predictions))
