"""Rows with groups that differ, and evidence of differences with full defaults."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from interpretable.records.dataset import Dataset
from interpretable.records.disparity import (
    Alternative,
    AlternativeGap,
    Crossing,
    DisparityEvidence,
    GapPart,
    GroupGap,
    Rebuilt,
    ScoreGap,
    ScoreTells,
    UsedColumn,
)
from interpretable.records.evaluation import Figure
from interpretable.records.task import Column, Task
from interpretable.stats.metrics import expit

COLUMNS = (
    Column(name="sex", kind="category", sensitive=True),
    Column(name="region", kind="category", sensitive=True, exclude=True),
    Column(name="note", kind="text", sensitive=True, exclude=True),
    Column(name="income", kind="number"),
    Column(name="height", kind="number"),
)
THIRD = Column(name="shift", kind="category", sensitive=True)


def make_groups_part(
    n: int = 600, *, kind: str = "binary", seed: int = 0, threshold: float | None = 0.5, third: bool = False
) -> tuple[Dataset, np.ndarray]:
    """A part and predictions for it. Men are taller (a proxy) and score higher; regions are alike."""
    random = np.random.default_rng(seed)
    male = random.random(n) < 0.45
    height = 165 + 12 * male + random.normal(0, 6, n)
    link = 0.9 * male - 0.4 + random.normal(0, 1.2, n)
    p = expit(link)
    frame = pd.DataFrame({"income": link + random.normal(0, 0.5, n), "height": height})
    frame["sex"] = pd.Series(np.where(male, "male", "female"), dtype=object)
    frame["region"] = pd.Series(random.choice(["north", "south"], n), dtype=object)
    frame["note"] = pd.Series([f"note {i}" for i in range(n)], dtype=object)
    frame["shift"] = pd.Series(random.choice(["early", "late"], n), dtype=object)
    columns = (*COLUMNS, THIRD) if third else COLUMNS
    target: np.ndarray = (random.random(n) < p).astype(np.int64)
    classes: tuple[str, ...] = ("no", "yes")
    if kind == "regression":
        target, p, classes = link + random.normal(0, 1, n), link, ()
    if kind == "multiclass":
        high = expit(np.column_stack([-link, np.zeros(n), link]))
        p = high / high.sum(axis=1, keepdims=True)
        target = (p.cumsum(axis=1) < random.random((n, 1))).sum(axis=1).clip(0, 2)
        classes = ("low", "middle", "high")
    task = Task(
        name="t", kind=kind, target="y", columns=columns, positive="yes" if kind == "binary" else "",
        threshold=threshold if kind == "binary" else None,
    )  # type: ignore[arg-type]  # kind is one of three words  # fmt: skip
    ids = np.array([f"r{i}" for i in range(n)], dtype=object)
    names = [c.name for c in columns]
    part = Dataset(task=task, frame=frame[names], row_ids=ids, target=target, classes=classes, part="test")
    return part, p


def figure(value: float, half: float = 0.05) -> Figure:
    return Figure(value=value, low=value - half, high=value + half, method="newcombe")


def make_gap(metric: str = "selection_rate", **changes: Any) -> GroupGap:
    fields: dict[str, Any] = {
        "column": "sex", "group": "Female", "reference": "Male", "metric": metric, "n": 100,
        "n_reference": 120, "value": 0.34, "value_reference": 0.61, "difference": figure(-0.27, 0.09),
        "ratio": figure(0.557, 0.1), "p_value": 0.0001, "p_adjusted": 0.0004,
    }  # fmt: skip
    return GroupGap(**(fields | changes))


LEADING = {"binary": "selection_rate", "multiclass": "accuracy", "regression": "mean_estimate"}


def make_disparity(kind: str = "binary", **changes: Any) -> DisparityEvidence:
    lead = LEADING[kind]
    gaps = (make_gap(lead), make_gap("prevalence"), make_gap("auroc", difference=figure(0.01)))
    watched = AlternativeGap(
        column="sex", group="Male", reference="Female", metric=lead, searched=0.1, searched_in_use=0.27,
        confirmed=figure(0.12), confirmed_in_use=figure(0.26), change=figure(-0.14),
    )  # fmt: skip
    other = Alternative(
        kind="without", model="ebm", without=("lactate",), metric="auroc", value=0.9, behind=0.004,
        near=True, smaller=True, performance=figure(-0.003, 0.01), gaps=(watched,),
    )  # fmt: skip
    parts = (
        GapPart(features=("lactate",), part=figure(-0.4), separates=figure(0.7)),
        GapPart(features=("sex",), part=Figure(value=-0.2, low=-0.2, high=-0.2), separates=figure(1.0, 0.0)),
        GapPart(features=("age", "lactate"), part=figure(0.1), separates=figure(0.55)),
    )
    fields: dict[str, Any] = {
        "gaps": gaps,
        "compared": 3,
        "crossings": (
            Crossing(
                columns=("sex", "age"), groups=("Female", "≥ 60"), n=60, events=20, too_few=False,
                metric=lead, value=figure(0.3), difference=figure(-0.2), drawn_in=-0.11, p_value=0.01,
                p_adjusted=0.02,
            ),
            Crossing(columns=("sex", "age"), groups=("Male", "< 40"), n=20, events=2, too_few=True),
        ),
        "crossings_compared": 1,
        "used": (UsedColumn(column="sex", alone=0.07, with_others=0.02),),
        "rebuilt": (
            Rebuilt(
                column="sex", used=True, measure="auroc", n=500, linear=figure(0.72), floor=0.56,
                p_value=0.01, boosted=figure(0.7),
            ),
            Rebuilt(
                column="age", used=False, measure="r2", n=500, linear=figure(0.3), floor=0.01, p_value=0.01
            ),
        ),
        "tells": (
            ScoreTells(
                column="sex", group="Male", n=120, overall=figure(0.63), with_event=figure(0.6),
                without_event=figure(0.58),
            ),
        ),
        "score_gaps": (
            ScoreGap(
                column="sex", group="Female", reference="Male", output="", n=194, n_reference=726,
                whole=figure(-0.5), parts=parts,
            ),
        ),
        "alternatives": (other,),
        "margin": 0.01,
        "searched_rows": 500,
    }  # fmt: skip
    return DisparityEvidence(**(fields | changes))
