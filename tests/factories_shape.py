"""Rows with planted pairs, steps and directions: a test states only what it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas

from interpretable.records.additive import AdditiveModel, Axis, Feature, TableTerm
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Comparison, Figure
from interpretable.records.shape import Direction, PairChoice, PairTrial, Price, Stretch
from interpretable.records.task import Column, Task

GRADES = ("none", "some", "much", "most")


def make_shape_task(**changes: Any) -> Task:
    columns = (
        Column(name="a", kind="number"),
        Column(name="b", kind="number"),
        Column(name="grade", kind="ordinal", levels=GRADES),
        Column(name="town", kind="category"),
        Column(name="c", kind="number"),
    )
    given = {"name": "planted", "kind": "binary", "target": "ill", "positive": "yes", "columns": columns}
    return Task(**{**given, **changes})


def with_column(rows: Dataset, name: str, **changes: Any) -> Dataset:
    """The same rows, one column declared otherwise."""
    columns = tuple(replace(c, **changes) if c.name == name else c for c in rows.task.columns)
    return replace(rows, task=replace(rows.task, columns=columns))


def make_planted(
    n: int = 600, *, seed: int = 0, crossed: float = 0.0, bent: bool = False, kind: str = "binary"
) -> Dataset:
    """a raises the outcome (with `bent`, it falls again in the upper third), grade raises it.

    `crossed` is the size of a planted effect of a and b together that neither has alone.
    """
    random = np.random.default_rng(seed)
    a, b, c = random.normal(size=(3, n)).round(2)
    grade = random.integers(0, len(GRADES), n)
    signal = 0.4 * (grade - 1.5) + crossed * np.sign(a) * np.sign(b)
    signal = signal + (np.where(a > 0.5, -1.5, 1.2 * a) if bent else 0.6 * a)
    a = np.where(random.random(n) < 0.05, np.nan, a)
    frame = pandas.DataFrame({"a": a, "b": b})
    frame["grade"] = pandas.Series(np.array(GRADES, dtype=object)[grade], dtype=object)
    frame["town"] = pandas.Series(
        random.choice(np.array(["x", "y", "z", None], dtype=object), n), dtype=object
    )
    frame["c"] = c
    task = make_shape_task(kind=kind, positive="yes" if kind == "binary" else "")
    classes: tuple[str, ...] = ("no", "yes")
    target: np.ndarray = (random.random(n) < 1 / (1 + np.exp(-signal))).astype(np.int64)
    if kind == "regression":
        classes, target = (), signal + random.normal(0, 0.6, n)
    if kind == "multiclass":
        classes, target = ("l", "m", "h"), np.digitize(signal + random.normal(0, 0.8, n), [-0.6, 0.6])
    ids = np.array([str(i) for i in range(n)], dtype=object)
    return Dataset(task=task, frame=frame, row_ids=ids, target=target, classes=classes, part="train")


def make_table_model(scores: list[float], pair: list[list[float]] | None = None) -> AdditiveModel:
    """A number a with cuts 0 and 1, and a pair of it with b (cut at 0); scores are those of the bins."""
    cuts = np.array([0.0, 1.0])
    main = np.array([9.0, *scores, -9.0])[:, None]  # the missing and the unknown cell must not matter
    terms = [TableTerm(features=(0,), axes=(Axis(cuts=cuts),), scores=main)]
    if pair is not None:
        cells = np.zeros((4, 4, 1))
        cells[1:3, 1:3, 0] = pair
        axes = (Axis(cuts=np.array([0.5])), Axis(cuts=np.array([0.0])))
        terms.append(TableTerm(features=(0, 1), axes=axes, scores=cells))
    features = tuple(Feature(name=name, kind="number", low=-1.0, high=2.0, typical=0.0) for name in "ab")
    return AdditiveModel(
        family="ebm", link="logit", classes=("no", "yes"), features=features, terms=tuple(terms),
        intercept=np.zeros(1),
    )  # fmt: skip


def make_choice(**changes: Any) -> PairChoice:
    """Three pairs kept, ten not."""
    first = PairTrial(
        pairs=3, loss=0.40, against=0, gain=0.02, error=0.004, p=0.004, kept=True,
        improvement=Figure(value=0.02, low=0.009, high=0.031, method="corrected_t"),
        auroc=Figure(value=0.015, low=0.004, high=0.026, method="corrected_t"),
    )  # fmt: skip
    second = PairTrial(
        pairs=10, loss=0.401, against=3, gain=-0.001, error=0.003, p=0.6,
        improvement=Figure(value=0.019, low=0.001, high=0.037, method="corrected_t"),
        auroc=Figure(value=None, reason="one_class"),
    )  # fmt: skip
    given: dict[str, Any] = {
        "chosen": 3, "reason": "gain", "folds": 5, "rows": 440, "loss": 0.42, "trials": (first, second),
        "pairs": (("age", "sex"), ("age", "chol"), ("chol", "ca")),
    }  # fmt: skip
    return PairChoice(**{**given, **changes})


def make_direction(**changes: Any) -> Direction:
    stretch = Stretch(low=40.0, high=45.0, rows=0.06, link=0.2, estimate=0.013)
    given: dict[str, Any] = {
        "column": "age", "expected": "up", "model": "ebm", "enforced": False, "rows": 0.06, "link": 0.2,
        "estimate": 0.013, "stretches": (stretch,),
    }  # fmt: skip
    return Direction(**{**given, **changes})


def make_price(low: float = -0.004, high: float = 0.012, **changes: Any) -> Price:
    gap = Figure(value=(low + high) / 2, low=low, high=high, method="delong")
    loss = Figure(value=-0.002, low=-0.006, high=0.002, method="bootstrap")
    pair = (("auroc", gap), ("log_loss", loss))
    comparisons = tuple(
        Comparison(
            model="free",
            against="kept",
            metric=metric,
            difference=figure,
            p_value=0.3,
            method="delong",
            n=440,
        )
        for metric, figure in pair
    )
    return Price(**{"column": "age", "comparisons": comparisons, "folds": 5, "rows": 440, **changes})
