"""Generated rows made by hand or by a generator whose truth a test knows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas

from interpretable.records.dataset import Dataset
from interpretable.records.synthetic import Provenance, Synthetic
from interpretable.records.task import Column, Task

SLOPES = np.array([1.4, -1.0, 0.8, 0.6, -0.5])


def as_synthetic(rows: Dataset, *, shown: tuple[tuple[str, ...], ...] | None = None) -> Synthetic:
    """Rows of a dataset, told as if they had been generated."""
    each = shown or ((),) * len(rows)
    return Synthetic(
        task=rows.task, classes=rows.classes, frame=rows.frame, target=rows.target,
        provenance=tuple(Provenance(kind="row", maker="a test", shown=one) for one in each),
    )  # fmt: skip


def line_task(kind: str = "binary", *, columns: int = 5) -> Task:
    return Task(
        name="a line", kind=kind, target="ill", positive="yes" if kind == "binary" else "",
        columns=tuple(Column(name=f"x{j}", kind="number") for j in range(columns)),
    )  # fmt: skip


def line_rows(
    n: int, *, seed: int, kind: str = "binary", prevalence: float = 0.5, part: str = "train"
) -> Dataset:
    """Rows of a logistic (or linear) truth with the slopes SLOPES."""
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(n, len(SLOPES)))
    signal = matrix @ SLOPES + np.log(prevalence / (1 - prevalence))
    if kind == "regression":
        target, classes = signal + random.normal(size=n), ()
    else:
        target = (random.random(n) < 1 / (1 + np.exp(-signal))).astype(np.int64)
        classes = ("no", "yes")
    task = line_task(kind)
    frame = pandas.DataFrame(matrix, columns=[c.name for c in task.columns])
    ids = np.array([f"p{i}" for i in range(n)], dtype=object)
    return Dataset(task=task, frame=frame, row_ids=ids, target=target, classes=classes, part=part)


@dataclass
class Planted:
    """Draws from the truth of `line_rows`, or from a wrong one: "true", "flipped", "shifted", "useless"."""

    truth: str = "true"
    name: str = "planted"
    asked: list[tuple[str, ...]] = field(default_factory=list)  # ids of the rows of each call

    def make(self, train: Dataset, rows: int, *, seed: int) -> Synthetic:
        self.asked.append(tuple(train.row_ids.tolist()))
        drawn = line_rows(rows, seed=900_000 + seed, kind=train.task.kind)
        target = drawn.target
        if self.truth == "flipped":
            target = 1 - target
        if self.truth == "useless":  # the outcome has nothing to do with the columns
            target = np.random.default_rng(seed).permutation(target)
        if self.truth == "shifted":  # another population: every slope has another place
            target = line_rows(rows, seed=900_000 + seed).target
            drawn = replace(drawn, frame=drawn.frame.iloc[:, ::-1].set_axis(drawn.frame.columns, axis=1))
        return as_synthetic(replace(drawn, target=target))
