"""What a language model would be asked, word for word, without asking it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas

from interpretable import data, llm
from interpretable.collab.baseline import Questions, plan
from interpretable.errors import LLMError, UserError
from interpretable.llm.bounds import bounds_of
from interpretable.llm.egress import check_consent, open_purse
from interpretable.llm.purse import Purse
from interpretable.records.dataset import Dataset
from interpretable.records.exchange import Bound, LLMMode
from interpretable.records.task import Task
from interpretable.study import layout
from interpretable.study.opened import OpenStudy
from interpretable.study.sources import gather


@dataclass(frozen=True, eq=False, kw_only=True)
class Rehearsal:
    """The questions of a baseline, as they would be sent. It holds values of people: it is shown, not kept.

    shown : kind of question ("llm zero-shot", "llm few-shot") -> the first of them
    calls : kind -> how many there are
    columns : whose values are in them
    masked : kind of identifier -> pieces masked in all questions together
    bounds : what all cost at most, by the way the endpoint answers
    skipped : kind -> code of why it would not be asked
    """

    shown: dict[str, tuple[llm.Prompt, ...]]
    calls: dict[str, int]
    columns: tuple[str, ...]
    masked: dict[str, int]
    bounds: tuple[Bound, ...]
    currency: str
    skipped: dict[str, str]


def task_of(place: str | Path) -> Task:
    """The task of a study's folder, or of a task file."""
    path = Path(place)
    return OpenStudy(path).task if (path / layout.SEAL).is_file() else data.read_task(path)


def rehearse(
    place: str | Path | Task,
    mode: LLMMode = "endpoint",
    *,
    table: str | Path | pandas.DataFrame | None = None,
    rows: int = 40,
    show: int = 2,
    seed: int = 0,
) -> Rehearsal:
    """Every question that a baseline of `rows` test rows would ask. Nothing is sent or started.

    Parameters
    ----------
    place : a study's folder, a task file, or a task with its `table`
    mode : "endpoint" masks what would leave the machine; "local" does not
    show : questions of each kind that are shown

    Raises
    ------
    LLMError : the task does not allow an endpoint, or a language model is not asked for amounts
    UserError : rows or show below 1
    """
    if rows < 1 or show < 1:
        raise UserError(f"rows and show are 1 or more; got {rows} and {show}.")
    train, test = _parts(place, table, seed)
    task = train.task
    if task.kind == "regression":
        raise LLMError("The language-model baseline is not defined for regression.", code="not_defined")
    allowed, model, purse = None, llm.LOCAL.name, Purse()
    if mode == "endpoint":
        check_consent(task)
        assert task.llm is not None  # checked by consent
        allowed, model, purse = task.llm.columns, task.llm.model, open_purse(task.llm)
    asked = plan(
        train, test, allowed=allowed, brief=mode == "local", rows=rows, calibration_rows=rows, seed=seed
    )
    return _rehearsal(asked, model=model, purse=purse, show=show)


def _parts(
    place: str | Path | Task, table: str | Path | pandas.DataFrame | None, seed: int
) -> tuple[Dataset, Dataset]:
    if not isinstance(place, Task) and (Path(place) / layout.SEAL).is_file():
        study = OpenStudy(place)
        return study.part("train"), study.part("test")
    dataset, _ = gather(place, table)
    train, _, test = data.parts(dataset, data.split(dataset, seed=seed))
    return train, test


def _rehearsal(asked: Questions, *, model: str, purse: Purse, show: int) -> Rehearsal:
    task = asked.wording.task
    held = {name: asked.prompts(name, asked.held) for name in asked.modes}
    told = {name: asked.prompts(name, asked.rows) for name in asked.modes}
    every = [prompt for name in asked.modes for prompt in (*held[name], *told[name])]
    masked: Counter[str] = Counter()
    for prompt in every:
        masked.update(prompt.redactions)
    return Rehearsal(
        shown={name: tuple(found[:show]) for name, found in told.items()},
        calls={name: len(held[name]) + len(found) for name, found in told.items()},
        columns=tuple(dict.fromkeys(column for prompt in every for column in prompt.columns)),
        masked=dict(masked.most_common()),
        bounds=bounds_of(every, asked.wording.codes, model=model, purse=purse),
        currency=task.llm.currency if task.llm else "",
        skipped=asked.skipped,
    )
