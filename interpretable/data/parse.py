"""One rule for every cell: the same value gives the same text or number from CSV, Parquet and pandas.

Used in training and in scoring, so that a level seen by a model is the level seen by the scorer.
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from typing import Any

import numpy as np
import pandas as pd

from interpretable.records.task import Column

_HALF = re.compile("[\ud800-\udfff]")  # half of a pair of code units: no character, and no file can hold it
_INTEGRAL = re.compile(r"(-?(?:0|[1-9][0-9]*))\.0+", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
LARGEST = 1e38  # beyond it a number is infinite for models that compute in 32 bits
_TRICKY = re.compile("[_nN]")  # float() also takes 1_0, nan and inf
_BOOLEANS = {"true": "True", "TRUE": "True", "false": "False", "FALSE": "False"}  # what pandas reads as bool


def as_text(values: Any) -> np.ndarray:
    """Every cell as text, or None where it is missing.

    None, NaN, empty and blank are missing; booleans are "True" and "False"; whole numbers lose ".0" ("1.0"
    and 1.0 are "1"), but leading zeros stay ("007"); text is stripped and brought to Unicode form NFC.

    Parameters
    ----------
    values : list, numpy array, pandas Series or Index of any type, length n

    Returns
    -------
    numpy array of object, shape (n,): str or None

    Examples
    --------
    >>> as_text(["1.0", 2.0, True, " x ", "007", ""]).tolist()
    ['1', '2', 'True', 'x', '007', None]
    """
    series = _series(values)
    if isinstance(series.dtype, pd.CategoricalDtype):
        levels = np.append(as_text(series.cat.categories), [None])
        return levels[series.cat.codes.to_numpy()]
    if _kind(series) == "mixed":
        return _objects(_cell_text(cell) for cell in series.to_numpy(dtype=object, na_value=None))
    codes, unique = pd.factorize(series, use_na_sentinel=True)
    texts = _objects(_cell_text(cell) for cell in np.asarray(unique, dtype=object))
    return np.append(texts, [None])[codes]


def parse_column(values: Any, column: Column) -> tuple[np.ndarray, np.ndarray]:
    """A column as its task says, with the missing codes taken out.

    Parameters
    ----------
    values : raw cells of any type, length n
    column : what the task says of them

    Returns
    -------
    normalised : float64 (n,) with NaN where missing for numbers; object (n,) of str or None for all other
        kinds
    unreadable : bool (n,): cells of a number column that are text, or infinite; they are NaN in `normalised`

    Examples
    --------
    >>> values, bad = parse_column(["1", "-9.0", "x"], Column(name="a", kind="number", missing_codes=("-9",)))
    >>> values.tolist(), bad.tolist()
    ([1.0, nan, nan], [False, False, True])
    """
    if column.kind == "number":
        return _numbers(_series(values), as_text(list(column.missing_codes)))
    texts = as_text(values)
    if column.missing_codes:
        texts[pd.Series(texts, dtype=object).isin(as_text(list(column.missing_codes)))] = None
    return texts, np.zeros(len(texts), dtype=bool)


def _series(values: Any) -> pd.Series:
    if isinstance(values, pd.Series):
        return values
    if isinstance(values, pd.Index | pd.api.extensions.ExtensionArray):
        return pd.Series(values)
    return pd.Series(values, dtype=getattr(values, "dtype", object))


def _objects(cells: Any) -> np.ndarray:
    listed = list(cells)
    out = np.empty(len(listed), dtype=object)
    out[:] = listed
    return out


def _kind(series: pd.Series) -> str:
    """ "mixed" where equal-looking cells of different types (1, True, 1.0) must be told apart."""
    if series.dtype != object:
        return "one"
    found = pd.api.types.infer_dtype(series, skipna=True)
    return "one" if found in {"string", "integer", "floating", "boolean", "empty"} else "mixed"


def _cell_text(cell: Any) -> str | None:
    if isinstance(cell, str):
        return _clean(cell)
    if (
        cell is None
        or cell is pd.NaT
        or cell is pd.NA
        or (isinstance(cell, float | np.floating) and cell != cell)
    ):
        return None
    if isinstance(cell, datetime.datetime | np.datetime64):
        return pd.Timestamp(cell).isoformat().removesuffix("T00:00:00")
    return _clean(str(cell))


def _clean(text: str) -> str | None:
    text = text.strip()
    if not text.isascii():
        text = unicodedata.normalize("NFC", _HALF.sub("\ufffd", text)).strip()
    if not text:
        return None
    whole = _INTEGRAL.fullmatch(text)
    if whole:
        return "0" if whole[1] == "-0" else whole[1]
    return _BOOLEANS.get(text, text)


def _numbers(series: pd.Series, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        levels, bad = _numbers(pd.Series(series.cat.categories), codes)
        at = series.cat.codes.to_numpy()
        return np.append(levels, np.nan)[at], np.append(bad, False)[at]
    if pd.api.types.is_bool_dtype(dtype):
        return np.full(len(series), np.nan), series.notna().to_numpy(dtype=bool)
    if pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_complex_dtype(dtype):
        found = series.to_numpy(dtype=np.float64, na_value=np.nan).copy()
        bad = np.zeros(len(found), dtype=bool)
    else:
        found, bad = _numbers_from_cells(series, set(codes))
    infinite = np.abs(found) > LARGEST
    found[infinite | _coded(found, codes)] = np.nan
    return found, bad | infinite


def _coded(found: np.ndarray, codes: np.ndarray) -> np.ndarray:
    numeric = [float(code) for code in codes if code is not None and _NUMBER.fullmatch(code)]
    return np.isin(found, numeric) if numeric else np.zeros(len(found), dtype=bool)


def _numbers_from_cells(series: pd.Series, codes: set[str | None]) -> tuple[np.ndarray, np.ndarray]:
    cells = series.to_numpy(dtype=object, na_value=None).tolist()
    quick = _all_plain(cells)
    if quick is not None:
        return quick, np.zeros(len(quick), dtype=bool)
    odd: dict[Any, float | None] = {}
    found = np.array([_float(cell, codes, odd) for cell in cells], dtype=np.float64)
    bad = np.array([value is None for value in odd.values()], dtype=bool)
    if bad.any():
        unreadable = {key for key, value in odd.items() if value is None}
        return found, np.array([_key(cell) in unreadable for cell in cells], dtype=bool)
    return found, np.zeros(len(cells), dtype=bool)


def _key(cell: Any) -> Any:
    # True, 1 and 1.0 are equal as keys, but must not be taken for one another
    return cell if type(cell) is str else (type(cell), cell)


def _float(cell: Any, codes: set[str | None], odd: dict[Any, float | None]) -> float:
    """Most cells are plain numbers; the odd ones are looked at closely, each once."""
    key = _key(cell)
    if type(cell) is str and cell not in odd and cell.isascii() and not _TRICKY.search(cell):
        try:
            return float(cell)
        except ValueError:
            pass
    if key not in odd:
        odd[key] = _cell_number(cell, codes)
    value = odd[key]
    return math.nan if value is None else value


def _all_plain(cells: list[Any]) -> np.ndarray | None:
    """All cells at once, if each is an ASCII number or empty; else None, for the slow and exact way."""
    try:
        joined = "".join([cell for cell in cells if cell is not None])
        if not joined.isascii() or _TRICKY.search(joined):
            return None
        if "" in cells or None in cells:
            cells = [cell or "nan" for cell in cells]
        return np.fromiter(map(float, cells), dtype=np.float64, count=len(cells))
    except (TypeError, ValueError):
        return None


def _cell_number(cell: Any, codes: set[str | None]) -> float | None:
    """The number in a cell, NaN where missing, None where it cannot be read."""
    if isinstance(cell, bool | np.bool_):
        return None
    text = _cell_text(cell)
    if text is None or text in codes:
        return math.nan
    return float(text) if _NUMBER.fullmatch(text) else None
