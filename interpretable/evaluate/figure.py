"""Small makers of `Figure`."""

from __future__ import annotations

import math

import numpy as np

from interpretable.records.evaluation import Figure
from interpretable.stats import bootstrap, delong, metrics
from interpretable.stats.intervals import logit_wald, wilson


def absent(reason: str) -> Figure:
    """A figure that could not be computed, and the code of why."""
    return Figure(value=None, reason=reason)


def whole(value: float, edges: tuple[float, float] | None, method: str, *, point: bool = False) -> Figure:
    """A figure with its interval; without one the reason code `no_interval` stands beside the value.

    An interval without width means that the rows did not vary, not that the value is known exactly: it counts
    as none, unless `point` says that a single point is right (two models that agree on every row).
    """
    known = edges is not None and all(math.isfinite(edge) for edge in edges)
    if not known or (not point and edges[1] - edges[0] <= 1e-12 * max(1.0, abs(value))):
        return Figure(value=float(value), reason="no_interval")
    return Figure(value=float(value), low=float(edges[0]), high=float(edges[1]), method=method)


def proportion(hits: int, n: int, *, empty: str) -> Figure:
    """A share with its Wilson interval."""
    return absent(empty) if n == 0 else whole(hits / n, wilson(int(hits), int(n)), "wilson")


def area(observed: np.ndarray, score: np.ndarray) -> Figure:
    """AUROC of an event (0/1) with DeLong's interval on the log-odds scale.

    Where DeLong's variance is zero or not defined (perfect separation, one event) Newcombe's interval
    stands in.
    """
    events, others = int(np.sum(observed == 1)), int(np.sum(observed != 1))
    if events == 0 or others == 0:
        return absent("one_class" if events + others else "no_rows")
    value = metrics.auroc(observed, score)
    error = math.sqrt(delong.variance(observed, score))
    if min(events, others) < 2 or error < 1e-12 or not 0.0 < value < 1.0:
        return whole(value, delong.newcombe_interval(value, events, others), "newcombe")
    return whole(value, delong.logit_interval(value, error), "delong")


def resampled(value: float, draws: np.ndarray, *, missing: str) -> Figure:
    """A figure with its bootstrap percentile interval; `missing` is the code where the value is NaN."""
    if not math.isfinite(value):
        return absent(missing)
    return whole(value, bootstrap.percentile(draws), "bootstrap")


def mean_loss(losses: np.ndarray, draws: np.ndarray, *, root: bool = False) -> Figure:
    """Mean of f8[n] losses (`root`: its square root) with a bootstrap-t interval; no loss is below zero.

    `draws` : f8[b, 2] of `bootstrap.mean_and_error`.
    """
    edges, value = bootstrap.studentised(losses, draws), float(losses.mean())
    if edges is not None:
        edges = max(edges[0], 0.0), max(edges[1], 0.0)
    if root:
        edges, value = edges and (math.sqrt(edges[0]), math.sqrt(edges[1])), math.sqrt(value)
    return whole(value, edges, "bootstrap-t")


def resampled_logit(value: float, draws: np.ndarray, *, missing: str) -> Figure:
    """As `resampled` for a value in (0, 1): normal on the log-odds scale with the bootstrap's spread."""
    if not math.isfinite(value):
        return absent(missing)
    inside = draws[(draws > 0.0) & (draws < 1.0)]
    if not 0.0 < value < 1.0 or len(inside) < bootstrap.USABLE * len(draws):
        return whole(value, bootstrap.percentile(draws), "bootstrap")
    error = float(np.std(np.log(inside / (1.0 - inside)), ddof=1))
    return whole(value, logit_wald(value, error), "bootstrap logit")
