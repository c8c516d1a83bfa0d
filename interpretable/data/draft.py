"""Draft a task file from a table: every guess comes with its reason, so that a person can overrule it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from interpretable.data.checks.groups import looks_like_groups
from interpretable.data.checks.leakage import check_leakage
from interpretable.data.checks.texts import check_texts
from interpretable.data.infer import Guess, guess_column
from interpretable.data.infer_target import TargetGuess, guess_target
from interpretable.data.limits import FILE, Limits
from interpretable.data.listing import first_few, nearest
from interpretable.data.names import id_word, person_key, sensitive_word
from interpretable.data.parse import as_text
from interpretable.data.read import from_table
from interpretable.data.rows import is_missing
from interpretable.data.shapes import id_reason
from interpretable.data.table import Table, file_name, read_table
from interpretable.data.tasktext import task_text
from interpretable.errors import DataError
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding
from interpretable.records.task import Column, Task

_MOST_LEVELS = 1000
_FEWEST_ROWS_PER_LEVEL = 3.0
_ON_TOP = (
    "Drafted from the table alone. Read every line, correct what is wrong, and fill in the empty texts:\n"
    "whoever audits this model later reads this file first."
)
_PROMPTS = {
    "title": "A short title for people.",
    "intended_use": "What the estimate is for, in one or two sentences.",
    "decision": "Which decision about a person it supports, and who takes it.",
    "horizon": "When the outcome is known, seen from the moment of the estimate.",
    "users": "Who works with it.",
    "out_of_scope": "For whom or what it must not be used.",
    "outcome": 'A verb phrase after "would", for example "have heart disease".',
    "outcome_zh": "The same in Chinese, or empty.",
}


def draft(
    path: str | Path | IO[bytes],
    *,
    target: str,
    positive: str = "",
    name: str = "",
    data: str = "",
    limits: Limits = FILE,
) -> str:
    """The TOML text of a task for this table, ready to be trained and to be corrected.

    Parameters
    ----------
    path : CSV or Parquet
    target : column that is to be predicted
    positive : for two classes, the label that is predicted; empty means: guess
    name : of the task; empty means: from the file's name
    data : what to write as the path of the table, relative to the task file; empty means: the file's name

    Raises
    ------
    DataError
        If the table cannot be read, or the target is absent, empty or of no usable kind.
    """
    table = read_table(path, limits=limits)
    target = target.strip()  # as the names of a table are read
    if target not in table.names:
        raise DataError(
            f"There is no column {target!r} in the table.{nearest(target, table.names)} "
            f"Columns: {first_few([repr(n) for n in table.names], show=12)}."
        )
    guessed = guess_target(target, table.column(target), positive)
    comments: dict[tuple[str, ...], str] = {(): _ON_TOP}
    comments |= {(key,): f"{key}: {text}" for key, text in _PROMPTS.items()}
    comments |= {(key,): text for key, text in guessed.remarks.items()}
    stem = Path(file_name(path)).stem
    task = Task(
        name=name or _slug(stem) or "task",
        kind=guessed.kind,
        target=target,
        positive=guessed.positive,
        data=data or file_name(path),
        missing_target="drop" if guessed.missing else "refuse",
        columns=(),
    )
    task = _with_columns(task, table, guessed, comments)
    return task_text(task, comments)


def _slug(text: str) -> str:
    return re.sub(r"[^\w]+", "_", text).strip("_").lower()


def _with_columns(task: Task, table: Table, target: TargetGuess, comments: dict) -> Task:
    if target.missing:
        comments[("missing_target",)] = f"{target.missing:,} rows have no target and are left out."
    guesses = [guess_column(name, table.column(name)) for name in table.names if name != task.target]
    task = replace(task, columns=tuple(guess.column for guess in guesses))
    if not guesses:
        raise DataError("The table has no column besides the target.")
    dataset = from_table(table, task, require_target=True, lenient_target=True)
    task = _with_roles(task, table, dataset, comments)
    reasons = _leaks(dataset) | _useless(dataset, guesses)
    columns = []
    for guess in guesses:
        if guess.column.name not in (task.id, task.group):
            columns.append(_finish(guess, reasons.get(guess.column.name, ""), comments))
    return _never_empty(replace(task, columns=tuple(columns)))


def _with_roles(task: Task, table: Table, dataset: Dataset, comments: dict) -> Task:
    """The id: a unique column whose name says so. The group: a person's key with several rows."""
    for column in task.columns:
        key, person = id_word(column.name), person_key(column.name)
        if column.kind == "text" or not (key or person):
            continue
        present = pd.Series(as_text(table.column(column.name)), dtype=object).dropna()
        if not task.id and len(present) == table.rows and present.is_unique:
            task = replace(task, id=column.name)
            comments[("id",)] = "Unique, and its name says that it is a key: names the rows, never a feature."
        elif not task.group and person and looks_like_groups(present.value_counts()):
            task = replace(task, group=column.name)
            comments[("group",)] = "The key of a person with several rows: all of them stay in one part."
    return task


