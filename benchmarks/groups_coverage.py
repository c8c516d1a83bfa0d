"""How often 95 % intervals of differences and ratios between two groups hold the truth.

python -m benchmarks.groups_coverage [REPEATS]

Shares are counted exactly over all pairs of counts; everything else is simulated. Prints the table of
docs/explanation/disparity.md.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator

import numpy as np

from interpretable.evaluate.disparity import Area, Measure, Sums, closed, from_persons
from interpretable.stats import metrics, two_groups

SIZES = ((50, 50), (50, 200), (200, 200))
SHARES = (0.1, 0.3, 0.5, 0.8)


def log_binomial(n: int, share: float) -> np.ndarray:
    """Probabilities f8[n + 1] of 0..n hits."""
    k = np.arange(n + 1)
    ways = np.array([math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) for i in k])
    return np.exp(ways + k * math.log(share) + (n - k) * math.log1p(-share))


def exact(n: int, m: int) -> Iterator[tuple[str, float, float, float]]:
    """Method, and least, mean and greatest coverage over the grid of shares."""
    methods: dict[str, tuple[Callable, Callable]] = {
        "difference of shares (Newcombe)": (two_groups.share_difference, lambda a, b: a - b),
        "ratio of shares (Koopman)": (two_groups.ratio_score, lambda a, b: a / b),
        "ratio of shares (Katz)": (two_groups.ratio_log, lambda a, b: a / b),
    }
    for name, (interval, truth) in methods.items():
        edges = np.array(
            [[interval(i, n, j, m) or (0.0, math.inf) for j in range(m + 1)] for i in range(n + 1)]
        )
        held = []
        for a in SHARES:
            for b in SHARES:
                weight = np.outer(log_binomial(n, a), log_binomial(m, b))
                inside = (edges[..., 0] <= truth(a, b)) & (truth(a, b) <= edges[..., 1])
                held.append(float((weight * inside).sum()))
        yield name, min(held), float(np.mean(held)), max(held)


def draw(random: np.random.Generator, n: int, shift: float) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and calibrated estimates of one group."""
    p = metrics.expit(shift + 1.3 * random.normal(size=n))
    return (random.random(n) < p).astype(float), p


def measures(y: np.ndarray, p: np.ndarray) -> dict[str, Measure]:
    one = np.ones(len(y))
    gap = p - y
    return {
        "AUROC (DeLong)": Area(y.astype(int), p),
        "mean estimate": Sums(p, one, share=False),
        "observed to expected": Sums(y, p, share=False),
        "mean error": Sums(gap, one, share=False),
        "root mean squared error (bootstrap)": Sums(gap**2, one, share=False, root=True),
    }


def value(measure: Measure) -> float:
    if isinstance(measure, Area):
        return metrics.auroc(measure.observed, measure.score)
    found = float(measure.above.sum() / measure.below.sum())
    return math.sqrt(found) if measure.root else found


def simulated(n: int, m: int, repeats: int) -> dict[str, list[float]]:
    """Coverage of the difference and of the ratio, by measure."""
    shifts = (-0.4, 0.4)
    random = np.random.default_rng(0)
    truths = [{k: value(v) for k, v in measures(*draw(random, 1_000_000, s)).items()} for s in shifts]
    held = {name: [0, 0, 0] for name in truths[0]}
    for repeat in range(repeats):
        sides = [draw(random, size, s) for size, s in zip((n, m), shifts, strict=True)]
        y, p = (np.concatenate(parts) for parts in zip(*sides, strict=True))
        rows, others = np.arange(n), np.arange(n, n + m)
        for name, measure in measures(y, p).items():
            if isinstance(measure, Sums) and measure.root:
                if repeat % 4:
                    continue
                found = from_persons(measure, rows, others, np.arange(n + m), (repeat, 400))
            else:
                found = closed(measure, rows, others)
            a, b = truths[0][name], truths[1][name]
            held[name][2] += 1
            for place, (figure, truth) in enumerate(
                ((found[0], a - b), (found[1], a / b if b else math.nan))
            ):
                known = figure.low is not None and figure.high is not None
                held[name][place] += bool(known and figure.low <= truth <= figure.high)
    return {name: [counts[0] / counts[2], counts[1] / counts[2]] for name, counts in held.items()}


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000
    print("| interval | rows | least | mean | greatest |")
    print("|---|---|---|---|---|")
    for n, m in SIZES:
        for name, low, mean, high in exact(n, m):
            print(f"| {name} | {n} / {m} | {100 * low:.1f} | {100 * mean:.1f} | {100 * high:.1f} |")
    print("\n| measure | rows | difference | ratio |\n|---|---|---|---|")
    for n, m in SIZES:
        for name, (difference, ratio) in simulated(n, m, repeats).items():
            told = "–" if name == "mean error" else f"{100 * ratio:.1f}"
            print(f"| {name} | {n} / {m} | {100 * difference:.1f} | {told} |")


if __name__ == "__main__":
    main()
