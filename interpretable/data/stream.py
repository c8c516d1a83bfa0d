"""Large files piece by piece: the same strictness, and memory that does not grow with the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pandas as pd

from interpretable.data.csvfile import open_csv
from interpretable.data.limits import STREAM, Limits
from interpretable.data.read import check_schema
from interpretable.data.table import PARQUET, open_parquet, opened, parquet_names
from interpretable.records.task import Task


def stream(
    task: Task, path: str | Path | IO[bytes], *, rows: int = 50_000, limits: Limits = STREAM
) -> Iterator[pd.DataFrame]:
    """Raw chunks of the columns a model needs, in the file's order.

    Parameters
    ----------
    task : its inputs must all be there; the id column is taken along where it is; other columns are left
        out
    rows : most rows of one chunk

    Yields
    ------
    data frames whose RangeIndex counts the rows of the whole file from 0; pass each to
    `from_frame(chunk, task, require_target=False)`

    Raises
    ------
    DataError
        For a missing column before the first chunk; for a ragged or undecodable row when it is reached.
    """
    with opened(path, limits) as file:
        head = file.read(4)
        file.seek(0)
        pieces = _parquet if head == PARQUET else _csv
        start = 0
        for chunk in pieces(file, task, rows, limits):
            chunk.index = pd.RangeIndex(start, start + len(chunk))
            start += len(chunk)
            yield chunk


def _wanted(names: tuple[str, ...], task: Task) -> list[int]:
    check_schema(names, task)
    needed = {column.name for column in task.inputs} | {task.id}
    needed |= {
        column.name for column in task.columns if column.concept
    }  # to be compared where a table has them
    return [at for at, name in enumerate(names) if name.strip() in needed]


def _csv(file: IO[bytes], task: Task, rows: int, limits: Limits) -> Iterator[pd.DataFrame]:
    table = open_csv(file, limits, rows=rows)
    wanted = _wanted(table.names, task)
    for block in table.blocks:
        columns = {table.names[at]: pd.Series(block.cells[at], dtype=object) for at in wanted}
        yield pd.DataFrame(columns, copy=False)


def _parquet(file: IO[bytes], task: Task, rows: int, limits: Limits) -> Iterator[pd.DataFrame]:
    parquet = open_parquet(file, limits)
    names = parquet_names(parquet, limits)
    chosen = [names[at] for at in _wanted(names, task)]
    for batch in parquet.iter_batches(batch_size=rows, columns=chosen):
        if batch.num_rows:
            frame = batch.to_pandas(integer_object_nulls=True)
            yield frame.rename(columns=str.strip)
