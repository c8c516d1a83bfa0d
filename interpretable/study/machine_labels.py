"""Files of labels by machine, and of rows that a person labels to check them. Nothing is overwritten.

A file of labels says of every line that a machine gave it, so that `label-merge` does not take it for a
person's. A file to be checked shows neither the machine's label nor how often a row's kind was drawn: both
could lead whoever labels. Which rows were drawn follows from its seed, and is proved when it comes back.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas

from interpretable.bundle.seal import write_bytes
from interpretable.collab.audit import draw_audit
from interpretable.collab.teacher import SILENT, Labels
from interpretable.data import as_text
from interpretable.data.label_merge import BY, MACHINE, MARK
from interpretable.data.listing import first_few
from interpretable.data.table import Table, read_table
from interpretable.errors import DataError
from interpretable.records.dataset import Dataset
from interpretable.score.export import neutral_table
from interpretable.study.label_files import row_cells


def write_labels(
    path: Path, rows: Dataset, labels: Labels, *, source: str, silent: list[str] | None = None
) -> str:
    """One line per row: its label by machine, or why there is none. Returns the file's SHA-256."""
    said = [rows.classes[k] if k != SILENT else "" for k in labels.said]
    table = pandas.DataFrame(
        {
            "row_id": rows.row_ids, "label": said,
            "confidence": ["" if np.isnan(s) else f"{s:.4f}" for s in labels.sure], "source": source,
            BY: MACHINE, "no_label": silent or ["" if one else "no_rule" for one in said],
            "file": rows.source.sha256[:MARK],
        }
    )  # fmt: skip
    return _write(path, table)


def _write(path: Path, table: pandas.DataFrame) -> str:
    raw = neutral_table(table).to_csv(index=False, lineterminator="\n").encode()
    write_bytes(path, raw)
    return hashlib.sha256(raw).hexdigest()


@dataclass(frozen=True, eq=False, kw_only=True)
class Read:
    """A teacher's file: labels of the rows of a file, and of rows of the study where both have ids."""

    labels: Labels
    gold: Labels
    source: str
    sha256: str


def read_teacher(path: str | Path, rows: Dataset, gold: Dataset) -> Read:
    """Labels by row_id; `confidence` or `probability` is the chance of the label.

    Parameters
    ----------
    rows : rows without a label
    gold : rows of the study with one; a task without an id column cannot name them

    Raises
    ------
    DataError : columns that are missing, labels that are no class, chances that are none, row ids twice, a
        file made from another one, no row that is asked about
    """
    table = read_table(path)
    cells = _labelled(table, rows, problems := [])
    sure = _chances(table, problems)
    _check_file(table, rows, problems)
    if problems:
        raise DataError(problems)
    named = rows.task.id is not None and rows.task.id != ""
    labels = _placed(cells, sure, rows, cells["row_id"])
    if (labels.said == SILENT).all():
        raise DataError(f"{table.name!r} labels no row of {rows.source.name!r} that has no label yet.")
    none = Labels(said=np.full(len(gold), SILENT), sure=np.full(len(gold), np.nan))
    sources = set(as_text(table.column("source"))) - {None} if "source" in table.names else set()
    return Read(
        labels=labels, gold=_placed(cells, sure, gold, cells["row_id"]) if named else none,
        source=str(next(iter(sources))) if len(sources) == 1 else table.name, sha256=table.sha256,
    )  # fmt: skip


def _labelled(table: Table, rows: Dataset, problems: list[str]) -> dict[str, np.ndarray]:
    """The columns row_id and label (class index, -1 where empty)."""
    lacking = [repr(name) for name in ("row_id", "label") if name not in table.names]
    if lacking:
        raise DataError(f"{table.name!r} lacks the columns {' and '.join(lacking)}.")
    ids, texts = (as_text(table.column(name)) for name in ("row_id", "label"))
    place = {name: k for k, name in enumerate(rows.classes)}
    wrong = np.array([text is not None and text not in place for text in texts], dtype=bool)
    if wrong.any():
        allowed = first_few([repr(c) for c in rows.classes], show=20)
        problems.append(
            f"{table.name!r}: {wrong.sum():,} labels are not one of {allowed} ({table.where(wrong)})."
        )
    twice = pandas.Series(ids, dtype=object).duplicated().to_numpy() & np.array([i is not None for i in ids])
    if twice.any():
        problems.append(
            f"{table.name!r}: {twice.sum():,} row_ids stand more than once ({table.where(twice)})."
        )
    nameless = np.array([i is None and t is not None for i, t in zip(ids, texts, strict=True)], dtype=bool)
    if nameless.any():
        problems.append(
            f"{table.name!r}: {nameless.sum():,} labels without a row_id ({table.where(nameless)})."
        )
    return {"row_id": ids, "label": np.array([place.get(t, SILENT) for t in texts], dtype=np.int64)}


