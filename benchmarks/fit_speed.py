"""CPU of our default EBM against interpret's, in the same run, and what it costs in accuracy.

    python -m benchmarks.fit_speed [--rows 5000 50000] [--sets heart_disease ...] [--folds 5] [--json OUT]

Both sides fit the same rows in one process (n_jobs=1, OMP_NUM_THREADS=1); CPU is that of the process and its
children. "Before boosting" is a fit of zero rounds and one bag: columns are read, typed, cut and packed.
Exit code 1: a ratio or an accuracy misses its aim.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import json
import math
import platform
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas
from interpret.glassbox import ExplainableBoostingClassifier, ExplainableBoostingRegressor
from scipy.special import stdtrit

from interpretable.models import ebm  # noqa: F401 - importing the family registers it
from interpretable.models.base import Effort, families
from interpretable.models.bins import make_slots
from interpretable.models.features import describe
from interpretable.models.folds import make_folds
from interpretable.models.native_ebm import fit_native
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column, Task
from interpretable.score.scorer import make_scorer, predict
from interpretable.stats import metrics
from interpretable.stats.intervals import corrected_t
from interpretable.study.packages import package_versions
from interpretable.study.sources import gather

SETS = ("heart_disease", "german_credit", "nhefs_mortality", "births14_weight", "contraceptive_method")
NUMBERS, LABELS = 20, 8
PAIRS = ((0, 1), (2, 3), (4, 5), (6, 7), (8, 9), (1, 10))
FRESH = 20_000
AIMS = {"cpu": 8.0, "before": 5.0, "accuracy": -0.002}


def synthetic(rows: int, *, seed: int) -> Dataset:
    """20 numbers and 8 categories of 2 to 60 levels, half of them with 5 % missing, about 30 % events.

    The truth is a sum of smooth and stepped curves, level effects and six pairs: it favours additive models.
    """
    random = np.random.default_rng(seed)
    z = random.normal(size=(rows, NUMBERS))
    columns: dict[str, Any] = {}
    for j in range(NUMBERS):
        value = z[:, j] * (j + 1) + (np.exp(z[:, j]) if j % 3 == 0 else 0.0)
        columns[f"n{j}"] = np.where(random.random(rows) < 0.05, np.nan, value) if j % 2 else value
    signal = np.sin(1.5 * z[:, 0]) + 0.6 * z[:, 1] + 0.5 * (z[:, 2] > 0) + 0.4 * np.abs(z[:, 3])
    signal += 0.15 * z[:, 4] ** 2 + sum(0.2 * np.tanh(z[:, j]) for j in range(5, 12))
    truth = np.random.default_rng(99)
    for j, levels in enumerate(np.linspace(2, 60, LABELS).astype(int)):
        codes = random.integers(0, levels, rows)
        names = np.array([f"level {i}" for i in range(levels)], dtype=object)[codes]
        if j % 2:
            names[random.random(rows) < 0.05] = None
        columns[f"c{j}"] = pandas.Series(names, dtype=object)
        signal += truth.normal(0, 0.35, levels)[codes]
    signal += sum(0.6 * np.sign(z[:, a]) * np.tanh(1.5 * z[:, b]) for a, b in PAIRS)
    target = (random.random(rows) < metrics.expit(1.2 * (signal - 1.3))).astype(np.int64)
    frame = pandas.DataFrame(columns)
    kinds = tuple(Column(name=c, kind="number" if c[0] == "n" else "category") for c in frame)
    task = Task(name="synthetic", kind="binary", target="y", positive="yes", columns=kinds)
    ids = np.arange(rows).astype(str).astype(object)
    return Dataset(task=task, frame=frame, row_ids=ids, target=target, classes=("no", "yes"))


def cpu_of(act: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this process and its children."""

    def spent() -> float:
        return sum(os.times()[:4])

    start = spent()
    result = act()
    return spent() - start, result


def plain_interpret(rows: Dataset, **options: Any) -> Any:
    """interpret's estimator as it comes: types left to find, 14 bags, pairs for 3 in each column's place."""
    kind = ExplainableBoostingRegressor if rows.task.kind == "regression" else ExplainableBoostingClassifier
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return kind(n_jobs=1, **options).fit(rows.features, rows.target)


def asked_interpret(model: Any, rows: Dataset) -> np.ndarray:
    if rows.task.kind == "regression":
        return model.predict(rows.features)
    found = model.predict_proba(rows.features)
    return found[:, 1] if rows.task.kind == "binary" else found


def ours(rows: Dataset) -> Any:
    """Columns described, pairs chosen, everything fitted: the standard level."""
    return families["ebm"].fit(rows, describe(rows, rows), Effort(level="standard"))


def asked_ours(fitted: Any, rows: Dataset) -> np.ndarray:
    return predict(make_scorer(fitted.record), rows.frame, len(rows))


def our_start(rows: Dataset) -> Any:
    features = describe(rows, rows)
    slots = make_slots(rows.frame, features, rows.task)
    return fit_native(rows, slots, settings={"max_rounds": 0, "outer_bags": 1, "n_jobs": 1})


