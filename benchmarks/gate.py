"""How often the gate lets useless rows in, and how often it sees rows that do help.

Simulation with a known truth: a logistic line in ten columns (or `--columns`). The generator draws from that
truth ("true"), from the truth with every outcome turned round ("flipped"), with outcomes dealt at random
("useless"), from a truth whose slopes have other places ("shifted"), or knows the real rows alone
("bootstrap"). Each repeat draws new real rows and runs the whole gate: 5 folds, twice, generation and choice
of the weight inside.

The student is a logistic ridge of fixed strength, as it is fitted in a millisecond; `--family linear` takes
the study's own, at some ten times the time.

Run: python -m benchmarks.gate [--repeats 200] [--rows 50] [--columns 10] [--truth useless ...]
         [--family ridge] [--json OUT]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas

from interpretable.collab.controls import Bootstrap
from interpretable.collab.gate import run_gate
from interpretable.models import linear  # noqa: F401 - importing a family registers it
from interpretable.models.base import LINKS, Effort, Fitted, families
from interpretable.records.additive import AdditiveModel, Feature, LinearTerm
from interpretable.records.dataset import Dataset
from interpretable.records.synthetic import Generator, Provenance, Synthetic
from interpretable.records.task import Column, Task, TaskKind
from interpretable.stats.intervals import clopper_pearson

SLOPES = np.array([1.0, -1.0, 0.8, -0.8, 0.7, -0.7, 0.6, -0.6, 0.6, -0.6])
TRUTHS = ("useless", "bootstrap", "flipped", "shifted", "true")


def line_task(kind: TaskKind = "binary", *, columns: int = len(SLOPES)) -> Task:
    return Task(
        name="a line", kind=kind, target="ill", positive="yes" if kind == "binary" else "",
        columns=tuple(Column(name=f"x{j}", kind="number") for j in range(columns)),
    )  # fmt: skip


def line_rows(
    n: int, *, seed: int, kind: TaskKind = "binary", prevalence: float = 0.5, part: Any = "train",
    scale: float = 1.0, columns: int = len(SLOPES),
) -> Dataset:  # fmt: skip
    """Rows of a logistic (or linear) truth with the slopes SLOPES, times `scale`."""
    random, slopes = np.random.default_rng(seed), np.resize(SLOPES, columns)
    matrix = random.normal(size=(n, columns))
    signal = scale * matrix @ slopes + np.log(prevalence / (1 - prevalence))
    classes: tuple[str, ...] = ("no", "yes")
    target: np.ndarray = (random.random(n) < 1 / (1 + np.exp(-signal))).astype(np.int64)
    if kind == "regression":
        target, classes = signal + random.normal(size=n), ()
    task = line_task(kind, columns=columns)
    frame = pandas.DataFrame(matrix, columns=[c.name for c in task.columns])
    ids = np.array([f"p{i}" for i in range(n)], dtype=object)
    return Dataset(task=task, frame=frame, row_ids=ids, target=target, classes=classes, part=part)


def as_synthetic(rows: Dataset, *, shown: Sequence[tuple[str, ...]] | None = None) -> Synthetic:
    """Rows of a dataset, told as if they had been generated."""
    each = shown or ((),) * len(rows)
    assert rows.target is not None
    return Synthetic(
        task=rows.task, classes=rows.classes, frame=rows.frame, target=rows.target,
        provenance=tuple(Provenance(kind="row", maker="planted", shown=one) for one in each),
    )  # fmt: skip


@dataclass
class Planted:
    """Draws from the truth of `line_rows`, or from a wrong one."""

    truth: str = "true"
    name: str = "planted"
    scale: float = 1.0
    asked: list[tuple[str, ...]] = field(default_factory=list)  # ids of the rows of each call

    def make(self, train: Dataset, rows: int, *, seed: int) -> Synthetic:
        self.asked.append(tuple(train.row_ids.tolist()))
        columns = len(train.task.columns)
        drawn = line_rows(
            rows, seed=900_000_000 + seed, kind=train.task.kind, scale=self.scale, columns=columns
        )
        assert drawn.target is not None
        if self.truth == "flipped":
            drawn = replace(drawn, target=1 - drawn.target)
        if self.truth == "useless":
            drawn = replace(drawn, target=np.random.default_rng(seed).permutation(drawn.target))
        if self.truth == "shifted":
            turned = drawn.frame.iloc[:, ::-1].set_axis(drawn.frame.columns, axis=1)
            drawn = replace(drawn, frame=turned)
        return as_synthetic(drawn)


class Ridge:
    """A weighted logistic ridge of one strength, by Newton's steps."""

    glass_box = True
    takes_weights = True

    def can_fit(self, task: Task) -> bool:
        return False  # for this simulation, not for studies

    def name(self, task: Task) -> str:
        return "ridge"

    def fit(self, train: Dataset, features: tuple[Feature, ...], effort: Effort) -> Fitted:
        assert train.target is not None
        weights = np.ones(len(train)) if train.weights is None else train.weights
        b = newton(train.frame.to_numpy(dtype=float), train.target.astype(float), weights)
        zero = np.zeros(1)
        record = AdditiveModel(
            family="ridge", link=LINKS[train.task.kind], classes=train.classes, features=features,
            terms=tuple(
                LinearTerm(feature=j, slope=b[j : j + 1], offset=zero, missing=zero, low=-99.0, high=99.0)
                for j in range(len(b) - 1)
            ),
            intercept=b[-1:],
        )  # fmt: skip

        def scores(rows: Dataset) -> np.ndarray:
            return (rows.frame.to_numpy(dtype=float) @ b[:-1] + b[-1])[:, None]

        return Fitted(record=record, library_scores=scores)


