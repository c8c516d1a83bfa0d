"""A first guess at what a table holds: roles and kinds of its columns, for a person to correct."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from interpretable.data.names import words_of
from interpretable.data.parse import as_text, parse_column
from interpretable.data.rows import is_missing
from interpretable.data.sentinels import WORDS, number_codes
from interpretable.data.target import level_counts
from interpretable.records.task import Column, ColumnKind

_BOOLEAN_PAIRS = (
    {"0", "1"},
    {"True", "False"},
    {"yes", "no"},
    {"y", "n"},
    {"t", "f"},
    {"true", "false"},
    {"是", "否"},
)
_NOMINAL = frozenset(
    [
        "zip",
        "zipcode",
        "postcode",
        "postal",
        "code",
        "codes",
        "type",
        "category",
        "region",
        "district",
        "icd",
        "occupation",
    ]
)
LEADING_ZERO = re.compile(r"-?0[0-9]+", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?([T ].*)?|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}", re.ASCII)
_DECIMAL_COMMA = re.compile(r"-?[0-9]{1,9}(,[0-9]+)?", re.ASCII)
_COMMA_REMARK = (
    "These look like numbers with a decimal comma: save the table with decimal points to use them as such."
)


@dataclass(frozen=True)
class Guess:
    """A column as guessed, and why: one remark per line."""

    column: Column
    remarks: tuple[str, ...] = ()
    date: bool = False


def guess_column(name: str, raw: object) -> Guess:
    """Kind and missing codes of one describing column."""
    values = _plain_numbers(name, raw)
    if values is not None:
        return _number(name, values, (), "")
    texts = as_text(raw)
    present = texts[~pd.isna(texts)]
    counts = level_counts(present)
    words = tuple(level for level in counts if level in WORDS)
    levels = [level for level in counts if level not in WORDS]
    remark = f"Words that stand for a missing value: {', '.join(words)}" if words else ""
    if not levels:
        return Guess(Column(name=name, kind="category", missing_codes=words), (remark,) if remark else ())
    kind = _kind(name, levels, [counts[level] for level in levels])
    if kind == "number":
        values, _ = parse_column(texts, Column(name=name, kind="number", missing_codes=words))
        return _number(name, values, words, remark)
    date = kind != "boolean" and all(_DATE.fullmatch(level) for level in levels[:200])
    column = Column(name=name, kind="category" if date else kind, missing_codes=words)
    comma = _COMMA_REMARK if kind == "category" and all(map(_DECIMAL_COMMA.fullmatch, levels)) else ""
    return Guess(column, tuple(filter(None, (remark, comma))), date)


def _kind(name: str, levels: Sequence[str], counts: Sequence[int]) -> ColumnKind:
    if {level.casefold() for level in levels} in _BOOLEAN_PAIRS or set(levels) in _BOOLEAN_PAIRS:
        return "boolean"
    if _all_numbers(levels):
        nominal = bool(_NOMINAL & set(words_of(name))) and all("." not in level for level in levels)
        return "category" if nominal and len(levels) <= 100 else "number"
    return "text" if _prose(levels, counts) else "category"


def _all_numbers(levels: Sequence[str]) -> bool:
    if any(LEADING_ZERO.fullmatch(level) for level in levels):
        return False
    _, unreadable = parse_column(list(levels), Column(name="", kind="number"))
    return not unreadable.any()


def _prose(levels: Sequence[str], counts: Sequence[int]) -> bool:
    """Several words per value, and hardly a value twice."""
    sample = levels[:2000]
    words = float(np.mean([len(level.split()) for level in sample]))
    chinese = float(np.mean([sum("\u4e00" <= sign <= "\u9fff" for sign in level) for level in sample]))
    varied = len(levels) > 0.3 * sum(counts) and len(levels) >= 10
    return varied and (words >= 4 or chinese >= 8)


def _plain_numbers(name: str, raw: Any) -> np.ndarray | None:
    """The values of a column that is clearly a number; None where a closer look is needed."""
    values, unreadable = parse_column(raw, Column(name=name, kind="number"))
    if unreadable.any() or _NOMINAL & set(words_of(name)) or len(np.unique(values[:2000])) < 100:
        return None
    zeros = any(
        type(cell) is str and cell.startswith(("0", "-0")) and LEADING_ZERO.match(cell) for cell in raw
    )
    return None if zeros else values


def _number(name: str, values: np.ndarray, words: tuple[str, ...], remark: str) -> Guess:
    remarks = [remark] if remark else []
    suspects = number_codes(values[~is_missing(values)])
    for suspect in suspects:
        remarks.append(
            f"{suspect.code} stands apart in {suspect.count:,} row(s) from all others "
            f"({suspect.low} to {suspect.high}): "
            "taken as missing. Remove it from missing_codes if it is real."
        )
    codes = (*words, *(suspect.code for suspect in suspects))
    return Guess(Column(name=name, kind="number", missing_codes=codes), tuple(remarks))
