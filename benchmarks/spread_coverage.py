"""How often the spread between refits holds the true chance: simulation with a known truth.

For each simulation a model is fitted on fresh rows; for new cases the true chance is known. Counted is how
often it lies between the lowest and the highest estimate of the model's refits. A 95 % interval would hold it
in 93 to 97 %.

Run: python -m benchmarks.spread_coverage [--simulations 12] [--rows 400] [--json OUT]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas

from interpretable.models import ebm, linear  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column, Task
from interpretable.score.scorer import columns_of, make_scorer, predicted

COLUMNS = 6


def chances(x: np.ndarray, *, straight: bool) -> np.ndarray:
    """True chances: a straight sum, or one with a bend and a step."""
    bent = x[:, 0] if straight else np.sin(1.5 * x[:, 0]) * 1.2
    step = x[:, 1] if straight else 1.2 * (x[:, 1] > 0.3)
    return 1 / (1 + np.exp(-(bent + step + 0.5 * x[:, 2] - 0.5)))


def make_rows(rows: int, seed: int, *, straight: bool) -> tuple[Dataset, np.ndarray]:
    random = np.random.default_rng(seed)
    x = random.normal(size=(rows, COLUMNS))
    true = chances(x, straight=straight)
    columns = tuple(Column(name=f"x{j}", kind="number") for j in range(COLUMNS))
    task = Task(name="simulated", kind="binary", target="y", positive="yes", columns=columns)
    frame = pandas.DataFrame(x, columns=[c.name for c in columns])
    ids = np.array([str(i) for i in range(rows)], dtype=object)
    target = (random.random(rows) < true).astype(np.int64)
    return Dataset(task=task, frame=frame, row_ids=ids, target=target, classes=("no", "yes")), true


def coverage(family: str, *, straight: bool, simulations: int, rows: int, refits: int) -> dict[str, Any]:
    shares, widths = [], []
    cases, true = make_rows(500, 10_000, straight=straight)
    for seed in range(simulations):
        train, _ = make_rows(rows, seed, straight=straight)
        fitted = families[family].fit(train, describe(train, train), Effort(seed=seed, refits=refits))
        scorer = make_scorer(fitted.record)
        scores = scorer.refit_scores(columns_of(scorer, cases), len(cases))
        estimates = np.stack([predicted(scorer, some) for some in scores])
        low, high = estimates.min(axis=0), estimates.max(axis=0)
        shares.append(float(((low <= true) & (true <= high)).mean()))
        widths.append(float((high - low).mean()))
    return {
        "family": family, "truth": "straight" if straight else "bent", "rows": rows, "refits": len(estimates),
        "simulations": simulations, "coverage": round(float(np.mean(shares)), 3),
        "error": round(float(np.std(shares, ddof=1) / np.sqrt(simulations)), 3),
        "width": round(float(np.mean(widths)), 3),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--simulations", type=int, default=12)
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    results = []
    for family in ("linear", "ebm"):
        for straight in (True, False):
            found = coverage(
                family, straight=straight, simulations=asked.simulations, rows=asked.rows, refits=20
            )
            print(json.dumps(found), flush=True)
            results.append(found)
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