def newton(matrix: np.ndarray, target: np.ndarray, weights: np.ndarray, *, ridge: float = 1.0) -> np.ndarray:
    """Slopes and constant f8[p + 1]; the constant is not drawn to zero."""
    design = np.column_stack([matrix, np.ones(len(matrix))])
    penalty = np.diag([ridge] * matrix.shape[1] + [1e-6])
    b = np.zeros(design.shape[1])
    for _ in range(12):
        p = 1 / (1 + np.exp(-np.clip(design @ b, -30, 30)))
        rest = design.T @ (weights * (target - p)) - penalty @ b
        curve = (design * (weights * p * (1 - p))[:, None]).T @ design + penalty
        b = b + np.linalg.solve(curve, rest)
    return b


if "ridge" not in families:
    families.add("ridge")(Ridge())


def generator_of(truth: str) -> Generator:
    return Bootstrap() if truth == "bootstrap" else Planted(truth)


def trial(truth: str, rows: int, *, seed: int, family: str, columns: int) -> dict[str, Any]:
    """One gate on new real rows: verdict, reason, and the gain."""
    real = line_rows(rows, seed=seed, columns=columns)
    found = run_gate(real, generator_of(truth), family=family, seed=seed)
    arm = found.arm("generated")
    gain = None if arm is None or arm.gain is None else arm.gain.value
    return {"verdict": found.verdict, "reason": found.reason, "gain": gain, "seconds": found.seconds}


def simulate(truth: str, rows: int, *, repeats: int, family: str, columns: int) -> dict[str, Any]:
    """Shares of the verdicts over many repeats, that of "helps" with its exact 95 % interval."""
    found = []
    for seed in range(repeats):
        found.append(trial(truth, rows, seed=seed, family=family, columns=columns))
        if (seed + 1) % 10 == 0:
            so_far = dict(Counter(one["reason"] for one in found))
            print(f"{truth} {rows}: {seed + 1} of {repeats} {so_far}", file=sys.stderr, flush=True)
    verdicts = Counter(one["verdict"] for one in found)
    low, high = clopper_pearson(np.array([verdicts["helps"]]), np.array([repeats]))
    return {
        "truth": truth, "rows": rows, "columns": columns, "repeats": repeats, "family": family,
        "verdicts": dict(verdicts),
        "reasons": dict(Counter(one["reason"] for one in found)),
        "helps": verdicts["helps"] / repeats, "low": float(low[0]), "high": float(high[0]),
        "gain": float(np.mean([one["gain"] for one in found if one["gain"] is not None])),
        "seconds": float(np.mean([one["seconds"] for one in found])),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--rows", type=int, nargs="+", default=[50])
    parser.add_argument("--columns", type=int, default=len(SLOPES))
    parser.add_argument("--truth", nargs="+", default=list(TRUTHS), choices=TRUTHS)
    parser.add_argument("--family", default="ridge")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    start, results = time.perf_counter(), []
    for rows in asked.rows:
        for truth in asked.truth:
            given = {"repeats": asked.repeats, "family": asked.family, "columns": asked.columns}
            results.append(simulate(truth, rows, **given))
            print(json.dumps(results[-1]), flush=True)
            if asked.json:
                asked.json.write_text(json.dumps(results, indent=1))
    print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
