"""The way back: labels that persons filled into queues, put beside the data into a new table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from interpretable.data.listing import first_few
from interpretable.data.parse import as_text, parse_column
from interpretable.data.table import Table
from interpretable.errors import DataError
from interpretable.records.task import Column, Task

ORIGIN = "label_origin"  # column of the new table: "random", "chosen" or "machine" where a label came in
MACHINE, BY = "machine", "labelled_by"  # what stands in which column of a file of labels by machine
MARK = 12  # characters of the hash that ties a queue to its file


@dataclass(frozen=True, eq=False, kw_only=True)
class Merged:
    """The new table and what went into it."""

    table: pd.DataFrame
    added: int  # rows that got a label
    known: int  # rows that had the same label before
    empty: int  # rows of the queues that nobody labelled yet
    drawn: int  # labelled rows that were drawn by chance and have an answer of the model
    differing: int  # of these, rows where the label is another
    machine: int = 0  # rows whose new label is a machine's


@dataclass(frozen=True, kw_only=True)
class _Label:
    row_id: str
    label: str
    place: str  # where it stands, for messages
    random: bool
    predicted: str | None
    file: str | None
    machine: bool = False


@dataclass(eq=False)
class _Source:
    """A table of rows by id; without an id column the row's number from 1 is its id."""

    table: Table
    ids: np.ndarray
    places: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.places = {str(name): at for at, name in enumerate(self.ids) if name is not None}
        # A queue written for spreadsheets carries ids that could run as a formula behind an apostrophe.
        self.places |= {f"'{name}": at for name, at in self.places.items() if f"'{name}" not in self.places}


def merge_labels(
    task: Task, data: Table, queues: Sequence[Table], rows: Table | None = None, *, machine: bool = False
) -> Merged:  # fmt: skip
    """The data with the labels of the queues: filled into its empty cells, or as new rows taken from `rows`.

    Parameters
    ----------
    task : what the columns mean
    data : the task's own table, as it came in; it is not changed
    queues : filled-in queues of `label-next`; rows without a label are left for later
    rows : the table that the queues were made from, where it is not the data itself
    machine : take labels by machine too; the new table says of each that it is one

    Raises
    ------
    DataError : listing every problem with its lines: columns that are missing, ids that are not in the table,
        labels that are no class of the task, rows with two labels, a queue made from another file, labels by
        machine where nobody asked for them
    """
    problems: list[str] = []
    source = rows if rows is not None else data
    _check_columns(task, data, source, problems)
    found = [label for queue in queues for label in _read_queue(queue, problems)]
    if not machine:
        _refuse_machine([label for label in found if label.machine and label.label], problems)
    if problems:
        raise DataError(problems)
    labels = [one for one in found if one.label]
    _check_labels(task, data, labels, problems)
    _check_file(task, labels, source, problems)
    if problems:  # what follows looks rows up, which would only mislead
        raise DataError(problems)
    asked, own = _Source(source, _ids(task, source)), _Source(data, _ids(task, data))
    _check_ids(labels, asked, problems)
    merged = _settled(labels, problems)
    recorded = as_text(data.column(task.target))
    filled = _into(own, merged) if rows is None or task.id else {}
    known = _check_recorded(filled, recorded, problems)
    if problems:
        raise DataError(problems)
    new = [one for one in merged if one.row_id not in {label.row_id for label in filled.values()}]
    table = _table(task, data, {at: one for at, one in filled.items() if at not in known})
    if new:
        table = pd.concat([table, _new_rows(task, table, asked, new)], ignore_index=True)
    judged = [one for one in merged if one.random and one.predicted and task.kind != "regression"]
    return Merged(
        table=table, added=len(merged) - len(known), known=len(known), empty=len(found) - len(labels),
        drawn=len(judged), differing=sum(one.predicted != one.label for one in judged),
        machine=sum(one.machine for one in new) + sum(filled[at].machine for at in filled if at not in known),
    )  # fmt: skip


def _check_columns(task: Task, data: Table, source: Table, problems: list[str]) -> None:
    if task.target not in data.names:
        problems.append(f"Column {task.target!r}, the target, is not in the data {data.name!r}.")
    needed = [c.name for c in task.inputs] + ([task.id] if task.id else [])
    lacking = [repr(name) for name in needed if name not in source.names]
    if lacking:
        problems.append(f"{source.name!r} lacks columns of the task: {first_few(lacking)}.")


def _read_queue(queue: Table, problems: list[str]) -> list[_Label]:
    lacking = [repr(name) for name in ("row_id", "label") if name not in queue.names]
    if lacking:
        problems.append(
            f"{queue.name!r} lacks {' and '.join(lacking)}: it is no queue of interpretable label-next."
        )
        return []

    def cells(name: str) -> np.ndarray:
        return as_text(queue.column(name)) if name in queue.names else np.full(queue.rows, None, dtype=object)

    ids, labels = cells("row_id"), cells("label")
    nameless = pd.isna(ids) & ~pd.isna(labels)
    if nameless.any():
        problems.append(
            f"{queue.name!r}: {nameless.sum():,} labels without a row_id ({queue.where(nameless)})."
        )
    told = zip(ids, labels, cells("random"), cells("predicted"), cells("file"), cells(BY), strict=True)
    return [
        _Label(
            row_id=row_id,
            label=label or "",
            place=f"{queue.name!r} {queue.where(np.arange(queue.rows) == at)}",
            random=random == "yes",
            predicted=predicted,
            file=file,
            machine=by == MACHINE,
        )
        for at, (row_id, label, random, predicted, file, by) in enumerate(told)
        if row_id is not None
    ]


