"""Our intervals: how long they take, and how often they hold the truth.

python -m benchmarks.statistics              seconds of one bootstrap for all rank metrics
python -m benchmarks.statistics --coverage   simulated coverage of nominal 95 % intervals, as a table
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np

from interpretable import evaluate
from interpretable.evaluate import binary, regression
from interpretable.records.evaluation import Figure
from interpretable.records.task import Task
from interpretable.stats import bootstrap, metrics

Rows = tuple[np.ndarray, np.ndarray, np.ndarray | None]
PERSONS = 4  # rows of each


def draw_chances(
    rng: np.random.Generator, n: int, level: float, *, clustered: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Outcomes of a calibrated model; clustered: PERSONS rows share half of their score and of their luck."""
    if not clustered:
        p = metrics.expit(level + 1.3 * rng.normal(size=n))
        return (rng.random(n) < p).astype(int), p, None
    groups = np.arange(n) // PERSONS
    count = int(groups[-1]) + 1
    shared, own = rng.normal(size=count)[groups], rng.normal(size=n)
    link = level + 1.3 * (np.sqrt(0.5) * shared + np.sqrt(0.5) * own)
    luck = np.sqrt(0.5) * rng.normal(size=count)[groups] + np.sqrt(0.5) * rng.normal(size=n)
    from scipy.special import ndtr

    return (ndtr(luck) < metrics.expit(link)).astype(int), metrics.expit(link), groups


