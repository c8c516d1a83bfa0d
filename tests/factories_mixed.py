"""SIMULATED rows with a table and a note, whose truth is known. Nothing here is data of anybody.

A row has hidden facts A, B and C. The table shows A and, half blurred, B; the note's words show B and C. So
each part holds something the other lacks, and B stands in both. The words are drawn from invented lists by
the facts alone, never written out from the table's values.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas

from interpretable.records.dataset import Dataset
from interpretable.records.task import Column, Task

TABLE_SIGNAL, TEXT_SIGNAL = 1.2, 2.6
COMMON = tuple(f"word{i}" for i in range(80))
SIGNS = {"b": ("amber", "bleak", "brisk", "burnt"), "c": ("cold", "crisp", "cured", "clear")}


def make_mixed_task(**changes: Any) -> Task:
    columns = (
        Column(name="note", kind="text"),
        Column(name="dose", kind="number"),
        Column(name="mark", kind="number"),
        Column(name="site", kind="category"),
    )
    given = {
        "name": "simulated", "kind": "binary", "target": "happened", "positive": "yes", "columns": columns
    }  # fmt: skip
    return Task(**{**given, **changes})


def _notes(random: np.random.Generator, facts: dict[str, np.ndarray], n: int) -> list[str | None]:
    notes: list[str | None] = []
    for i in range(n):
        words = list(random.choice(COMMON, 8))
        for name, fact in facts.items():
            if fact[i]:
                words += list(random.choice(SIGNS[name], 2, replace=False))
        random.shuffle(words)
        notes.append(None if random.random() < 0.05 else " ".join(words))
    return notes


def make_mixed_rows(
    n: int = 600, *, seed: int = 0, kind: str = "binary", table: bool = True, text: bool = True,
    task: Task | None = None,
) -> Dataset:  # fmt: skip
    """`table=False` or `text=False`: that part is drawn without a look at the facts, so it is noise."""
    random = np.random.default_rng(seed)
    task = task or make_mixed_task(kind=kind, positive="yes" if kind == "binary" else "")
    dose = random.normal(0, 1, n).round(2)
    b, c = random.random(n) < 0.4, random.random(n) < 0.4
    signal = (
        TABLE_SIGNAL * (dose**2 - 1) * table + TEXT_SIGNAL * (1.0 * b - 0.4) + TEXT_SIGNAL * (c - 0.4) * text
    )  # fmt: skip
    mark = (b * table + random.normal(0, 0.7, n)).round(2)
    shown = {"b": b, "c": c} if text else {k: random.random(n) < 0.4 for k in "bc"}
    target: np.ndarray = (random.random(n) < 1 / (1 + np.exp(-signal))).astype(np.int64)
    classes: tuple[str, ...] = ("no", "yes")
    if kind == "multiclass":
        level = signal + random.logistic(0, 1, n)
        classes, target = ("low", "middle", "top"), np.digitize(level, [-1.0, 1.0]).astype(np.int64)
    if kind == "regression":
        classes, target = (), signal + random.normal(0, 0.7, n)
    dose[random.random(n) < 0.05] = np.nan
    frame = pandas.DataFrame(
        {
            "note": pandas.Series(_notes(random, shown, n), dtype=object),
            "dose": dose,
            "mark": mark,
            "site": pandas.Series(random.choice(np.array(["x", "y", None], dtype=object), n), dtype=object),
        }
    )
    ids = np.array([f"s{i}" for i in range(n)], dtype=object)
    return Dataset(task=task, frame=frame, row_ids=ids, target=target, classes=classes)
