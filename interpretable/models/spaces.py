"""Which settings a search may try. The list depends on family, kind of task, seed and count only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from interpretable.records.task import TaskKind

Settings = dict[str, Any]
Draw = Callable[[np.random.Generator, TaskKind], Settings]


def _log(random: np.random.Generator, low: float, high: float) -> float:
    """Log-uniform, rounded so that it can be read and typed again."""
    return float(f"{np.exp(random.uniform(np.log(low), np.log(high))):.3g}")


def _pick(random: np.random.Generator, *values: Any) -> Any:
    return values[int(random.integers(len(values)))]


def _ebm(random: np.random.Generator, kind: TaskKind) -> Settings:
    """The settings that interpret's own guide and TabArena's search space find to matter most."""
    drawn = {
        "max_leaves": _pick(random, 2, 3),
        "learning_rate": _log(random, 0.01, 0.15),
        "smoothing_rounds": _pick(random, 0, 50, 100, 200, 500),
        "interactions": _pick(random, 0, 3, 5, 10, 20),
        "min_samples_leaf": _pick(random, 2, 4, 8, 16),
        "max_bins": _pick(random, 32, 64, 256, 1024),
        "missing": _pick(random, "separate", "gain"),
    }
    if kind == "multiclass":
        del drawn["interactions"]
    return drawn


def _xgboost(random: np.random.Generator, kind: TaskKind) -> Settings:
    return {
        "max_depth": int(random.integers(1, 7)),
        "eta": _log(random, 0.02, 0.2),
        "min_child_weight": _log(random, 0.5, 20.0),
        "subsample": round(float(random.uniform(0.5, 1.0)), 2),
        "colsample_bytree": round(float(random.uniform(0.4, 1.0)), 2),
        "lambda": _log(random, 0.3, 20.0),
    }


DRAWS: dict[str, Draw] = {"ebm": _ebm, "mixed": _ebm, "xgboost": _xgboost}  # mixed: its curves
# Tried before anything is drawn, as they are good on many tables: mains only and smooth; slow; few leaves.
_CURVES: tuple[Settings, ...] = (
    {"smoothing_rounds": 300, "min_samples_leaf": 8, "max_bins": 64},
    {"learning_rate": 0.02, "max_leaves": 2, "smoothing_rounds": 200},
)
FIRST: dict[str, tuple[Settings, ...]] = {
    "ebm": _CURVES,
    "mixed": _CURVES,
    "xgboost": (
        {"max_depth": 2, "eta": 0.05, "lambda": 3.0},
        {"max_depth": 1, "eta": 0.1},
    ),
}


def draw_settings(family: str, kind: TaskKind, *, count: int, seed: int) -> list[Settings]:
    """`count` settings, each as what differs from the defaults; the first one is the defaults themselves.

    A longer list begins with the shorter one. A family without a space has its defaults only.

    Examples
    --------
    >>> draw_settings("linear", "binary", count=5, seed=0)
    [{}]
    >>> draw_settings("ebm", "binary", count=9, seed=3)[:4] == draw_settings("ebm", "binary", count=4, seed=3)
    True
    """
    if family not in DRAWS:
        return [{}]
    random = np.random.default_rng([seed, *family.encode()])
    fixed = [{}, *FIRST[family]]
    drawn = [DRAWS[family](random, kind) for _ in range(max(count - len(fixed), 0))]
    return [*fixed, *drawn][: max(count, 1)]