def _leaks(dataset: Dataset) -> dict[str, str]:
    found = [*check_leakage(dataset), *check_texts(dataset)]
    return {finding.subject: _leak_reason(finding) for finding in found if finding.severity == "must_fix"}


def _leak_reason(finding: Finding) -> str:
    if finding.code == "target_partitioned":
        return f"Leak: its {finding.parameters['levels']} levels are bands of the target."
    if finding.code == "text_contains_label":
        return "Leak: the text spells out the outcome."
    if finding.parameters["missing_only"]:
        return "Leak: whether it is filled in tells the target almost perfectly."
    measure = {"auroc": "AUROC", "rank_correlation": "rank correlation"}[finding.parameters["measure"]]
    return f"Leak: it alone tells the target almost perfectly ({measure} {finding.parameters['value']:.3f})."


def _useless(dataset: Dataset, guesses: Iterable[Guess]) -> dict[str, str]:
    reasons = {}
    for guess in guesses:
        reason = _useless_reason(guess, dataset.frame[guess.column.name].to_numpy())
        if reason:
            reasons[guess.column.name] = reason
    return reasons


def _useless_reason(guess: Guess, values: np.ndarray) -> str:
    column = guess.column
    present = values[~is_missing(values)]
    levels = len(pd.unique(present))
    if not len(present):
        return "Empty: no row has a value."
    if levels == 1 and len(present) == len(values):
        return "Constant: the same value in every row."
    if guess.date and levels > 20:
        return 'A date. It can order the rows: time = "..." makes the newest rows the test part.'
    why = id_reason(column.name, values, column.kind)
    if why:
        text = {
            "row_number": "it counts the rows",
            "name": "its name says so",
            "unique": "no value occurs twice",
        }
        return f"Identifier: {text[why]}."
    too_many = levels > _MOST_LEVELS or len(present) / levels < _FEWEST_ROWS_PER_LEVEL
    if column.kind == "category" and levels > 20 and too_many:
        return f"Too finely divided: {levels:,} levels in {len(present):,} rows."
    return ""


def _finish(guess: Guess, reason: str, comments: dict) -> Column:
    column, path = guess.column, ("columns", guess.column.name)
    remarks = list(guess.remarks)
    word = sensitive_word(column.name)
    if word:
        remarks.append(
            f'sensitive, because of "{word}" in its name: results are also reported by its groups.'
        )
    if remarks:
        comments[path] = "\n".join(remarks)
    if column.kind == "text":
        word = ""
    return replace(column, sensitive=bool(word), exclude=bool(reason), exclude_reason=reason)


def _never_empty(task: Task) -> Task:
    if task.features:
        return task
    reasons = [f"{c.name!r}: {c.exclude_reason}" for c in task.columns] or [
        "every other column is an id or group"
    ]
    raise DataError(["No column is left to learn from.", *reasons[:20]])
