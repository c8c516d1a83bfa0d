"""Whether labels by machine help: beside real rows, as chances of the training rows, and alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from interpretable.collab.gate import INNER, run_gate
from interpretable.collab.refit import PLAIN, family_of
from interpretable.collab.softened import ABLE, judge_soft
from interpretable.collab.taught import SelfTaught, Taught, fitting
from interpretable.collab.teacher import SILENT, Labels, Teacher
from interpretable.collab.verdict import enough_rows
from interpretable.collab.weak import weak_student
from interpretable.errors import UserError
from interpretable.models.base import families, takes_weights
from interpretable.records.dataset import Dataset
from interpretable.records.gate import GateFinding
from interpretable.records.labelled import WeakStudent

if TYPE_CHECKING:
    from interpretable.study.opened import OpenStudy

MOST_POOL = 1000  # labelled rows of the trial beside real ones


@dataclass(frozen=True, eq=False, kw_only=True)
class Trial:
    """What is tried with what."""

    study: OpenStudy
    pool: Dataset
    rows: Dataset  # real training rows that judge
    train: Dataset
    gold: Dataset
    teacher: Teacher
    labels: Labels
    said: Labels  # of the gold rows
    scores: np.ndarray | None
    share: float
    family: str
    folds: int
    repeats: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class Tried:
    """The findings, and codes of what was not tried."""

    gate: GateFinding | None = None
    soft: GateFinding | None = None
    weak: WeakStudent | None = None
    not_tried: dict[str, str] = field(default_factory=dict)


def hold_trial(trial: Trial, *, progress: Callable[[str], None]) -> Tried:
    """Every part that the rows allow."""
    found: dict[str, GateFinding | WeakStudent] = {}
    lacking: dict[str, str] = {}
    weighing = weighing_family(trial.study, trial.family)
    for name, outcome in (
        ("gate", _gate(trial, weighing, progress)),
        ("soft", _soft(trial, weighing, progress)),
        ("weak", _weak(trial, progress)),
    ):
        if isinstance(outcome, str):
            lacking |= {name: outcome} if outcome else {}
        else:
            found[name] = outcome
    return Tried(**found, not_tried=lacking)  # type: ignore[arg-type]  # each under its own name


def weighing_family(study: OpenStudy, wanted: str) -> str:
    """The family that learns from weighted rows: that in use if it can, else a plain one of its shape.

    Raises
    ------
    UserError : a family was wanted that cannot
    """
    task = study.task
    own = wanted or family_of(study.model.index.selected, task)
    able = [key for key in PLAIN if takes_weights(key) and families[key].can_fit(task)]
    if own in able:
        return own
    if wanted:
        raise UserError(
            f"The family {own!r} cannot learn from weighted rows here. Able to: {', '.join(able)}."
        )
    texts = len(task.text_columns)
    return "linear" if not texts else "text" if texts == len(task.features) else "xgboost"


def _gate(trial: Trial, family: str, progress: Callable[[str], None]) -> GateFinding | str:
    if not len(trial.rows):
        return ""
    if not enough_rows(trial.rows):
        return "too_few_rows"
    kept = np.unique(trial.labels.said[trial.labels.said != SILENT])
    if len(kept) < len(trial.rows.classes):
        return "one_label"
    taught = Taught(
        teacher=trial.teacher, pool=trial.pool, fitting=fitting(trial.pool, trial.rows), share=trial.share
    )
    inside = len(trial.rows) * (trial.folds - 1) / trial.folds
    return run_gate(
        trial.rows, taught, family=family, size=INNER * MOST_POOL / inside, folds=trial.folds,
        repeats=trial.repeats, seed=trial.seed, progress=progress, reasons=(),
        control=SelfTaught(taught=taught, family=family, everything=trial.rows),
    )  # fmt: skip


def _soft(trial: Trial, family: str, progress: Callable[[str], None]) -> GateFinding | str:
    if trial.scores is None:
        return ""
    if family not in ABLE:
        return "no_family"
    if not enough_rows(trial.rows):
        return "too_few_rows"
    return judge_soft(
        trial.rows, trial.scores, name=trial.teacher.name, family=family, folds=trial.folds,
        repeats=trial.repeats, seed=trial.seed, progress=progress,
    )  # fmt: skip


def _weak(trial: Trial, progress: Callable[[str], None]) -> WeakStudent | str:
    if not len(trial.gold):
        return ""
    progress("a student of the machine's labels alone")
    family = trial.family or family_of(trial.study.model.index.selected, trial.study.task)
    return weak_student(
        trial.pool, trial.labels, trial.gold, trial.said, family=family, share=trial.share,
        train=trial.train, seed=trial.seed,
    )  # fmt: skip
