"""How often the promise of a cascade is broken, and what a second answer adds to the cases decided.

Simulation with a known truth, as benchmarks/selective.py: a calibrated binary small model whose log-odds are
normal. The second answer is worth nothing ("useless": a coin with much to say), or knows more on every row
("better": log-odds of a noisy look at the outcome itself). For each repeat a training part (3 rows per
calibration row, out of fold), a calibration part and a large part that stands for the truth are drawn. All
steps are those of collab/cascade.py: hand on, try the second answer on 60 training rows, fuse, chain, walk.
Compared is the loosest threshold with an observed error of at most the limit, on the same chain (naive).

Run: python -m benchmarks.cascade [--repeats 500] [--json OUT]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas

from interpretable.collab import cascade
from interpretable.collab.cascade import Answered, Limit
from interpretable.evaluate.selective import ask
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column, Task

SPREAD = {0.16: 3.06, 0.105: 5.0}  # base error: standard deviation of the log-odds
SETTINGS = ((0.16, 200, 0.10), (0.16, 500, 0.10), (0.105, 500, 0.05), (0.16, 2000, 0.10), (0.16, 2000, 0.05))
ASKED, TRUTH = 60, 20_000
TASK = Task(
    name="simulated", kind="binary", target="y", positive="yes", columns=(Column(name="x", kind="number"),)
)


def expit(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def draw(random: np.random.Generator, spread: float, n: int, second: str) -> tuple[Answered, np.ndarray]:
    """Rows as the small model answers them, and label log probabilities f8[n, 2] of the second."""
    p = expit(spread * random.standard_normal(n))
    y = (random.random(n) < p).astype(np.int64)
    signal = {"useless": 0.0, "better": 1.2}[second]
    link = signal * (2 * y - 1) + 1.5 * random.standard_normal(n) + 1.0  # leans to yes, as language models do
    frame = pandas.DataFrame({"x": np.zeros(n)})
    ids = np.arange(n).astype(str).astype(object)
    rows = Dataset(task=TASK, frame=frame, row_ids=ids, target=y, classes=("no", "yes"))
    asked = ask(rows, p, np.ones(n, dtype=bool))
    return Answered(asked=asked, chances=np.column_stack([1 - p, p])), np.log(
        np.column_stack([expit(-link), expit(link)])
    )


def once(random: np.random.Generator, base: float, n: int, limit: Limit, second: str) -> dict[str, Any]:
    known, known_large = draw(random, SPREAD[base], 3 * n, second)
    proof, proof_large = draw(random, SPREAD[base], n, second)
    test, test_large = draw(random, SPREAD[base], TRUTH, second)
    small = cascade.promise(known.asked, proof.asked, test.asked, limit=limit)
    keeps = cascade.hand_on(known.asked, n, limit)
    on = cascade.handed_on(known.asked, keeps)
    found = {
        "used": False,
        "small": _truth(small),
        "naive_small": _naive(proof.asked, test.asked, limit.level),
    }
    parts = (known.asked, proof.asked, test.asked)
    if on.sum() >= cascade.FEWEST:
        drawn = random.permutation(np.flatnonzero(on))[:ASKED]
        stage, trial = cascade.try_stage(
            known.take(drawn), known_large[drawn], seed=int(random.integers(1e9))
        )
        if stage.status == "used":
            found["used"] = True
            fusion, _ = cascade.fuse(known.take(drawn), known_large[drawn])
            second_known = np.full(known.chances.shape, np.nan)
            second_known[drawn] = trial.chances
            parts = (
                cascade.chain(known, on, second_known).take(cascade.stand_for(on, drawn)),
                *(
                    _chained(part, large, keeps, fusion)
                    for part, large in ((proof, proof_large), (test, test_large))
                ),
            )
    both = cascade.promise(*parts, limit=limit) if found["used"] else small
    return {**found, "cascade": _truth(both), "naive": _naive(parts[1], parts[2], limit.level)}


def _chained(part: Answered, large: np.ndarray, keeps: Any, fusion: Any) -> Any:
    on = cascade.handed_on(part.asked, keeps)
    given = np.where(on[:, None], large, np.nan)
    return cascade.chain(part, on, fusion.predict(part.chances, given))


def _truth(level: Any) -> tuple[float, float]:
    """Share decided and share wrong among these, of the rows that stand for the truth."""
    held = level.held
    return held.coverage.value or 0.0, held.error.value or 0.0


def _naive(proof: Any, test: Any, level: float) -> tuple[float, float]:
    order = np.argsort(-proof.confidence, kind="stable")
    kept = np.flatnonzero(np.cumsum(proof.wrong[order]) / np.arange(1, len(order) + 1) <= level)
    if not len(kept):
        return 0.0, 0.0
    taken = test.confidence >= proof.confidence[order][kept[-1]]
    return float(taken.mean()), float(test.wrong[taken].mean()) if taken.any() else 0.0


def simulate(base: float, n: int, level: float, second: str, *, delta: float, repeats: int) -> dict[str, Any]:
    random = np.random.default_rng(11)
    runs = [once(random, base, n, Limit(level=level, delta=delta), second) for _ in range(repeats)]
    row: dict[str, Any] = {"base": base, "n": n, "limit": level, "second": second, "repeats": repeats}
    row["used"] = float(np.mean([r["used"] for r in runs]))
    for name in ("small", "cascade", "naive_small", "naive"):
        shares, errors = np.array([r[name] for r in runs]).T
        row[name] = {"broken": float((errors > level).mean()), "decided": float(shares.mean())}
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=500)
    parser.add_argument("--delta", type=float, default=0.1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    results = []
    for base, n, level in SETTINGS:
        for second in ("useless", "better"):
            row = simulate(base, n, level, second, delta=asked.delta, repeats=asked.repeats)
            results.append(row)
            cells = "  ".join(
                f"{name} {row[name]['broken']:.3f} / {row[name]['decided']:.2f}"
                for name in ("small", "cascade", "naive_small", "naive")
            )
            print(f"base {base} n {n} limit {level} {second} used {row['used']:.3f}: {cells}", flush=True)
            if asked.json:
                asked.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
