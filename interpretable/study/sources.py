"""A task and its rows, from files or from memory."""

from __future__ import annotations

from pathlib import Path

import pandas

from interpretable import data as room
from interpretable.data.taskfile import parse_task
from interpretable.errors import TaskError
from interpretable.records.dataset import Dataset
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
        found, text, beside = task, room.task_text(task), None
        parse_task(text)  # a Task made by hand keeps the rules of a file
    else:
        path = Path(task)
        found, beside = room.read_task(path), path.parent
        text = path.read_text(encoding="utf-8")
    if isinstance(table, pandas.DataFrame):
        return room.from_frame(table, found, lenient_target=lenient), text
    source = data_path(found, beside) if table is None else Path(table)
    return room.read(found, source, lenient_target=lenient), text
