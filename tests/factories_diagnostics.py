"""Rows with predictions of known quality: a test says where they are wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas

from interpretable import data
from interpretable.evaluate.judged import Judged
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column, Level, Task
from interpretable.stats.metrics import expit
from interpretable.study.material import Material
from interpretable.study.options import Options, silent
from interpretable.study.training import Run

NAMES = ("age", "dose", "sex", "ward")


def make_task(**changes: Any) -> Task:
    columns = (
        Column(name="age", kind="number", unit="years"),
        Column(name="dose", kind="number"),
        Column(name="sex", kind="category"),
        Column(name="ward", kind="category", exclude=True),
    )
    given = {"name": "made up", "kind": "binary", "target": "ill", "positive": "yes", "columns": columns}
    return Task(**{**given, **changes})


def make_dataset(n: int = 600, *, seed: int = 0, task: Task | None = None, **fields: Any) -> Dataset:
    """Four columns without any bearing on anything; the outcome is filled in by `make_judged`."""
    random = np.random.default_rng(seed)
    frame = pandas.DataFrame(
        {"age": random.integers(20, 90, n).astype(float), "dose": random.gamma(2.0, 2.0, n).round(1)}
    )
    frame.loc[random.random(n) < 0.1, "dose"] = np.nan
    frame["sex"] = pandas.Series(random.choice(["female", "male"], n), dtype=object)
    frame["ward"] = pandas.Series(random.choice(["a", "b", "c", "d"], n), dtype=object)
    ids = np.array([f"r{seed} {i}" for i in range(n)], dtype=object)
    task = task or make_task()
    classes = {"binary": ("no", "yes"), "multiclass": ("low", "middle", "high"), "regression": ()}[task.kind]
    target = np.zeros(n, dtype=np.int64 if task.kind != "regression" else float)
    return Dataset(task=task, frame=frame, row_ids=ids, target=target, classes=classes, **fields)


def make_judged(
    n: int = 600, *, seed: int = 0, weak: float = 0.0, rows: Dataset | None = None, spread: float = 1.0
) -> Judged:  # fmt: skip
    """A model that is right about its own probabilities, except for women over 60.

    `weak` : how much of its score is lost there (0: nothing, 1: all, 2: turned round).
    """
    rows = rows or make_dataset(n, seed=seed)
    random = np.random.default_rng([seed, 7])
    score = random.normal(0.0, spread, len(rows))
    outcome = (random.random(len(rows)) < expit(score)).astype(np.int64)
    planted = planted_rows(rows)
    return Judged(
        rows=replace(rows, target=outcome),
        predicted=expit(np.where(planted, score * (1.0 - weak), score)),
    )


def planted_rows(rows: Dataset) -> np.ndarray:
    """Women over 60."""
    return (rows.frame["age"].to_numpy() >= 60) & (rows.frame["sex"] == "female").to_numpy()


def make_study_table(n: int, kind: str, *, seed: int = 0) -> pandas.DataFrame:
    """Age and sex decide the outcome y; four villages of two persons stand among a city."""
    random = np.random.default_rng(seed)
    age = random.integers(20, 90, n).astype(float)
    sex = random.choice(["female", "male"], n)
    town = np.array([f"village{i // 2}" if i < 8 else "city" for i in range(n)], dtype=object)
    score = (age - 55) / 15 + (sex == "male") + random.normal(0, 0.7, n)
    age[random.random(n) < 0.1] = np.nan
    y = {
        "binary": np.where(score > 0.4, "yes", "no"),
        "multiclass": np.digitize(score, [-0.5, 0.8]).astype(str),
        "regression": score.round(4),
    }[kind]
    lab = random.normal(1.234567, 0.4321, n)
    return pandas.DataFrame({"age": age, "sex": sex, "town": town, "lab": lab, "y": y})


def make_study_task(kind: str, **changes: Any) -> Task:
    columns = (
        Column(name="age", kind="number"),
        Column(name="sex", kind="category", sensitive=True),
        Column(name="town", kind="category", exclude=True, exclude_reason="place"),
        Column(name="lab", kind="number"),
    )
    given = {"name": "made up", "kind": kind, "target": "y", "columns": columns}
    return Task(**(given | ({"positive": "yes"} if kind == "binary" else {}) | changes))


def make_material(table: pandas.DataFrame, task: Task, out: Path, *, level: Level = "quick") -> Material:
    """A study up to the point where inspections begin, with a linear model only."""
    models = ("text",) if all(c.kind == "text" for c in task.features) else ("linear",)
    options = Options(level=level, models=models, llm="off")
    run = Run(data.from_frame(table, task), "", out=out, options=options, progress=silent)
    run.fit()
    run.assess()
    return Material(
        options=options, everything=run.dataset, train=run.train, calibration=run.calibration, test=run.test,
        fits=run.fits, scorers=run.scorers, predictions=run.assessment.predictions, domain=run.domain,
        bench=run.bench, progress=silent,
    )  # fmt: skip
