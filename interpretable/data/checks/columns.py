"""Columns that cannot help, or need a thought before they are used."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from interpretable.data.checks.base import CHECKS
from interpretable.data.names import id_word, sensitive_word
from interpretable.data.rows import is_missing
from interpretable.data.shapes import id_reason
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding, Severity
from interpretable.records.task import Column

MANY_LEVELS = 50


@CHECKS.add("columns")
def check_columns(dataset: Dataset) -> Iterator[Finding]:
    """Empty, constant, id-like, too finely divided, sensitive and excluded columns."""
    for column in dataset.task.columns:
        if column.concept and column.exclude:
            continue  # a concept that waits for approval has a finding of its own
        if column.exclude:
            yield _finding("excluded_column", "note", column, reason=column.exclude_reason or "–")
            continue
        values = dataset.frame[column.name].to_numpy()
        yield from _amount(column, values)
        yield from _sensitive(column)


def _amount(column: Column, values: np.ndarray) -> Iterator[Finding]:
    missing = int(is_missing(values).sum())
    rows = len(values)
    if missing == rows:
        yield _finding("all_missing", "look", column, rows=rows)
        return
    levels = pd.unique(values[~is_missing(values)])
    if len(levels) == 1 and not missing:
        shown = "" if column.kind == "text" else str(levels[0]).removesuffix(".0")[:60]
        yield _finding("constant", "note", column, value=shown, rows=rows)
        return
    if 2 * missing >= rows:
        yield _finding("mostly_missing", "note", column, missing=missing, rows=rows, rate=missing / rows)
    reason = id_reason(column.name, values, column.kind)
    if reason:
        yield _finding("id_like", "look", column, distinct=len(levels), rows=rows, reason=reason)
    elif column.kind in ("category", "boolean") and len(levels) > MANY_LEVELS:
        per_level = (rows - missing) / len(levels)
        yield _finding(
            "high_cardinality", "look", column, levels=len(levels), rows=rows, rows_per_level=per_level
        )


def _sensitive(column: Column) -> Iterator[Finding]:
    word = sensitive_word(column.name)
    if column.sensitive:
        yield _finding("sensitive_used", "look", column, label=column.label or column.name)
    elif word and not id_word(column.name):
        yield _finding("sensitive_undeclared", "note", column, word=word)


def _finding(code: str, severity: Severity, column: Column, **parameters: object) -> Finding:
    return Finding(code=code, severity=severity, subject=column.name, parameters=parameters)