def draw_numbers(
    rng: np.random.Generator, n: int, tail: str, *, clustered: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Numbers with normal, log-normal or Student (4 degrees of freedom) noise around the prediction."""
    groups = np.arange(n) // PERSONS if clustered else None
    guess = rng.normal(0, 3, n)
    if clustered:
        count = int(groups[-1]) + 1  # type: ignore[index]  # clustered, so there are groups
        noise = np.sqrt(2.0) * (rng.normal(size=count)[groups] + rng.normal(size=n))
    elif tail == "normal":
        noise = rng.normal(0, 2, n)
    elif tail == "log-normal":
        noise = np.exp(rng.normal(0, 1, n)) - np.exp(0.5)
    else:
        noise = rng.standard_t(4, n)
    return guess + noise, guess, groups


@cache
def truth(kind: str, setting: Any, clustered: bool) -> dict[str, float]:
    """The figures on three million rows."""
    rng = np.random.default_rng(0)
    if kind == "regression":
        y, p, _ = draw_numbers(rng, 3_000_000, setting, clustered=clustered)
        found = {"rmse": metrics.rmse(y, p), "mae": metrics.mae(y, p), "r2": metrics.r2(y, p)}
        return found | {"bias": 0.0, "calibration_slope": 1.0, "calibration_intercept": 0.0}
    y, p, _ = draw_chances(rng, 3_000_000, setting, clustered=clustered)
    chosen = p >= 0.3
    found = {
        "auroc": metrics.auroc(y, p),
        "auprc": metrics.average_precision(y, p),
        "prevalence": float(y.mean()),
        "log_loss": metrics.log_loss(y, p),
        "brier": metrics.brier(y, p),
        "brier_skill": metrics.brier_skill(y, p),
        "sensitivity": float(chosen[y == 1].mean()),
        "ppv": float(y[chosen].mean()),
    }
    return found | {"calibration_slope": 1.0, "calibration_intercept": 0.0, "oe_ratio": 1.0}


SETTINGS: dict[str, tuple[str, Any, int, bool]] = {
    "50 rows": ("binary", 0.0, 50, False),
    "300 rows, 15 % events": ("binary", -2.0, 300, False),
    "50 persons, 200 rows": ("binary", 0.0, 200, True),
    "numbers, 50 rows": ("regression", "normal", 50, False),
    "numbers, log-normal noise, 50 rows": ("regression", "log-normal", 50, False),
    "numbers, Student noise, 100 rows": ("regression", "student", 100, False),
    "numbers, 50 persons, 200 rows": ("regression", "normal", 200, True),
}


def figures_of(setting: str, rng: np.random.Generator, resamples: int, seed: int) -> dict[str, Figure]:
    """One simulated study's figures."""
    kind, level, n, clustered = SETTINGS[setting]
    if kind == "binary":
        y, p, groups = draw_chances(rng, n, level, clustered=clustered)
        return binary.figures(y, p, cut=0.3, seed=seed, resamples=resamples, groups=groups)
    y, p, groups = draw_numbers(rng, n, level, clustered=clustered)
    return regression.figures(y, p, seed=seed, resamples=resamples, groups=groups)


def coverage(setting: str, repeats: int, *, resamples: int) -> dict[str, tuple[float, float, float]]:
    """By metric: share of intervals below the truth, holding it, above it. No interval counts as a miss."""
    kind, level, _, clustered = SETTINGS[setting]
    known, rng = truth(kind, level, clustered), np.random.default_rng(1)
    counts = {name: np.zeros(3) for name in known}
    for repeat in range(repeats):
        for name, figure in figures_of(setting, rng, resamples, repeat).items():
            if name in known and figure.low is not None and figure.high is not None:
                counts[name] += (
                    figure.high < known[name],
                    figure.low <= known[name] <= figure.high,
                    figure.low > known[name],
                )
    return {name: tuple(found / repeats) for name, found in counts.items()}


def paired(repeats: int, n: int, *, resamples: int, clustered: bool = False) -> dict[str, float]:
    """Coverage of the paired difference of two models; the second has noise added to its log-odds."""
    task = Task(name="t", kind="binary", target="y", columns=(), positive="yes")

    def rows(rng: np.random.Generator, n: int) -> tuple[np.ndarray, dict[str, np.ndarray], Any]:
        y, p, groups = draw_chances(rng, n, 0.0, clustered=clustered)
        return y, {"a": p, "b": metrics.expit(metrics.logit(p) + rng.normal(0, 0.8, n))}, groups

    y, both, _ = rows(np.random.default_rng(0), 2_000_000)
    functions: dict[str, Callable[..., float]] = {
        "auroc": metrics.auroc, "log_loss": metrics.log_loss, "brier": metrics.brier,
    }  # fmt: skip
    known = {name: f(y, both["b"]) - f(y, both["a"]) for name, f in functions.items()}
    held, rng = dict.fromkeys(known, 0), np.random.default_rng(1)
    for repeat in range(repeats):
        y, both, groups = rows(rng, n)
        found = evaluate.compare(task, y, both, against="a", seed=repeat, resamples=resamples, groups=groups)
        for one in found:
            low, high = one.difference.low, one.difference.high
            held[one.metric] += low is not None and high is not None and low <= known[one.metric] <= high
    return {name: count / repeats for name, count in held.items()}


def seconds(rows: int = 20_000, resamples: int = 2000) -> Iterator[tuple[str, float]]:
    """CPU seconds, median of three: ours for all four figures and AUROC, ours by groups."""
    y, p, _ = draw_chances(np.random.default_rng(0), rows, -1.0)
    order = bootstrap.ranked(p)
    y, p = y[order], p[order]
    statistic = binary.together(y, p)
    check = statistic(np.ones((1, rows)))[0]
    if abs(check[6] - metrics.auroc(y, p)) > 1e-12 or abs(check[5] - metrics.average_precision(y, p)) > 1e-12:
        raise SystemExit("the sorted pass and the plain measures disagree")
    groups = np.random.default_rng(1).integers(0, rows // 4, rows)
    groups = np.unique(groups, return_inverse=True)[1]
    for name, own in (("rows", None), ("persons, 4 rows each", groups)):
        inner = statistic if own is None else binary.together(y, p, own)
        times = []
        for _ in range(3):
            start = time.process_time()
            bootstrap.distribution(inner, rows, resamples=resamples, seed=0, groups=own)
            times.append(time.process_time() - start)
        yield name, sorted(times)[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--coverage", action="store_true")
    parser.add_argument("--repeats", type=int, default=2000)
    parser.add_argument("--resamples", type=int, default=500)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    python = platform.python_version()
    print(f"{platform.system()} {platform.machine()}, Python {python}, numpy {np.__version__}")
    if not given.coverage:
        for name, used in seconds():
            print(f"2,000 resamples of 20,000 {name}: {used:.2f} CPU seconds")
        return
    for setting in SETTINGS:
        if given.only in setting:
            found = coverage(setting, given.repeats, resamples=given.resamples)
            print(f"\n{setting}\n  metric: holds the truth (interval too low, too high)")
            for name, (low, inside, high) in found.items():
                print(f"  {name:22s} {100 * inside:5.1f}  ({100 * low:.1f}, {100 * high:.1f})")
    for n, clustered in ((50, False), (300, False), (200, True)):
        label = f"paired difference, {n} rows" + (", 50 persons" if clustered else "")
        if given.only in label:
            print(label, paired(given.repeats, n, resamples=given.resamples, clustered=clustered))


if __name__ == "__main__":
    main()
