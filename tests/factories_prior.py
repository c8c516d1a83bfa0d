"""Priors made by hand, and rows whose truth is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas

from interpretable.records.dataset import Dataset
from interpretable.records.prior import Prior, SaidScore, SaidWay
from interpretable.records.task import Column, Task

TRUTH = np.array([1.0, 0.8, -0.6, 0.6, -0.8, 0.5, 0.0, 0.0, 0.0, 0.0])


def make_planted_rows(n: int, *, seed: int = 0, **column: Any) -> Dataset:
    """SIMULATED: ten numbers, six of them tell of a two-class outcome by a logistic model."""
    random = np.random.default_rng(seed)
    columns = tuple(Column(name=f"x{i}", kind="number", **column) for i in range(len(TRUTH)))
    task = Task(name="planted", kind="binary", target="y", positive="yes", columns=columns)
    values = random.normal(size=(n, len(TRUTH)))
    target = (random.random(n) < 1 / (1 + np.exp(-values @ TRUTH))).astype(np.int64)
    frame = pandas.DataFrame(values, columns=[c.name for c in columns])
    ids = np.array([f"p{i}" for i in range(n)], dtype=object)
    return Dataset(task=task, frame=frame, row_ids=ids, target=target, classes=("no", "yes"))


def make_prior(**given: Any) -> Prior:
    return Prior(**{"said_by": "a person", "where": "person", "date": "2026-01-01", **given})


def make_planted_prior(*, sign: int = 1) -> Prior:
    """The true directions, or with sign -1 all of them wrong."""
    ways = {True: "up", False: "down"}
    return make_prior(
        task="planted",
        ways=tuple(
            SaidWay(column=f"x{i}", way=ways[sign * weight > 0]) for i, weight in enumerate(TRUTH) if weight
        ),
    )


def make_words(column: str, scores: dict[str, float]) -> tuple[SaidScore, ...]:
    return tuple(SaidScore(column=column, name=name, scores=(score,)) for name, score in scores.items())