def _refuse_machine(labels: list[_Label], problems: list[str]) -> None:
    if labels:
        problems.append(
            f"{len(labels):,} labels were given by a machine, not by a person: {_places(labels)}. A study "
            "with them would measure agreement with that machine. To take them anyway: --machine-labels."
        )


def _places(labels: Sequence[_Label]) -> str:
    return first_few([one.place for one in labels])


def _check_labels(task: Task, data: Table, labels: list[_Label], problems: list[str]) -> None:
    if task.kind == "regression":
        cells = np.array([one.label for one in labels], dtype=object)
        _, unreadable = parse_column(cells, Column(name=task.target, kind="number"))
        wrong = [one for one, bad in zip(labels, unreadable, strict=True) if bad]
        allowed = "a finite number"
    else:
        classes = sorted({text for text in as_text(data.column(task.target)) if text is not None})
        wrong = [one for one in labels if one.label not in classes]
        allowed = f"one of {first_few([repr(c) for c in classes], show=20)}"
    if wrong:
        problems.append(
            f"{len(wrong):,} labels are not {allowed}, as {task.target!r} needs: {_places(wrong)}."
        )


def _check_file(task: Task, labels: list[_Label], source: Table, problems: list[str]) -> None:
    """Row numbers mean something in one file only."""
    foreign = [] if task.id else [one for one in labels if one.file != source.sha256[:MARK]]
    if foreign:
        problems.append(
            f"The task has no id column, so rows are known by their number, and {len(foreign):,} labels are "
            f"not from {source.name!r} as it is now: {_places(foreign)}. Name the file that the queue was "
            "made from, unchanged, or give the task an id column."
        )


def _ids(task: Task, table: Table) -> np.ndarray:
    if task.id and task.id in table.names:
        return as_text(table.column(task.id))
    return np.array([str(k) for k in range(1, table.rows + 1)], dtype=object)


def _check_ids(labels: list[_Label], asked: _Source, problems: list[str]) -> None:
    unknown = [one for one in labels if one.row_id not in asked.places]
    if unknown:
        problems.append(f"{len(unknown):,} row_ids are not in {asked.table.name!r}: {_places(unknown)}.")
    repeated = pd.Series(asked.ids, dtype=object).duplicated(keep=False).to_numpy()
    torn = [one for one in labels if one.row_id in asked.places and repeated[asked.places[one.row_id]]]
    if torn:
        problems.append(
            f"{len(torn):,} row_ids stand more than once in {asked.table.name!r}: {_places(torn)}."
        )


def _settled(labels: list[_Label], problems: list[str]) -> list[_Label]:
    """One label per row; rows with two different ones are a problem."""
    by_row: dict[str, list[_Label]] = {}
    for one in labels:
        by_row.setdefault(one.row_id, []).append(one)
    torn = [one for own in by_row.values() if len({o.label for o in own}) > 1 for one in own]
    if torn:
        problems.append(f"Rows with different labels, to be settled by a person first: {_places(torn)}.")
    return [own[0] for own in by_row.values()]


def _into(own: _Source, labels: list[_Label]) -> dict[int, _Label]:
    """Labels of rows that stand in the data itself, by position."""
    return {own.places[one.row_id]: one for one in labels if one.row_id in own.places}


def _check_recorded(filled: dict[int, _Label], recorded: np.ndarray, problems: list[str]) -> set[int]:
    """Positions that had the same label before."""
    other = [one for at, one in filled.items() if recorded[at] is not None and recorded[at] != one.label]
    if other:
        problems.append(
            f"{len(other):,} rows have another label in the data already: {_places(other)}. A person should "
            "decide; recorded labels are never replaced here."
        )
    return {at for at in filled if recorded[at] is not None}


def _table(task: Task, data: Table, filled: dict[int, _Label]) -> pd.DataFrame:
    columns: dict[str, Any] = {name: pd.Series(data.column(name), dtype=object) for name in data.names}
    if ORIGIN not in columns:
        columns[ORIGIN] = pd.Series([None] * data.rows, dtype=object)
    for at, one in filled.items():
        columns[task.target].iloc[at] = one.label
        columns[ORIGIN].iloc[at] = _origin(one)
    return pd.DataFrame({name: cells.to_numpy() for name, cells in columns.items()}, dtype=object)


def _origin(one: _Label) -> str:
    if one.machine:
        return MACHINE
    return "random" if one.random else "chosen"


def _new_rows(task: Task, like: pd.DataFrame, asked: _Source, labels: list[_Label]) -> pd.DataFrame:
    at = [asked.places[one.row_id] for one in labels]
    made: dict[str, Any] = {}
    for name in like.columns:
        if name in asked.table.names:
            made[name] = pd.Series(asked.table.column(name), dtype=object).to_numpy()[at]
        else:
            made[name] = np.full(len(at), None, dtype=object)
    made[task.target] = np.array([one.label for one in labels], dtype=object)
    made[ORIGIN] = np.array([_origin(one) for one in labels], dtype=object)
    return pd.DataFrame(made, columns=like.columns, dtype=object)
