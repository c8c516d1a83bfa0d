"""A task and its rows, from files or from memory."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pandas

from interpretable import data as room
from interpretable.data.conceptlabels import read_labels
from interpretable.data.concepts import with_concepts
from interpretable.data.places import key_lines
from interpretable.data.priorfile import read_prior
from interpretable.data.taskfile import parse_task
from interpretable.data.tasktext import concept_lines
from interpretable.errors import TaskError
from interpretable.records.dataset import Dataset
from interpretable.records.prior import Prior
from interpretable.records.task import Task


def data_path(task: Task, beside: Path | None) -> Path:
    """The table the task names, relative to the task file."""
    if not task.data:
        raise TaskError('The task names no data. Add data = "FILE.csv" to task.toml, or pass data=.')
    return (beside or Path()) / task.data


def read_outsiders(task: str | Path | Task, found: Task) -> Dataset | None:
    """Rows that do not belong, from the file that the task names; None where it names none."""
    if not found.plan.out_of_scope_data:
        return None
    beside = Path() if isinstance(task, Task) else Path(task).parent
    return room.read(found, beside / found.plan.out_of_scope_data, require_target=False)


def gather(
    task: str | Path | Task, table: str | Path | pandas.DataFrame | None, *, lenient: bool = False
) -> tuple[Dataset, str]:
    """The dataset, and the task as text for the study's folder. `lenient` keeps rows without a target."""
    if isinstance(task, Task):
        found, text, beside = with_concepts(task), room.task_text(task), None
        parse_task(text)  # a Task made by hand keeps the rules of a file
    else:
        path = Path(task)
        found, beside = room.read_task(path), path.parent
        text = self_contained(path.read_text(encoding="utf-8-sig"), found)
    if isinstance(table, pandas.DataFrame):
        dataset = room.from_frame(table, found, lenient_target=lenient)
    else:
        source = data_path(found, beside) if table is None else Path(table)
        dataset = room.read(found, source, lenient_target=lenient)
    if found.concept_labels:
        labels = read_labels((beside or Path()) / found.concept_labels, dataset)
        dataset = replace(dataset, concept_labels=labels)
    return dataset, text


def read_prior_of(prior: str | Path | Prior | None, dataset: Dataset) -> Prior | None:
    """The prior, from its file where it is a path; TaskError lists every problem of the file."""
    if prior is None or isinstance(prior, Prior):
        return prior
    levels = {
        column.name: tuple({v for v in dataset.frame[column.name] if isinstance(v, str)})
        for column in dataset.task.features
        if column.kind not in ("number", "text")
    }
    return read_prior(prior, dataset.task, dataset.classes, levels=levels)


def self_contained(text: str, task: Task) -> str:
    """The task file with its concepts in it, where it named a file of them: a study stands on its own."""
    if not isinstance(tomllib.loads(text).get("concepts"), str):
        return text
    lines = text.replace("\r\n", "\n").split("\n")
    labels = json.dumps(task.concept_labels, ensure_ascii=False)
    at = key_lines("\n".join(lines)).get(("concepts",), 0) - 1
    if at >= 0:
        lines[at] = (
            f"concept_labels = {labels}" if task.concept_labels else "# concepts: at the end of this file"
        )
    whole = "\n".join([*lines, *("\n".join(["", *concept_lines(c)]) for c in task.concepts), ""])
    try:
        return whole if parse_task(whole) == task else room.task_text(task)
    except TaskError:  # the name of the file went over several lines, or such
        return room.task_text(task)
