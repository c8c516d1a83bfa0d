"""The target: what is predicted, coded once, at the door."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from interpretable.data.listing import first_few
from interpretable.data.parse import as_text, parse_column
from interpretable.data.table import Table
from interpretable.records.task import Column, Task

MOST_CLASSES = 200


@dataclass(frozen=True, eq=False)
class Target:
    """Coded values (missing: -1, or NaN for regression), the classes, and which rows to keep (None: all)."""

    values: np.ndarray | None
    classes: tuple[str, ...] = ()
    keep: np.ndarray | None = None


NO_TARGET = Target(None)


def read_target(table: Table, task: Task, problems: list[str], *, lenient: bool) -> Target:
    """Code the target as the task says; what does not fit is added to `problems`."""
    raw = table.column(task.target)
    classes: tuple[str, ...] = ()
    if task.kind == "regression":
        values, unreadable = parse_column(raw, Column(name=task.target, kind="number"))
        if unreadable.any():
            problems.append(
                f"Target {task.target!r} is a number here, but {unreadable.sum():,} of "
                f"{table.rows:,} values are not "
                f"finite numbers ({table.where(unreadable)})."
            )
        missing = np.isnan(values) & ~unreadable
    else:
        texts = as_text(raw)
        missing = pd.isna(texts)
        classes = _classes(task, texts[~missing], problems, lenient=lenient)
        values = _codes(texts, classes)
    return _without_missing(table, task, problems, Target(values, classes), missing=missing, lenient=lenient)


def level_counts(texts: np.ndarray) -> dict[str, int]:
    """How often each value occurs, most frequent first."""
    return {str(level): int(n) for level, n in pd.Series(texts, dtype=object).value_counts().items()}


def in_order(levels: list[str]) -> tuple[str, ...]:
    """Numbers by size where all are numbers, else by the alphabet."""
    try:
        return tuple(sorted(levels, key=lambda level: (float(level), level)))
    except ValueError:
        return tuple(sorted(levels))


def _classes(task: Task, texts: np.ndarray, problems: list[str], *, lenient: bool) -> tuple[str, ...]:
    counts = level_counts(texts)
    if task.kind == "binary":
        return _two_classes(task, counts, problems, lenient=lenient)
    if len(counts) > MOST_CLASSES:
        problems.append(
            f"Target {task.target!r} has {len(counts):,} classes; at most {MOST_CLASSES} are handled."
        )
        return ()
    if len(counts) < 2 and not lenient:
        problems.append(_one_value(task, counts))
    return in_order(list(counts))


def _one_value(task: Task, counts: dict[str, int]) -> str:
    return f"Target {task.target!r} has {len(counts)} distinct value(s); at least 2 are needed."


def _listed(counts: dict[str, int]) -> str:
    return first_few([f"{level[:60]!r} ({n:,} rows)" for level, n in counts.items()], show=12)


def _two_classes(
    task: Task, counts: dict[str, int], problems: list[str], *, lenient: bool
) -> tuple[str, ...]:
    positive = as_text([task.positive])[0] or ""
    others = [level for level in counts if level != positive]
    if len(counts) > 2:
        problems.append(
            f"Target {task.target!r} has {len(counts):,} distinct values, a binary task needs 2: "
            f"{_listed(counts)}. "
            'Set kind = "multiclass" or "regression", or correct the values.'
        )
    elif counts and positive not in counts and not (lenient and len(counts) == 1):
        problems.append(
            f"The positive label {task.positive!r} does not occur in target {task.target!r}, which holds: "
            f"{_listed(counts)}."
        )
    elif len(counts) < 2 and not lenient:
        problems.append(_one_value(task, counts))
    return (others[0] if others else "", positive)


def _codes(texts: np.ndarray, classes: tuple[str, ...]) -> np.ndarray:
    index = {level: at for at, level in enumerate(classes)}
    return np.array([index.get(text, -1) for text in texts], dtype=np.int64)


def _without_missing(
    table: Table, task: Task, problems: list[str], target: Target, *, missing: np.ndarray, lenient: bool
) -> Target:
    if not missing.any():
        return target
    if task.missing_target == "drop":
        if missing.all():
            problems.append(f"Target {task.target!r} has no value in any row.")
        return Target(target.values, target.classes, ~missing)
    if not lenient:
        problems.append(
            f"Column {task.target!r} is the target, but {missing.sum():,} of {table.rows:,} rows "
            f"have no value there "
            f'({table.where(missing)}). Remove these rows, or set missing_target = "drop" in the task.'
        )
    return target