def _chances(table: Table, problems: list[str]) -> np.ndarray:
    name = next((n for n in ("confidence", "probability") if n in table.names), None)
    if name is None:
        return np.full(table.rows, np.nan)
    values = pandas.to_numeric(pandas.Series(as_text(table.column(name)), dtype=object), errors="coerce")
    told = np.array([cell is not None for cell in as_text(table.column(name))], dtype=bool)
    found = values.to_numpy(dtype=float)
    wrong = told & ~((found >= 0.0) & (found <= 1.0))
    if wrong.any():
        problems.append(f"{table.name!r}: {name} is a number from 0 to 1 ({table.where(wrong)}).")
    return found


def _check_file(table: Table, rows: Dataset, problems: list[str]) -> None:
    """Row numbers mean something in one file only."""
    if rows.task.id:
        return
    marks = set(as_text(table.column("file"))) if "file" in table.names else {None}
    if marks != {rows.source.sha256[:MARK]}:
        problems.append(
            f"The task has no id column, so rows are known by their number, and {table.name!r} does not say "
            f"that it was made from {rows.source.name!r} as it is now. A column file with the value "
            f"{rows.source.sha256[:MARK]} says so."
        )


def _placed(cells: dict[str, np.ndarray], sure: np.ndarray, rows: Dataset, ids: np.ndarray) -> Labels:
    at = {str(name): k for k, name in enumerate(rows.row_ids)}
    at |= {f"'{name}": k for name, k in at.items() if f"'{name}" not in at}  # as spreadsheets get them
    said, own = np.full(len(rows), SILENT), np.full(len(rows), np.nan)
    for line, name in enumerate(ids):
        if name is not None and name in at:
            said[at[name]], own[at[name]] = cells["label"][line], sure[line]
    return Labels(said=said, sure=own)


def write_audit(
    path: Path, rows: Dataset, labels: Labels, *, wanted: int, seed: int, labels_sha256: str, with_text: bool
) -> int:
    """Rows drawn by chance for a person to label; returns how many."""
    drawn = draw_audit(labels.said, wanted, seed=seed)
    lines: dict[str, Any] = {
        "order": np.arange(1, len(drawn) + 1), "row_id": rows.row_ids[drawn], "label": "", "random": "no",
        "drawn": f"{wanted}/{seed}", "labels": labels_sha256[:MARK], "file": rows.source.sha256[:MARK],
    }  # fmt: skip
    table = pandas.DataFrame(lines)
    if with_text:
        cells = row_cells(rows.take(drawn), taken=table.columns)
        table = pandas.concat([table.iloc[:, :2], cells, table.iloc[:, 2:]], axis=1)
    _write(path, table)
    return len(drawn)


@dataclass(frozen=True, eq=False, kw_only=True)
class Audit:
    """A checked file: positions of the rows a person labelled, their classes, and how many were drawn."""

    checked: np.ndarray
    truth: np.ndarray
    drawn: int


def read_audit(path: str | Path, rows: Dataset, labels: Labels, *, labels_sha256: str) -> Audit:
    """The labels of a person, if the rows are those that were drawn.

    Raises
    ------
    DataError : also where a row was not drawn by chance, or the file belongs to other labels
    """
    table = read_table(path)
    cells = _labelled(table, rows, problems := [])
    wanted, seed = _drawn_as(table)
    marks = set(as_text(table.column("labels"))) if "labels" in table.names else {None}
    if marks != {labels_sha256[:MARK]}:
        problems.append(f"{table.name!r} was drawn for another file of labels than the one given.")
    if problems:
        raise DataError(problems)
    drawn = draw_audit(labels.said, wanted, seed=seed)
    found = _placed(cells, np.full(table.rows, np.nan), rows, cells["row_id"]).said
    strange = np.setdiff1d(np.flatnonzero(found != SILENT), drawn)
    if len(strange):
        raise DataError(
            f"{table.name!r}: {len(strange):,} rows with a label were not drawn by chance for it. Rows that "
            "somebody chose say nothing of the others; take them out."
        )
    checked = np.sort(drawn[found[drawn] != SILENT])
    return Audit(checked=checked, truth=found[checked], drawn=len(drawn))


def _drawn_as(table: Table) -> tuple[int, int]:
    told = set(as_text(table.column("drawn"))) if "drawn" in table.names else set()
    parts = str(next(iter(told), "")).split("/")
    if len(told) != 1 or len(parts) != 2 or not all(part.isdecimal() for part in parts):
        raise DataError(
            f"{table.name!r} is no file of rows to check: its column drawn is missing or changed."
        )
    return int(parts[0]), int(parts[1])
