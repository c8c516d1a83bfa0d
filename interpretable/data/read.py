"""The one door: a file or a frame comes in, a Dataset goes out, or one error that lists every problem."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from interpretable.data.concepts import derive, with_concepts
from interpretable.data.limits import FILE, Limits
from interpretable.data.listing import first_few, nearest
from interpretable.data.parse import as_text, parse_column
from interpretable.data.roles import read_ids, read_times
from interpretable.data.table import Table, frame_table, read_table
from interpretable.data.target import NO_TARGET, Target, read_target
from interpretable.errors import DataError
from interpretable.records.dataset import Dataset, Source
from interpretable.records.task import Column, Task


def read(
    task: Task,
    path: str | Path | IO[bytes],
    *,
    require_target: bool = True,
    lenient_target: bool = False,
    limits: Limits = FILE,
) -> Dataset:
    """Read a CSV or Parquet file as the task says.

    Parameters
    ----------
    task : what each column means
    path : a path, or a binary file such as an upload; never an address
    require_target : False for cases to be scored: target, group and time are not looked at, excluded
        columns and the id may be absent
    lenient_target : keep rows without a target (coded -1, or NaN for regression), so that checks can
        report them
    limits : largest table accepted

    Raises
    ------
    DataError
        Listing all problems: columns that are missing, text or infinities in number columns with their lines,
        repeated ids, rows without a target, values of the target that do not fit.
    """
    table = read_table(path, limits=limits)
    return from_table(table, task, require_target=require_target, lenient_target=lenient_target)


def from_frame(
    frame: pd.DataFrame,
    task: Task,
    *,
    require_target: bool = True,
    lenient_target: bool = False,
    source: Source | None = None,
) -> Dataset:
    """A pandas frame as a Dataset: the same rules, and the same result, as for a file of the same values."""
    table = frame_table(frame)
    dataset = from_table(table, task, require_target=require_target, lenient_target=lenient_target)
    if source is not None:
        return replace(dataset, source=source)
    return dataset


def check_schema(frame_columns: Any, task: Task) -> None:
    """Raise one DataError listing every column that a table to be scored must have and these lack."""
    names = [str(name).strip() for name in frame_columns]
    problems = _missing_columns(names, [c.name for c in task.inputs])
    if problems:
        raise DataError(problems)


def from_table(table: Table, task: Task, *, require_target: bool, lenient_target: bool) -> Dataset:
    """Normalise a raw table; every problem found on the way is raised together."""
    task = with_concepts(task)
    problems = _missing_columns(table.names, _needed(task, require_target))
    if not table.rows:
        problems.append("The table has column names but no rows.")
    if problems:
        raise DataError(problems)
    frame = _features(table, task, problems)
    ids = read_ids(table, task, problems, required=require_target)
    target, groups, times = NO_TARGET, None, None
    if require_target:
        target = read_target(table, task, problems, lenient=lenient_target)
        groups = as_text(table.column(task.group)) if task.group else None
        times = read_times(table, task, problems) if task.time else None
    if problems:
        raise DataError(problems)
    return _dataset(table, task, frame, ids=ids, target=target, groups=groups, times=times)


def _needed(task: Task, require_target: bool) -> list[str]:
    if not require_target:
        return [c.name for c in task.inputs]
    roles = [name for name in (task.target, task.id, task.group, task.time) if name]
    return [*roles, *(c.name for c in task.columns if not c.concept)]


def _missing_columns(names: Any, needed: list[str]) -> list[str]:
    have = set(names)
    absent = [name for name in dict.fromkeys(needed) if name not in have]
    if len(absent) > 20:
        listed = first_few([repr(n) for n in absent], show=20)
        return [f"{len(absent)} columns of the task are not in the table: {listed}."]
    free = [name for name in names if name not in set(needed)]
    return [f"Column {name!r} of the task is not in the table.{nearest(name, free)}" for name in absent]


def _features(table: Table, task: Task, problems: list[str]) -> pd.DataFrame:
    have = set(table.names)
    found: dict[str, np.ndarray] = {}
    for column in (c for c in task.columns if not c.concept):
        if column.name in have:
            found[column.name] = _parse(table, column, problems)
        else:
            empty = np.nan if column.kind == "number" else None
            found[column.name] = np.full(table.rows, empty, dtype=_dtype(column))
    found |= _derived(table, task, found, problems)
    columns = {c.name: pd.Series(found[c.name], dtype=_dtype(c), copy=False) for c in task.columns}
    return pd.DataFrame(
        columns, index=pd.RangeIndex(table.rows), columns=pd.Index(columns, dtype=object), copy=False
    )


def _derived(
    table: Table, task: Task, found: dict[str, np.ndarray], problems: list[str]
) -> dict[str, np.ndarray]:
    """The answers to the concepts; a column of the same name in the table must say the same."""
    made = derive(task, found.__getitem__, [c.name for c in task.columns])
    for name in set(made) & set(table.names):
        other = as_text(table.column(name)) != made[name]
        if other.any():
            problems.append(derived_clash(name, int(other.sum()), table.where(other)))
    return made


def derived_clash(name: str, count: int, where: str) -> str:
    """The sentence on a table that brings a derived column with other values."""
    return (
        f"Column {name!r} is derived from a text by a concept, but the table has a column of this name "
        f"with other values in {count:,} row(s) ({where}). Rename the concept, or take the column out of the "
        "table."
    )


def _dtype(column: Column) -> type:
    return np.float64 if column.kind == "number" else object


def _parse(table: Table, column: Column, problems: list[str]) -> np.ndarray:
    raw = table.column(column.name)
    values, unreadable = parse_column(raw, column)
    if unreadable.any():
        infinite = _infinite(raw, unreadable)
        if infinite.any():
            problems.append(
                f"Column {column.name!r}: {infinite.sum():,} value(s) are infinite or too large for a number "
                f"({table.where(infinite)}). Correct them or leave them empty."
            )
        words = unreadable & ~infinite
        if words.any():
            problems.append(
                f"Column {column.name!r} is a number column, but {words.sum():,} of {table.rows:,} "
                f"values are not "
                f"numbers ({table.where(words)}). Correct them, list them under missing_codes, or "
                f"change its kind."
            )
    return values


def _infinite(raw: Any, unreadable: np.ndarray) -> np.ndarray:
    at = np.flatnonzero(unreadable)
    cells = raw.iloc[at] if isinstance(raw, pd.Series) else raw[at]
    numeric = pd.to_numeric(pd.Series(as_text(cells), dtype=object), errors="coerce").to_numpy(
        dtype=np.float64
    )
    out = np.zeros(len(unreadable), dtype=bool)
    out[at] = np.isinf(numeric)
    return out


def _dataset(
    table: Table, task: Task, frame: pd.DataFrame, *, ids: np.ndarray, target: Target, groups: Any, times: Any
) -> Dataset:
    dropped = 0 if target.keep is None else int((~target.keep).sum())
    whole = Dataset(
        task=task,
        frame=frame,
        row_ids=ids,
        target=target.values,
        classes=target.classes,
        groups=groups,
        times=times,
        source=Source(
            name=table.name,
            sha256=table.sha256 or _content_hash(frame, ids, target.values),
            rows_read=table.rows,
            rows_dropped=dropped,
        ),
    )
    return whole if not dropped else whole.take(np.flatnonzero(target.keep))


def _content_hash(frame: pd.DataFrame, ids: np.ndarray, target: np.ndarray | None) -> str:
    """The hash of a table that never was a file: of its normalised values, column by column."""
    digest = hashlib.sha256()
    for name in frame.columns:
        digest.update(name.encode("utf-8", "surrogatepass"))
        digest.update(pd.util.hash_array(frame[name].to_numpy(), categorize=True).tobytes())
    digest.update(pd.util.hash_array(ids, categorize=True).tobytes())
    if target is not None:
        digest.update(np.ascontiguousarray(target).tobytes())
    return digest.hexdigest()
