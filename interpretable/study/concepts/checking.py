"""What the concepts of a task find in its table, and how far that agrees with hand labels."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import pandas

from interpretable import data as room
from interpretable.errors import TaskError
from interpretable.evaluate.concepts import assess
from interpretable.records.concept import ConceptsEvidence
from interpretable.records.dataset import Dataset
from interpretable.records.task import Task
from interpretable.study.sources import gather

Source: TypeAlias = str | Path | Task
Rows: TypeAlias = "str | Path | pandas.DataFrame | None"


def rows_of(task: Source, data: Rows) -> Dataset:
    """All rows of the task's table; TaskError where it has no concepts."""
    dataset, _ = gather(task, data)
    if not dataset.task.concepts:
        raise TaskError(
            'The task has no concepts. Add concepts = "concepts.toml" to the task file, or draft some with '
            "interpretable concepts propose."
        )
    return dataset


def training_part(dataset: Dataset, *, seed: int) -> Dataset:
    """The rows a study with this seed trains on."""
    return room.parts(dataset, room.split(dataset, seed=seed))[0]


def check(task: Source, *, data: Rows = None, seed: int = 0) -> ConceptsEvidence:
    """Counts, overlaps and agreement with hand labels, over all rows of the task's table.

    Parameters
    ----------
    task : path of a task file, or a Task
    data : a table or its path; by default the one the task names
    seed : of the study: a learned head is measured outside its training part only

    Raises
    ------
    TaskError, DataError : as `train`; also where the task has no concepts
    """
    dataset = rows_of(task, data)
    return assess(dataset, training_part(dataset, seed=seed).row_ids)
