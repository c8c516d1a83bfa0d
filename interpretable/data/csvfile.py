"""Strict CSV: a row that does not fit is an error with its line, never a shifted value."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

from interpretable.data.limits import Limits
from interpretable.data.lines import text_lines
from interpretable.data.listing import first_few
from interpretable.errors import DataError

_DELIMITERS = (",", ";", "\t")
_RESERVED = re.compile(r"__\w+__")


@dataclass(frozen=True, eq=False)
class Block:
    """Some rows: one tuple of cells per column, and the line each row begins on."""

    cells: list[tuple[str, ...]]
    lines: np.ndarray  # i8[n]


@dataclass(frozen=True, eq=False)
class CsvTable:
    """The checked header, and the rows piece by piece."""

    names: tuple[str, ...]
    delimiter: str
    blocks: Iterator[Block]


def open_csv(file: IO[bytes], limits: Limits, *, rows: int = 50_000) -> CsvTable:
    """Read and check the header; rows follow in blocks of at most `rows`."""
    lines = text_lines(file, limits)
    first = next((line for line in lines if line.strip()), None)
    if first is None:
        raise DataError("The file is empty: there is not even a line of column names.")
    delimiter = _delimiter(first)
    reader = csv.reader(_again(first, lines), delimiter=delimiter, strict=True)
    try:
        names = tuple(name.strip() for name in next(reader))
    except csv.Error as error:
        raise _unreadable(error, 1) from None
    check_names(names, limits)
    return CsvTable(names, delimiter, _blocks(reader, len(names), limits, rows))


def check_names(names: tuple[str, ...], limits: Limits) -> None:
    """Refuse a header that cannot name columns one by one."""
    if len(names) > limits.columns:
        raise DataError(f"The table has {len(names):,} columns; at most {limits.columns:,} are read.")
    problems = []
    empty = [str(at) for at, name in enumerate(names, start=1) if not name]
    if empty:
        problems.append(
            f"Column {first_few(empty)} has no name. Name it, or remove it (a data frame's index is often "
            "written as a first column without a name)."
        )
    repeated = (
        sorted({name for name in names if name and names.count(name) > 1})
        if len(set(names)) < len(names)
        else []
    )
    if repeated:
        problems.append(f"Column names must be unique; repeated: {first_few([repr(n) for n in repeated])}.")
    reserved = [repr(name) for name in names if _RESERVED.fullmatch(name)]
    if reserved:
        problems.append(
            f"Names of the form __name__ are reserved: {first_few(reserved)}. Rename these columns."
        )
    if any(len(name) > limits.name for name in names):
        problems.append(
            f"A column name is longer than {limits.name:,} characters. Is the first line a header?"
        )
    if problems:
        raise DataError(problems)


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter(header: str) -> str:
    def width(delimiter: str) -> int:
        try:
            return len(next(csv.reader([header], delimiter=delimiter)))
        except csv.Error:
            return 0

    best = max(_DELIMITERS, key=width)
    if width(best) == 1 and "|" in header:
        raise DataError(
            "The columns seem to be separated by '|'. Save the table with commas, semicolons or tabs."
        )
    return best


def _blocks(reader: Any, width: int, limits: Limits, size: int) -> Iterator[Block]:
    total = 0
    for rows, lines in _row_groups(reader, size):
        ragged = [at for at, row in enumerate(rows) if len(row) != width]
        if ragged:
            raise _ragged(ragged, rows, lines, width)
        total += len(rows)
        if total > limits.rows:
            raise DataError(f"The table has more than {limits.rows:,} rows, the most that are read here.")
        cells = list(zip(*rows, strict=True))
        for column in cells:
            if max(map(len, column)) > limits.field:
                at = next(i for i, cell in enumerate(column) if len(cell) > limits.field)
                raise DataError(f"Line {lines[at]}: a value is longer than {limits.field:,} characters.")
        yield Block(cells, np.array(lines, dtype=np.int64))


def _ragged(ragged: list[int], rows: list[list[str]], lines: list[int], width: int) -> DataError:
    places = first_few([f"line {lines[at]} has {len(rows[at])}" for at in ragged])
    return DataError(
        f"The header names {width} columns, but {len(ragged)} row(s) have another number of values: "
        f"{places}. "
        "A value that holds the separator must stand in double quotes."
    )


def _row_groups(reader: Any, size: int) -> Iterator[tuple[list[list[str]], list[int]]]:
    rows: list[list[str]] = []
    lines: list[int] = []
    start = reader.line_num + 1
    while True:
        try:
            for row in reader:
                if row:  # a blank line is no row
                    rows.append(row)
                    lines.append(start)
                start = reader.line_num + 1
                if len(rows) == size:
                    break
            else:
                if rows:
                    yield rows, lines
                return
        except csv.Error as error:
            raise _unreadable(error, start) from None
        yield rows, lines
        rows, lines = [], []


def _unreadable(error: csv.Error, line: int) -> DataError:
    text = str(error)
    if "unexpected end of data" in text:
        return DataError(f"Line {line}: a double quote is opened and never closed.")
    if "new-line character" in text:
        return DataError(f"Line {line}: a bare carriage return. Save the file with ordinary line ends.")
    if "larger than field limit" in text:
        return DataError(f"Line {line}: a value is too long. Is a closing double quote missing?")
    return DataError(f"Line {line}: text follows a closing double quote. Double the quotes inside a value.")
