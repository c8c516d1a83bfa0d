"""A table as it came in: named raw columns of one length, and where each row stood."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from interpretable.data.csvfile import CsvTable, check_names, open_csv
from interpretable.data.limits import FILE, Limits
from interpretable.data.listing import first_few
from interpretable.data.plaincsv import plain_columns
from interpretable.errors import DataError

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:", re.ASCII)  # two letters at least: "C:\\" is a drive
_PANDAS_INDEX = re.compile(r"__index_level_\d+__")
PARQUET = b"PAR1"


@dataclass(frozen=True, eq=False, kw_only=True)
class Table:
    """Raw columns. `column(name)` gives the cells; `where(mask)` says where the marked rows stand."""

    names: tuple[str, ...]
    rows: int
    column: Callable[[str], Any]
    name: str = ""
    sha256: str = ""
    lines: np.ndarray | None = None  # line of each row in a CSV
    first: int = 1  # number of the first row: above 1 in a later chunk of a larger table

    def where(self, mask: np.ndarray) -> str:
        at = np.flatnonzero(mask)
        word, numbers = ("line", self.lines[at]) if self.lines is not None else ("row", at + self.first)
        return f"{word}{'s' if len(at) > 1 else ''} {first_few([str(n) for n in numbers])}"


@contextmanager
def opened(source: str | Path | IO[bytes], limits: Limits) -> Iterator[Any]:
    """A binary file from a path or an open file; addresses and files that are too large are refused."""
    if isinstance(source, str | Path):
        path = _local_path(source)
        with path.open("rb") as file:
            _check_size(path.stat().st_size, limits)
            yield file
        return
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    _check_size(size, limits)
    yield source


def _local_path(source: str | Path) -> Path:
    if isinstance(source, str) and _ADDRESS.match(source):
        raise DataError("Addresses are not read, only files on this machine. Download the table first.")
    path = Path(source)
    if path.is_dir():
        raise DataError(f"{str(path)!r} is a folder. Name the CSV or Parquet file in it.")
    if not path.is_file():
        raise DataError(f"There is no file {str(path)!r}.")
    return path


def _check_size(size: int, limits: Limits) -> None:
    if size > limits.bytes:
        raise DataError(f"The file has {size:,} bytes; at most {limits.bytes:,} are read.")


def file_name(source: Any) -> str:
    """The last part of a path, or the name an uploaded file carries."""
    return Path(str(source if isinstance(source, str | Path) else getattr(source, "name", ""))).name


def read_table(source: str | Path | IO[bytes], *, limits: Limits = FILE) -> Table:
    """A CSV or Parquet file, whole. The content decides which it is, not the name."""
    with opened(source, limits) as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        head = file.read(4)
        file.seek(0)
        if head != PARQUET and file_name(source).lower().endswith(".parquet"):
            raise DataError(f"{file_name(source)!r} is named .parquet but does not hold a Parquet table.")
        read = _read_parquet if head == PARQUET else _read_csv
        return read(file, limits, name=file_name(source), sha256=sha256)


def _read_csv(file: IO[bytes], limits: Limits, **about: Any) -> Table:
    table = open_csv(file, limits)
    file.seek(0)
    columns = plain_columns(file.read(), table.names, table.delimiter, limits)
    if columns is None:
        file.seek(0)
        columns, lines = _strict_columns(open_csv(file, limits))
    else:
        lines = np.arange(2, len(columns[0]) + 2)
    place = dict(zip(table.names, columns, strict=True))

    def column(name: str) -> np.ndarray:
        return place[name].to_numpy(zero_copy_only=False) if len(lines) else np.empty(0, dtype=object)

    return Table(names=table.names, rows=len(lines), column=column, lines=lines, **about)


def _strict_columns(table: CsvTable) -> tuple[list[Any], np.ndarray]:
    """Arrow columns, built block by block so that Python's cells never stand in memory together."""
    import pyarrow as pa

    pieces: list[list[Any]] = [[] for _ in table.names]
    lines = [np.empty(0, dtype=np.int64)]
    for block in table.blocks:
        lines.append(block.lines)
        for piece, cells in zip(pieces, block.cells, strict=True):
            piece.append(pa.array(cells, pa.large_string()))
    return [pa.chunked_array(piece, pa.large_string()) for piece in pieces], np.concatenate(lines)


def _read_parquet(file: IO[bytes], limits: Limits, **about: Any) -> Table:
    parquet = open_parquet(file, limits)
    names = parquet_names(parquet, limits)
    if parquet.metadata.num_rows > limits.rows:
        raise DataError(
            f"The table has {parquet.metadata.num_rows:,} rows; at most {limits.rows:,} are read."
        )
    whole = parquet.read(columns=list(names))
    pool = dict(zip(whole.column_names, whole.columns, strict=True))
    return Table(
        names=tuple(name.strip() for name in names),
        rows=whole.num_rows,
        column=lambda name: arrow_cells(pool.get(name, pool.get(name.strip()))),
        **about,
    )


def open_parquet(file: IO[bytes], limits: Limits) -> Any:
    """A Parquet file whose schema is a plain table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        parquet = pq.ParquetFile(file)
    except (pa.ArrowInvalid, OSError):
        raise DataError("The file begins like Parquet but is damaged or cut short.") from None
    nested = [
        f.name for f in parquet.schema_arrow if pa.types.is_nested(f.type) or pa.types.is_binary(f.type)
    ]
    if nested:
        raise DataError(
            f"Columns of lists, records or bytes are not read: {first_few([repr(n) for n in nested])}."
        )
    return parquet


def parquet_names(parquet: Any, limits: Limits) -> tuple[str, ...]:
    """Column names without the index that pandas may have written beside them."""
    names = tuple(name for name in parquet.schema_arrow.names if not _PANDAS_INDEX.fullmatch(name))
    check_names(tuple(name.strip() for name in names), limits)
    return names


def arrow_cells(column: Any) -> pd.Series:
    """An Arrow column as pandas, whole numbers kept whole where some are missing."""
    return column.to_pandas(integer_object_nulls=True)


def frame_table(frame: pd.DataFrame, *, limits: Limits = FILE, name: str = "") -> Table:
    """A data frame as a table; its index is not a column."""
    names = tuple(str(column).strip() for column in frame.columns)
    check_names(names, limits)
    if len(frame) > limits.rows:
        raise DataError(f"The table has {len(frame):,} rows; at most {limits.rows:,} are read.")
    place = {column: at for at, column in enumerate(names)}
    counted = isinstance(frame.index, pd.RangeIndex) and frame.index.step == 1
    return Table(
        names=names,
        rows=len(frame),
        column=lambda column: frame.iloc[:, place[column]],
        name=name,
        first=frame.index.start + 1 if counted and frame.index.start > 0 else 1,
    )
