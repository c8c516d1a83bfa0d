"""Rows that come in to be scored: read by the same rule as in training, every problem named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas

from interpretable import data
from interpretable.data.concepts import derive
from interpretable.data.read import derived_clash
from interpretable.errors import DataError
from interpretable.records.additive import Feature
from interpretable.records.task import Task
from interpretable.score.additive import Columns

SHOWN = 5


@dataclass(frozen=True, eq=False)
class Guarded:
    """Normalised columns, and per row what kept it from being read in full ("" where nothing did)."""

    row_ids: np.ndarray
    columns: Columns
    unreadable: np.ndarray  # str objects: names of the columns, "" where all could be read
    unknown: np.ndarray  # str objects: columns whose level is not known


def row_ids_of(frame: pandas.DataFrame, task: Task, first: int) -> np.ndarray:
    """The task's id column, or the row number as text."""
    if task.id and task.id in frame.columns:
        return data.as_text(frame[task.id])
    return np.array([str(i) for i in range(first, first + len(frame))], dtype=object)


def _mark(notes: np.ndarray, hit: np.ndarray, name: str) -> None:
    for i in np.flatnonzero(hit):
        notes[i] = f"{notes[i]}, {name}" if notes[i] else name


def _unknown_levels(feature: Feature, values: np.ndarray) -> np.ndarray:
    """Rows whose level the table this model was made from never had."""
    if not feature.levels or feature.kind in ("number", "text"):
        return np.zeros(len(values), dtype=bool)
    series = pandas.Series(values, dtype=object)
    return (~series.isin(feature.levels) & series.notna()).to_numpy()


def _row_list(ids: np.ndarray, hit: np.ndarray) -> str:
    shown = ", ".join(str(i) for i in ids[hit][:SHOWN])
    return shown + (f" and {hit.sum() - SHOWN} more" if hit.sum() > SHOWN else "")


def _level_problem(feature: Feature, values: np.ndarray, hit: np.ndarray, ids: np.ndarray) -> str:
    new = sorted(set(values[hit]))[:SHOWN]
    more = ", ..." if len(feature.levels) > 8 else ""
    return (
        f"Column {feature.name!r} has {hit.sum()} value(s) that the model has never seen "
        f"({', '.join(repr(v[:40]) for v in new)}) in rows {_row_list(ids, hit)}. "
        f"Known: {', '.join(repr(v) for v in feature.levels[:8])}{more}. "
        "Correct them, leave them empty, or score with keep_going (--keep-going) to have these rows marked."
    )


def _read(
    frame: pandas.DataFrame, task: Task, features: tuple[Feature, ...]
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Values, and which could not be read, by feature; answers to concepts come from the texts alone."""

    def text_of(name: str) -> np.ndarray:
        return read[name][0] if name in read else data.parse_column(frame[name], task.column(name))[0]

    raw = [task.column(f.name) for f in features]
    read = {c.name: data.parse_column(frame[c.name], c) for c in raw if not c.concept}
    for name, values in derive(task, text_of, [c.name for c in raw if c.concept]).items():
        given = name in frame.columns
        read[name] = (
            values,
            data.as_text(frame[name]) != values if given else np.zeros(len(frame), dtype=bool),
        )
    return read


def guard(
    frame: pandas.DataFrame, task: Task, features: tuple[Feature, ...], *, keep_going: bool, first: int = 1
) -> Guarded:
    """Normalise the columns a model needs; one DataError lists every problem unless `keep_going`.

    Missing columns are an error in any case: no row could be scored.
    """
    data.check_schema(frame.columns, task)
    ids = row_ids_of(frame, task, first)
    columns: dict[str, np.ndarray] = {}
    unreadable, unknown = (np.full(len(frame), "", dtype=object) for _ in range(2))
    problems: list[str] = []
    read = _read(frame, task, features)
    for feature in features:
        values, bad = read[feature.name]
        columns[feature.name] = values
        new = _unknown_levels(feature, values)
        _mark(unreadable, bad, feature.name)
        _mark(unknown, new, feature.name)
        if bad.any() and task.column(feature.name).concept:
            problems.append(derived_clash(feature.name, int(bad.sum()), f"rows {_row_list(ids, bad)}"))
        elif bad.any():
            problems.append(
                f"Column {feature.name!r} must hold numbers, but {bad.sum()} row(s) hold something else "
                f"or an infinity: rows {_row_list(ids, bad)}. Correct them or leave them empty."
            )
        if new.any():
            problems.append(_level_problem(feature, values, new, ids))
    if problems and not keep_going:
        raise DataError(problems)
    return Guarded(ids, columns, unreadable, unknown)
