"""Models and rows made by hand or by chance: a test states only what it is about."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas

from interpretable.records.additive import AdditiveModel, Axis, Feature, LinearTerm, TableTerm, TokenTerm
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column, Task

LEVELS = ("a", "b", "c")


def make_task(**changes: Any) -> Task:
    columns = (
        Column(name="age", kind="number", unit="years"),
        Column(name="kind", kind="category", sensitive=True),
        Column(name="dose", kind="number"),
    )
    given = {"name": "made up", "kind": "binary", "target": "ill", "positive": "yes", "columns": columns}
    return Task(**{**given, **changes})


def make_rows(n: int = 200, *, seed: int = 0, task: Task | None = None, part: str = "all") -> Dataset:
    """Rows whose outcome depends on age, kind and (in U-shape) dose; some cells are missing."""
    task = task or make_task()
    random = np.random.default_rng(seed)
    age = random.normal(50, 15, n).round(1)
    kind = random.choice(np.array([*LEVELS, None], dtype=object), n)
    dose = random.gamma(2.0, 2.0, n).round(2)
    signal = (age - 50) / 15 + np.where(kind == "b", 1.0, 0.0) + 0.1 * (dose - 4) ** 2 - 0.8
    age[random.random(n) < 0.1] = np.nan
    classes: tuple[str, ...] = ("no", "yes")
    target: np.ndarray = (random.random(n) < 1 / (1 + np.exp(-signal))).astype(np.int64)
    if task.kind == "regression":
        classes, target = (), signal + random.normal(0, 0.5, n)
    if task.kind == "multiclass":
        classes, target = ("low", "middle", "high"), np.digitize(signal, [-0.5, 0.8]).astype(np.int64)
    frame = pandas.DataFrame({"age": age, "dose": dose})
    frame["kind"] = pandas.Series(kind, dtype=object)
    ids = np.array([f"r{i}" for i in range(n)], dtype=object)
    names = [c.name for c in task.columns]
    return Dataset(task=task, frame=frame[names], row_ids=ids, target=target, classes=classes, part=part)


def make_text_rows(n: int = 200, *, seed: int = 0) -> Dataset:
    task = Task(
        name="notes",
        kind="binary",
        target="urgent",
        positive="yes",
        columns=(Column(name="note", kind="text"),),
    )
    random = np.random.default_rng(seed)
    target = random.integers(0, 2, n)
    common, hot = (
        np.array(["the", "a", "patient", "came", "in", "on", "day", "with", "mild"]),
        np.array(["chest", "pain", "severe"]),
    )
    notes = [
        " ".join([*random.choice(common, 6), *(random.choice(hot, 2) if y else random.choice(common, 2))])
        for y in target
    ]
    frame = pandas.DataFrame({"note": pandas.Series(notes, dtype=object)})
    ids = np.array([str(i) for i in range(n)], dtype=object)
    return Dataset(task=task, frame=frame, row_ids=ids, target=target, classes=("no", "yes"))


def make_additive(*, outputs: int = 1, bags: int = 3, seed: int = 0) -> AdditiveModel:
    """A number table, a level table, a pair, a line and a text, with random scores."""
    random = np.random.default_rng(seed)
    cuts, dose_cuts = np.array([30.0, 50.0, 70.0]), np.array([1.0])
    numbers, dose = Axis(cuts=cuts), Axis(cuts=dose_cuts)
    levels = Axis(labels=LEVELS, codes=(1, 2, 2))

    def table(features: tuple[int, ...], axes: tuple[Axis, ...]) -> TableTerm:
        shape = tuple(axis.cells for axis in axes)
        return TableTerm(
            features=features,
            axes=axes,
            scores=random.normal(size=(*shape, outputs)),
            weights=random.integers(0, 50, shape).astype(float),
            bags=random.normal(size=(bags, *shape, outputs)),
        )

    line = LinearTerm(
        feature=2, slope=random.normal(size=outputs), offset=random.normal(size=outputs),
        missing=random.normal(size=outputs), low=0.0, high=10.0, bags=random.normal(size=(bags, 3, outputs)),
    )  # fmt: skip
    words = TokenTerm(
        feature=3, vocabulary=("chest", "chest pain", "no", "pain"), weights=random.normal(size=(4, outputs)),
        idf=np.array([1.2, 2.0, 1.1, 1.4]),
    )  # fmt: skip
    features = (
        Feature(name="age", kind="number", low=18.0, high=90.0, typical=50.0),
        Feature(name="kind", kind="category", levels=LEVELS, typical="a"),
        Feature(name="dose", kind="number", low=0.0, high=10.0, typical=2.0),
        Feature(name="note", kind="text", typical=""),
    )
    return AdditiveModel(
        family="ebm",
        link="logit" if outputs == 1 else "softmax",
        classes=("no", "yes") if outputs == 1 else tuple(f"c{k}" for k in range(outputs)),
        features=features,
        terms=(table((0,), (numbers,)), table((1,), (levels,)), line, table((0, 2), (numbers, dose)), words),
        intercept=random.normal(size=outputs),
        bag_intercept=random.normal(size=(bags, outputs)),
    )


def make_columns(age: list, kind: list, dose: list, note: list) -> dict[str, np.ndarray]:
    return {
        "age": np.array(age, dtype=float),
        "kind": np.array(kind, dtype=object),
        "dose": np.array(dose, dtype=float),
        "note": np.array(note, dtype=object),
    }
