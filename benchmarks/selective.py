"""How often promises on the errors of cases decided alone are broken, and what they cost in cases decided.

Simulation with a known truth: a calibrated binary model whose log-odds are normal, so that the true error of
every threshold is known. For each repeat a training part (out of fold) and a calibration part are drawn.
Compared are the loosest threshold with an observed error of at most the limit (naive), and fixed-sequence
Learn then Test along thresholds at 1 % steps of the training part: started at the strictest, at the strictest
that decides enough rows to pass, at four places that share delta, and where the training part makes the
smallest p-value likely (ours).

Run: python -m benchmarks.selective [--repeats 2000] [--json OUT]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from interpretable.stats import selective

SPREADS = {0.16: 3.06, 0.105: 5.0}  # base error: standard deviation of the log-odds
SETTINGS = (
    (0.16, 200, 0.10), (0.16, 500, 0.10), (0.16, 2000, 0.10), (0.16, 500, 0.05), (0.16, 2000, 0.05),
    (0.105, 200, 0.10), (0.105, 500, 0.05), (0.105, 2000, 0.02),
)  # fmt: skip
SIZE = 400_000


def expit(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def draw(random: np.random.Generator, spread: float, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Confidence f8[n] and errors bool[n]."""
    p = expit(spread * random.standard_normal(n))
    confidence = np.maximum(p, 1 - p)
    return confidence, random.random(n) > confidence


def starts_of(before: selective.Path, share: float, alpha: float, delta: float) -> dict[str, tuple[int, ...]]:
    rules = len(before.decided)
    enough = before.decided * share >= 1.3 * selective.rows_needed(alpha, delta)
    return {
        "strictest": (0,),
        "enough rows": (int(np.argmax(enough)) if enough.any() else rules - 1,),
        "four starts": tuple(int(s) for s in np.unique(np.linspace(0, rules - 1, 5)[:4].astype(int))),
        "ours": (selective.best_start(before, share, alpha),),
    }


def simulate(base: float, n: int, alpha: float, *, delta: float, repeats: int) -> list[dict[str, Any]]:
    random = np.random.default_rng(7)
    spread = SPREADS[base]
    sure = np.sort(draw(random, spread, SIZE)[0])[::-1]
    risk = np.cumsum(1 - sure) / np.arange(1, SIZE + 1)

    def truth(threshold: float) -> tuple[float, float]:
        decided = int(np.searchsorted(-sure, -threshold, side="right"))
        return decided / SIZE, float(risk[decided - 1]) if decided else 0.0

    found: dict[str, list[tuple[float, float]]] = {}
    for _ in range(repeats):
        known, wrong = draw(random, spread, 3 * n)
        thresholds = np.unique(np.append(np.quantile(known, 1 - np.arange(1, 100) / 100), 0.0))[::-1]
        before = selective.path_of_thresholds(known, wrong, thresholds)
        confidence, errors = draw(random, spread, n)
        path = selective.path_of_thresholds(confidence, errors, thresholds)
        for name, starts in starts_of(before, 1 / 3, alpha, delta).items():
            rule = selective.certify(path, alpha, delta, starts).rule
            found.setdefault(name, []).append((0.0, 0.0) if rule is None else truth(thresholds[rule]))
        order = np.argsort(-confidence)
        kept = np.flatnonzero(np.cumsum(errors[order]) / np.arange(1, n + 1) <= alpha)
        found.setdefault("naive", []).append(truth(confidence[order][kept[-1]]) if len(kept) else (0.0, 0.0))
    best = float((risk <= alpha).mean())
    return [
        {
            "base": base, "n": n, "alpha": alpha, "method": name, "possible": round(best, 3),
            "broken": round(float(np.mean([r > alpha for _, r in rows])), 4),
            "decided": round(float(np.mean([c for c, _ in rows])), 3),
        }
        for name, rows in found.items()
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=2000)
    parser.add_argument("--delta", type=float, default=0.1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    results = []
    for base, n, alpha in SETTINGS:
        rows = simulate(base, n, alpha, delta=asked.delta, repeats=asked.repeats)
        results += rows
        cells = "  ".join(f"{r['method']} {r['broken']:.3f} / {r['decided']:.2f}" for r in rows)
        print(f"base {base:.3f} n {n} limit {alpha:.2f} possible {rows[0]['possible']:.2f}: {cells}")
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
