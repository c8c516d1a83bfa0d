"""Small makers of `Figure`."""

from __future__ import annotations

import math

import numpy as np

from interpretable.records.evaluation import Figure
from interpretable.stats import bca, bootstrap, clustered, delong, metrics
from interpretable.stats.intervals import logit_wald, mean_t, wilson

WIDER = 2.0  # a bootstrap-t interval of an error more than this many times as wide as BCa's is not believed


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


def share(hits: np.ndarray, groups: np.ndarray | None, *, empty: str) -> Figure:
    """Share of true bool[n] with its Wilson interval; by group where rows of one group belong together."""
    own = None if groups is None or len(hits) == 0 else clustered.codes(groups)
    if own is None:
        return proportion(int(hits.sum()), len(hits), empty=empty)
    return whole(float(hits.mean()), clustered.share(hits, own), "wilson cluster")


def mean(values: np.ndarray, groups: np.ndarray | None) -> Figure:
    """The mean of f8[n] with Student's t interval, by group where given."""
    value = float(values.mean())
    if groups is not None:
        return whole(value, clustered.mean_t(values, groups), "t cluster")
    return whole(value, mean_t(values) if len(values) > 1 else None, "t")


def area(observed: np.ndarray, score: np.ndarray, groups: np.ndarray | None = None) -> Figure:
    """AUROC of an event (0/1) with DeLong's interval on the log-odds scale, Obuchowski's with `groups`.

    Where the variance is zero or not defined (perfect separation, one event) Newcombe's interval stands in,
    with groups as many rows as there are groups with and without the event.
    """
    events, others = int(np.sum(observed == 1)), int(np.sum(observed != 1))
    if events == 0 or others == 0:
        return absent("one_class" if events + others else "no_rows")
    value = metrics.auroc(observed, score)
    error = math.sqrt(delong.variance(observed, score, groups))
    if groups is not None:
        events, others = (len(np.unique(groups[observed == kind])) for kind in (1, 0))
    if min(events, others) < 2 or error < 1e-12 or not 0.0 < value < 1.0:
        return whole(value, delong.newcombe_interval(value, events, others), "newcombe")
    if groups is not None:
        edges = delong.logit_interval(value, error, z=clustered.quantile(groups))
        return whole(value, edges, "delong cluster")
    return whole(value, delong.logit_interval(value, error), "delong")


def resampled(
    value: float, draws: np.ndarray, *, missing: str, units: int, groups: np.ndarray | None = None
) -> Figure:
    """A figure with its bootstrap percentile interval; `missing` is the code where the value is NaN.

    `units` : rows; with `groups` the groups are counted. BCa was tried for Brier skill, R2, macro F1 and
    paired losses and was not nearer to 95 % (docs/explanation/resampling.md).
    """
    if not math.isfinite(value):
        return absent(missing)
    if groups is None:
        return whole(value, bootstrap.percentile(draws, units=units), "bootstrap")
    edges = bootstrap.percentile(draws, units=int(groups.max()) + 1)
    return whole(value, edges, "bootstrap cluster")


def mean_loss(
    losses: np.ndarray, draws: np.ndarray, *, root: bool = False, groups: np.ndarray | None = None
) -> Figure:
    """Mean of f8[n] losses (`root`: its square root) with a bootstrap-t interval; no loss is below zero.

    The bootstrap-t divides by the spread of a resample. Where that rests on a few huge losses the interval
    can reach many times the value: if it is more than WIDER times as wide as the BCa interval, BCa stands in.
    `draws` : f8[b, 2] of `bootstrap.mean_and_error`.
    """
    value, by = float(losses.mean()), "" if groups is None else " cluster"
    edges = _on_scale(bootstrap.studentised(losses, draws, groups=groups), root=root)
    value = math.sqrt(value) if root else value
    if edges is None:
        return whole(value, None, "")
    means = bootstrap.weighted_mean(losses)
    left_out = bca.jackknife(means, len(losses), groups=groups)
    other = _on_scale(bca.bca(float(losses.mean()), draws[:, 0], left_out), root=root)
    if other is not None and edges[1] - edges[0] > WIDER * (other[1] - other[0]):
        return whole(value, other, f"bca{by}")
    return whole(value, edges, f"bootstrap-t{by}")


def _on_scale(edges: tuple[float, float] | None, *, root: bool) -> tuple[float, float] | None:
    """No loss is below zero; the square root of a mean square is what is reported."""
    if edges is None:
        return None
    low, high = (max(edge, 0.0) for edge in edges)
    return (math.sqrt(low), math.sqrt(high)) if root else (low, high)


def resampled_logit(value: float, draws: np.ndarray, *, missing: str, by: str = "") -> Figure:
    """As `resampled` for a value in (0, 1): normal on the log-odds scale with the bootstrap's spread."""
    if not math.isfinite(value):
        return absent(missing)
    inside = draws[(draws > 0.0) & (draws < 1.0)]
    if not 0.0 < value < 1.0 or len(inside) < bootstrap.USABLE * len(draws):
        return whole(value, bootstrap.percentile(draws), f"bootstrap{by}")
    error = float(np.std(np.log(inside / (1.0 - inside)), ddof=1))
    return whole(value, logit_wald(value, error), f"bootstrap logit{by}")