def speed(rows: int) -> dict[str, float]:
    """CPU of both, the ratios, and the AUROC on fresh rows."""
    train, fresh = synthetic(rows, seed=0), synthetic(FRESH, seed=5)
    befores = [
        (
            cpu_of(lambda: plain_interpret(train, max_rounds=0, interactions=0, outer_bags=1))[0],
            cpu_of(lambda: our_start(train))[0],
        )
        for _ in range(3)
    ]
    before = [float(np.median(side)) for side in zip(*befores, strict=True)]
    own, fitted = cpu_of(lambda: ours(train))
    theirs, model = cpu_of(lambda: plain_interpret(train))
    return {
        "rows": rows, "interpret_cpu": theirs, "our_cpu": own, "ratio": theirs / own,
        "interpret_before": before[0], "our_before": before[1], "before_ratio": before[0] / before[1],
        "interpret_auroc": metrics.auroc(fresh.target, asked_interpret(model, fresh)),
        "our_auroc": metrics.auroc(fresh.target, asked_ours(fitted, fresh)),
        "our_pairs": fitted.settings["interactions"],
    }  # fmt: skip


MEASURES: dict[str, tuple[str, Callable[..., float]]] = {
    "binary": ("auroc", metrics.auroc),
    "multiclass": ("minus log loss", lambda y, p: -metrics.log_loss(y, p)),
    "regression": ("r2", metrics.r2),
}


def accuracy(name: str, folds: int) -> dict[str, Any]:
    """Ours minus interpret's on the same folds of one sample set, higher is better."""
    rows, _ = gather(Path("sample_data") / name / "task.toml", None)
    places = make_folds(rows, folds, seed=0)
    measure, judge = MEASURES[rows.task.kind]
    found: dict[str, list[float]] = {"interpret": [], "ours": [], "interpret_cpu": [], "our_cpu": []}
    for fold in range(folds):
        inside, outside = (rows.take(np.flatnonzero(mask)) for mask in (places != fold, places == fold))
        theirs, model = cpu_of(lambda inside=inside: plain_interpret(inside))
        own, fitted = cpu_of(lambda inside=inside: ours(inside))
        found["interpret"].append(judge(outside.target, asked_interpret(model, outside)))
        found["ours"].append(judge(outside.target, asked_ours(fitted, outside)))
        found["interpret_cpu"].append(theirs)
        found["our_cpu"].append(own)
    gap = np.array(found["ours"]) - np.array(found["interpret"])
    mean, error, _ = corrected_t(gap, test_to_train=1.0 / (folds - 1))
    half = float(stdtrit(folds - 1, 0.975)) * error
    return {
        "set": name, "measure": measure, "rows": len(rows), "folds": found, "difference": mean,
        "error": error,
        "low": mean - half, "high": mean + half,
        "ratio": sum(found["interpret_cpu"]) / sum(found["our_cpu"]),
    }  # fmt: skip


def together(sets: list[dict[str, Any]]) -> dict[str, float]:
    """Mean difference over the sets, each weighing the same; sets are independent, so their variances add."""
    mean = float(np.mean([one["difference"] for one in sets]))
    error = math.sqrt(sum(one["error"] ** 2 for one in sets)) / len(sets)
    return {"difference": mean, "low": mean - 1.96 * error, "high": mean + 1.96 * error}


def report_speed(found: dict[str, float]) -> bool:
    print(
        f"{found['rows']:>7,} rows: interpret {found['interpret_cpu']:.1f} s, ours {found['our_cpu']:.1f} s: "
        f"{found['ratio']:.1f}x less CPU; before boosting "
        f"{found['interpret_before']:.2f} and {found['our_before']:.2f} s: {found['before_ratio']:.1f}x; "
        f"AUROC {found['interpret_auroc']:.4f} and {found['our_auroc']:.4f} ({found['our_pairs']} pairs)",
        flush=True,
    )
    fits = found["our_auroc"] - found["interpret_auroc"] >= AIMS["accuracy"]
    return fits and found["ratio"] >= AIMS["cpu"] and found["before_ratio"] >= AIMS["before"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="*", default=[5_000, 50_000])
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=SETS)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    machine = f"{platform.platform(terse=True)}, {os.cpu_count()} CPUs, Python {platform.python_version()}"
    print(machine, package_versions(), flush=True)
    plain_interpret(synthetic(200, seed=1), max_rounds=1, outer_bags=1)  # the library loads here, not below
    result: dict[str, Any] = {"machine": machine, "versions": package_versions(), "aims": AIMS}
    result["date"] = time.strftime("%Y-%m-%d")
    result["sets"], result["speed"], fits = [], [], []
    for name in given.sets:
        found = accuracy(name, given.folds)
        result["sets"].append(found)
        print(
            f"{name}: {found['measure']} {found['difference']:+.4f} ({found['low']:+.4f} to "
            f"{found['high']:+.4f}), {found['ratio']:.1f}x less CPU",
            flush=True,
        )
    if result["sets"]:
        mean = result["mean"] = together(result["sets"])
        print(
            f"mean of sets: {mean['difference']:+.4f} ({mean['low']:+.4f} to {mean['high']:+.4f})", flush=True
        )
        fits.append(mean["difference"] >= AIMS["accuracy"])
    for rows in given.rows:
        result["speed"].append(speed(rows))
        fits.append(report_speed(result["speed"][-1]))
    if given.json:
        given.json.write_text(json.dumps(result, indent=1))
    return 0 if all(fits) else 1


if __name__ == "__main__":
    sys.exit(main())
