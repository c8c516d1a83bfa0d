"""The columns that are not features: the id of a row, and its time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from interpretable.data.parse import as_text, parse_column
from interpretable.data.table import Table
from interpretable.records.task import Column, Task


def read_ids(table: Table, task: Task, problems: list[str], *, required: bool) -> np.ndarray:
    """Row ids as text: the id column, or the row's number from "1" on."""
    if not task.id or (task.id not in table.names and not required):
        return np.array(
            [str(number) for number in range(table.first, table.first + table.rows)], dtype=object
        )
    ids = as_text(table.column(task.id))
    missing = pd.isna(ids)
    if missing.any():
        problems.append(f"Id column {task.id!r}: {missing.sum():,} rows have no id ({table.where(missing)}).")
    repeated = pd.Series(ids, dtype=object).duplicated(keep="first").to_numpy() & ~missing
    if repeated.any():
        problems.append(
            f"Id column {task.id!r}: {repeated.sum():,} rows repeat the id of an earlier row "
            f"({table.where(repeated)}). "
            "If it names a person with several rows, declare it as group instead of id."
        )
    return ids


def read_times(table: Table, task: Task, problems: list[str]) -> np.ndarray:
    """Times that sort: numbers, or ISO 8601 dates (datetime64[us])."""
    raw = table.column(task.time)
    numbers, unreadable = parse_column(raw, Column(name=task.time, kind="number"))
    if not unreadable.any():
        times, bad = numbers, np.isnan(numbers)
    else:
        found = pd.to_datetime(
            pd.Series(as_text(raw), dtype=object), format="ISO8601", errors="coerce", utc=True
        )
        times = found.dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
        bad = np.isnat(times)
    if bad.any():
        problems.append(
            f"Time column {task.time!r}: {bad.sum():,} rows have no number and no ISO date such as "
            f"2024-01-31 "
            f"({table.where(bad)})."
        )
    return times
