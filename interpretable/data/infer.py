"""A first guess at what a table holds: roles and kinds of its columns, for a person to correct."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from interpretable.data.listing import first_few, nearest
from interpretable.data.names import words_of
from interpretable.data.parse import as_text, parse_column
from interpretable.data.rows import is_missing
from interpretable.data.sentinels import WORDS, number_codes
from interpretable.data.target import MOST_CLASSES, in_order, level_counts
from interpretable.errors import DataError
from interpretable.records.task import Column, ColumnKind, TaskKind

MOST_NUMERIC_CLASSES = 20  # a numeric target with more distinct values is taken as a quantity
_POSITIVES = (
    *("1", "yes", "y", "true", "t", "positive", "pos", "bad", "spam", "died", "dead", "death", "deceased"),
    *(
        "default",
        "fraud",
        "case",
        "event",
        "churn",
        "disease",
        "malignant",
        "abnormal",
        "sick",
        "failed",
        "fail",
        "high",
    ),
    *("rejected", "denied", "是", "阳性"),
)
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
_LEADING_ZERO = re.compile(r"-?0[0-9]+", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?([T ].*)?|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}", re.ASCII)


@dataclass(frozen=True)
class Guess:
    """A column as guessed, and why: one remark per line."""

    column: Column
    remarks: tuple[str, ...] = ()
    date: bool = False


@dataclass(frozen=True)
class TargetGuess:
    """The kind of task, the positive label, and remarks by key."""

    kind: TaskKind
    positive: str = ""
    missing: int = 0
    remarks: dict[str, str] = field(default_factory=dict)


def guess_target(name: str, raw: object, positive: str) -> TargetGuess:
    """Binary with two values, regression with many numbers, else multiclass."""
    texts = as_text(raw)
    missing = int(pd.isna(texts).sum())
    counts = level_counts(texts[~pd.isna(texts)])
    if not counts:
        raise DataError(f"Target {name!r} has no value in any row.")
    if positive:
        return _declared(name, counts, positive, missing)
    if len(counts) == 2:
        label, remark = _guess_positive(counts)
        return TargetGuess("binary", label, missing, {"positive": remark})
    if _is_quantity(texts, counts):
        remark = f"{len(counts):,} distinct numbers: taken as a quantity."
        return TargetGuess("regression", "", missing, {"kind": remark})
    if len(counts) > min(MOST_CLASSES, len(texts) / 2):
        raise DataError(
            f"Target {name!r} has {len(counts):,} distinct values in {len(texts):,} rows and they "
            f"are not all numbers: "
            "neither classes nor a quantity."
        )
    return TargetGuess("multiclass", "", missing, {"kind": f"{len(counts)} classes: {_listed(counts)}"})


def _declared(name: str, counts: dict[str, int], positive: str, missing: int) -> TargetGuess:
    label = as_text([positive])[0] or ""
    if label not in counts:
        raise DataError(
            f"The positive label {positive!r} does not occur in target {name!r}, which holds: "
            f"{_listed(counts)}." + nearest(positive, list(counts)[:1000])
        )
    if len(counts) != 2:
        raise DataError(
            f"A positive label needs a target with 2 distinct values; {name!r} has {len(counts):,}: "
            f"{_listed(counts)}."
        )
    return TargetGuess("binary", label, missing)


def _listed(counts: dict[str, int]) -> str:
    return first_few([f"{level[:40]!r} ({n:,} rows)" for level, n in counts.items()], show=8)


def _guess_positive(counts: dict[str, int]) -> tuple[str, str]:
    first, second = counts
    by_word = [level for level in (first, second) if level.casefold() in _POSITIVES]
    if len(by_word) == 1:
        return by_word[
            0
        ], f"The label that is predicted: guessed from its name. Check it. Values: {_listed(counts)}"
    numbers = in_order([first, second])
    if all(level.lstrip("-").isdecimal() for level in numbers):
        return numbers[
            1
        ], f"The label that is predicted: guessed, the larger number. Check it. Values: {_listed(counts)}"
    return second, f"The label that is predicted: guessed, the rarer one. Check it. Values: {_listed(counts)}"


def _is_quantity(texts: np.ndarray, counts: dict[str, int]) -> bool:
    values, unreadable = parse_column(list(counts), Column(name="", kind="number"))
    if unreadable.any() or any(_LEADING_ZERO.fullmatch(level) for level in counts):
        return False
    fractions = bool((values != np.floor(values)).any())
    return len(counts) > MOST_NUMERIC_CLASSES or (fractions and len(counts) > 5)


def guess_column(name: str, raw: object) -> Guess:
    """Kind and missing codes of one describing column."""
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
        return _number(name, texts, words, remark)
    date = kind != "boolean" and all(_DATE.fullmatch(level) for level in levels[:200])
    column = Column(name=name, kind="category" if date else kind, missing_codes=words)
    return Guess(column, (remark,) if remark else (), date)


def _kind(name: str, levels: Sequence[str], counts: Sequence[int]) -> ColumnKind:
    if {level.casefold() for level in levels} in _BOOLEAN_PAIRS or set(levels) in _BOOLEAN_PAIRS:
        return "boolean"
    if _all_numbers(levels):
        nominal = bool(_NOMINAL & set(words_of(name))) and all("." not in level for level in levels)
        return "category" if nominal and len(levels) <= 100 else "number"
    return "text" if _prose(levels, counts) else "category"


def _all_numbers(levels: Sequence[str]) -> bool:
    if any(_LEADING_ZERO.fullmatch(level) for level in levels):
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


def _number(name: str, texts: np.ndarray, words: tuple[str, ...], remark: str) -> Guess:
    values, _ = parse_column(texts, Column(name=name, kind="number", missing_codes=words))
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
