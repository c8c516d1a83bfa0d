"""Files of labels: queues that go out to a person, and new tables that come back. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas

from interpretable import data, words
from interpretable.bundle.seal import write_bytes
from interpretable.data.label_merge import MARK, Merged, merge_labels
from interpretable.data.rows import row_keys
from interpretable.data.table import frame_table, read_table
from interpretable.errors import UserError
from interpretable.records.dataset import Dataset
from interpretable.records.labels import LabelPick
from interpretable.score.export import neutral_table
from interpretable.study import layout
from interpretable.study.sources import data_path

if TYPE_CHECKING:
    from interpretable.study.opened import OpenStudy


def check_new_csv(out: str | Path) -> Path:
    """The path of a file to be written; UserError where it is no .csv or is there already."""
    path = Path(out)
    if path.suffix.lower() != ".csv":
        raise UserError(f"Cannot write {path.name!r}: the name must end in .csv.")
    if path.exists():
        raise UserError(
            f"{path.name!r} is there already and may hold somebody's labels: it is not overwritten. "
            "Choose another name."
        )
    return path


def row_cells(rows: Dataset, *, taken: Iterable[str]) -> pandas.DataFrame:
    """The columns in use of these rows; names that are `taken` get an underscore in front."""
    used, renamed = set(taken), {}
    for name in rows.features.columns:
        free = str(name)
        while free in used:
            free = f"_{free}"
        used.add(free)
        renamed[name] = free
    return rows.features.rename(columns=renamed).reset_index(drop=True)


def find_unlabelled(study: OpenStudy, source: str | Path | pandas.DataFrame) -> tuple[Dataset, int]:
    """The rows that have no label and are not in the study yet, and how many were left out.

    A row has a label where the source has the target's column and a value in it. A row is in the study where
    its id is (tasks with an id column), or where it is a copy of a row of the study and the task reads texts.
    """
    rows = study.read_cases(source)
    table = frame_table(source) if isinstance(source, pandas.DataFrame) else read_table(source)
    free = np.ones(len(rows), dtype=bool)
    if study.task.target in table.names:
        free &= pandas.isna(data.as_text(table.column(study.task.target)))
    free &= ~_in_study(study, rows)
    return rows.take(np.flatnonzero(free)), int((~free).sum())


def _in_study(study: OpenStudy, rows: Dataset) -> np.ndarray:
    known = np.zeros(len(rows), dtype=bool)
    if not (study.path / layout.PRIVATE).is_dir():
        return known
    parts = [study.part(name) for name in ("train", "calibration", "test")]
    if study.task.id:
        known |= np.isin(rows.row_ids.astype(str), np.concatenate([p.row_ids.astype(str) for p in parts]))
    if study.task.text_columns:
        frames = [rows.features, *(p.features for p in parts)]
        keys = row_keys(pandas.concat(frames, ignore_index=True))
        known |= np.isin(keys[: len(rows)], keys[len(rows) :])
    return known


def queue_table(
    study: OpenStudy, picks: Sequence[LabelPick], rows: Dataset, *, lang: str = "en", with_text: bool = False
) -> pandas.DataFrame:
    """One line per pick in order, with an empty column `label` to fill in."""
    lines: list[dict[str, Any]] = [
        {
            "order": pick.place, "row_id": pick.row_id, "label": "", "random": "yes" if pick.random else "no",
            "reason": pick.reason, "why": words.pick_reason(pick, study.task, lang), "predicted": pick.output,
            "estimate": pick.estimate,
        }
        for pick in picks
    ]  # fmt: skip
    table = pandas.DataFrame(lines)
    table["model_version"], table["file"] = study.model_version, rows.source.sha256[:MARK]
    if with_text:
        places = {str(name): at for at, name in enumerate(rows.row_ids)}
        cells = row_cells(rows.take(np.array([places[p.row_id] for p in picks])), taken=table.columns)
        table = pandas.concat([table.iloc[:, :2], cells, table.iloc[:, 2:]], axis=1)
    return table


def write_queue(
    study: OpenStudy, source: str | Path, out: str | Path, *, n: int = 50, seed: int = 0, lang: str = "en",
    with_text: bool = False,
) -> tuple[int, int, int]:  # fmt: skip
    """Write a queue as CSV; returns its rows, those drawn by chance, and the rows that were left out.

    Raises
    ------
    UserError : a name that does not end in .csv, a file that is there already, no row without a label
    DataError : a source that cannot be read as the task says
    """
    path = check_new_csv(out)
    rows, left_out = find_unlabelled(study, source)
    if not len(rows):
        raise UserError(f"Every row of {Path(source).name!r} has a label or is in the study already.")
    picks = study.label_next(rows, n, seed=seed)
    table = queue_table(study, picks, rows, lang=lang, with_text=with_text)
    write_bytes(path, neutral_table(table).to_csv(index=False, lineterminator="\n").encode())
    return len(picks), sum(pick.random for pick in picks), left_out


def write_merged(
    task: str | Path, queues: Sequence[str | Path], out: str | Path, *, rows: str | Path | None = None,
    machine: bool = False,
) -> Merged:  # fmt: skip
    """The task's data with the labels of filled-in queues as a new CSV; the data file itself is not touched.

    Raises
    ------
    UserError : a name that does not end in .csv, or a file that is there already
    DataError : every problem of the queues, with its lines
    """
    path, found = check_new_csv(out), data.read_task(task)
    given = None if rows is None else read_table(rows)
    table = read_table(data_path(found, Path(task).parent))
    merged = merge_labels(found, table, [read_table(q) for q in queues], given, machine=machine)
    write_bytes(path, merged.table.to_csv(index=False, lineterminator="\n").encode())
    return merged
