"""Interventional SHAP values of many rows: shap against woodelf-explainer, CPU seconds of one thread.

Run: python -m benchmarks.batch_shap [--rows 2000 10000] [--json OUT]
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import platform
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import xgboost

BACKGROUND = 100


def make_rows(rows: int, columns: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers with 5 % missing in half of the columns, and an outcome with steps and one pair."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(rows, columns))
    signal = np.sin(x[:, 0] * 2) + (x[:, 1] > 0.5) + x[:, 2] * x[:, 3] / 2 + 0.3 * x[:, 4:8].sum(axis=1)
    x[:, : columns // 2][random.random((rows, columns // 2)) < 0.05] = np.nan
    return x, (random.random(rows) < 1 / (1 + np.exp(-signal))).astype(int)


def make_booster(depth: int, rounds: int, columns: int) -> xgboost.Booster:
    x, y = make_rows(5_000, columns, 0)
    parameters = {"objective": "binary:logistic", "max_depth": depth, "eta": 0.05, "nthread": 1, "seed": 0}
    return xgboost.train(parameters, xgboost.DMatrix(x, label=y), num_boost_round=rounds)


def by_shap(booster: xgboost.Booster, behind: np.ndarray, rows: np.ndarray) -> np.ndarray:
    import shap

    explainer = shap.TreeExplainer(booster, data=behind, model_output="raw")
    return np.asarray(explainer.shap_values(rows, check_additivity=False))


def by_woodelf(booster: xgboost.Booster, behind: np.ndarray, rows: np.ndarray) -> np.ndarray:
    from woodelf import WoodelfExplainer

    names = [f"f{i}" for i in range(rows.shape[1])]
    explainer = WoodelfExplainer(booster, pandas.DataFrame(behind, columns=names))
    return np.asarray(explainer.shap_values(pandas.DataFrame(rows, columns=names)))


def timed(make: Any, *given: Any) -> tuple[np.ndarray, float]:
    start = time.process_time()
    values = make(*given)
    return values, time.process_time() - start


def compare(depth: int, rounds: int, columns: int, rows: int) -> dict[str, Any]:
    booster = make_booster(depth, rounds, columns)
    behind, cases = make_rows(BACKGROUND, columns, 1)[0], make_rows(rows, columns, 2)[0]
    one, slow = timed(by_shap, booster, behind, cases)
    two, fast = timed(by_woodelf, booster, behind, cases)
    margin = booster.inplace_predict(cases, predict_type="margin")
    base = booster.inplace_predict(behind, predict_type="margin").mean()
    return {
        "depth": depth, "rounds": rounds, "columns": columns, "rows": rows, "shap_cpu": round(slow, 2),
        "woodelf_cpu": round(fast, 2), "ratio": round(slow / fast, 1),
        "largest_difference": float(np.abs(one - two).max()),
        "additivity_shap": float(np.abs(base + one.sum(axis=1) - margin).max()),
        "additivity_woodelf": float(np.abs(base + two.sum(axis=1) - margin).max()),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[2_000, 10_000])
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    versions = {name: importlib.metadata.version(name) for name in ("shap", "woodelf-explainer", "numpy")}
    versions |= {"xgboost": xgboost.__version__, "python": platform.python_version()}
    results = [compare(3, 150, 20, rows) for rows in asked.rows] + [compare(5, 150, 20, asked.rows[0])]
    for found in results:
        print(json.dumps(found))
    if asked.json:
        asked.json.write_text(
            json.dumps({"versions": versions, "results": results}, indent=1), encoding="utf-8"
        )
    print(json.dumps(versions))


if __name__ == "__main__":
    main()
