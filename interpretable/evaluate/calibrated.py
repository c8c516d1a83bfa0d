"""Calibration of one model on one part, in depth: the smooth curve, and how far it lies from the diagonal."""

from __future__ import annotations

import numpy as np

from interpretable.evaluate.figure import absent, whole
from interpretable.evaluate.measure import together
from interpretable.evaluate.real import checked, require_real
from interpretable.records.calibrators import ChanceRange, SmoothCurve, SmoothPoint, SpreadAt
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure
from interpretable.stats import calibration, clustered, isotonic, smooth

POINTS = 41
MOST_CLASSES = 4
FEWEST_EVENTS = 20  # rows of a class, for a curve of its own
MIDDLE = (0.025, 0.975)  # the curve is drawn over this part of the predictions: ends are single persons
FEWEST_RANGES = 50  # calibration rows, for Venn-Abers' two probabilities
SAID = tuple(round(0.05 * k, 2) for k in range(1, 20))


def curves_of(
    rows: Dataset, predicted: np.ndarray, *, part: str, seed: int = 0, draws: int = 200
) -> tuple[SmoothCurve, ...]:
    """The curves of one model: of the event, of up to four frequent classes, or of the amount.

    `predicted` as for `measure`; rows of one group are not taken as independent. `draws` bounds the
    simulation of the ICI by chance; 0 leaves it out.
    """
    task = require_real(rows).task
    y, p = checked(task, rows.target, predicted)
    own = together(rows.groups)
    if task.kind == "regression":
        return (_amounts(y, p, own, part=part),)
    if task.kind == "binary":
        return (_chances(y.astype(float), p, own, part=part, how=(seed, draws)),)
    counts = np.bincount(y, minlength=len(rows.classes))
    main = [k for k in np.argsort(-counts, kind="stable")[:MOST_CLASSES] if counts[k] >= FEWEST_EVENTS]
    return tuple(
        _chances(
            (y == k).astype(float), p[:, k], own, part=part, output=rows.classes[k], how=(seed, draws)
        )
        for k in sorted(main)
    )  # fmt: skip


def _grid(p: np.ndarray) -> np.ndarray:
    if len(p) == 0:
        return np.zeros(0)
    low, high = np.quantile(p, MIDDLE)
    return np.linspace(low, high, POINTS)


def _chances(
    y: np.ndarray, p: np.ndarray, groups: np.ndarray | None, *, part: str, how: tuple[int, int],
    output: str = "",
) -> SmoothCurve:  # fmt: skip
    curve = smooth.chances(y, p, _grid(p), groups=groups)
    figures = _figures(y, p, groups) | _distances(curve, p)
    z = calibration.spiegelhalter(y, p) if len(y) else "no_rows"
    figures["spiegelhalter_z"] = absent(z) if isinstance(z, str) else Figure(value=z[0])
    known = not isinstance(curve, str) and how[1] > 0
    return SmoothCurve(
        output=output,
        part=part,
        n=len(y),
        events=int(y.sum()),
        knots=0 if isinstance(curve, str) else curve.knots,
        points=() if isinstance(curve, str) else _points(curve),
        figures=figures,
        ici_by_chance=smooth.ici_by_chance(p, seed=how[0], draws=how[1]) if known else None,
        p_value=None if isinstance(z, str) else z[1],
        reason=curve if isinstance(curve, str) else "",
    )


def _figures(y: np.ndarray, p: np.ndarray, groups: np.ndarray | None) -> dict[str, Figure]:
    """Slope, intercept and observed to expected, and the error in bins with and without its bias."""
    if len(np.unique(y)) < 2:
        return {}
    if groups is None:
        slope, intercept = calibration.slope(y, p), calibration.intercept(y, p)
    else:
        slope, intercept = clustered.slope(y, p, groups), clustered.intercept(y, p, groups)
    found = {"calibration_slope": slope, "calibration_intercept": intercept}
    figures = {
        name: absent(one) if isinstance(one, str) else whole(one[0], one[1:], "wald")
        for name, one in found.items()
    }
    ratio = calibration.oe_ratio(y, p)
    if groups is None and not isinstance(ratio, str):
        figures["oe_ratio"] = whole(ratio[0][0], ratio[0][1:], ratio[1])
    seen, unbiased = calibration.bin_error(y, p)
    return figures | {"bin_error": Figure(value=seen), "bin_error_debiased": Figure(value=unbiased)}


def _distances(curve: smooth.Smooth | str, p: np.ndarray) -> dict[str, Figure]:
    """ICI, E50, E90; without an interval: these are distances, and resamples only add to them."""
    if isinstance(curve, str):
        return {name: absent(curve) for name in ("ici", "e50", "e90")}
    found = smooth.distances(curve.at_rows, p)
    return {name: Figure(value=one) for name, one in zip(("ici", "e50", "e90"), found, strict=True)}


def _points(curve: smooth.Smooth) -> tuple[SmoothPoint, ...]:
    rows = zip(curve.grid, curve.value, curve.low, curve.high, strict=True)
    return tuple(
        SmoothPoint(said=float(s), happened=float(v), low=float(low), high=float(high))
        for s, v, low, high in rows
    )


def _amounts(y: np.ndarray, p: np.ndarray, groups: np.ndarray | None, *, part: str) -> SmoothCurve:
    curve = smooth.amounts(y, p, _grid(p), groups=groups)
    figures = _distances(curve, p)
    line: str | tuple[calibration.Estimate, calibration.Estimate] = "no_rows"
    if len(y):
        line = calibration.line(y, p) if groups is None else clustered.line(y, p, groups)
    for place, name in enumerate(("calibration_intercept", "calibration_slope")):
        one = line if isinstance(line, str) else line[place]
        figures[name] = absent(one) if isinstance(one, str) else whole(one[0], one[1:], "hc3")
    return SmoothCurve(
        output="",
        part=part,
        n=len(y),
        events=None,
        knots=0 if isinstance(curve, str) else curve.knots,
        points=() if isinstance(curve, str) else _points(curve),
        figures=figures,
        reason=curve if isinstance(curve, str) else "",
        spreads=_spreads(y, p),
    )


def _spreads(y: np.ndarray, p: np.ndarray) -> tuple[SpreadAt, ...]:
    """Standard deviation of the residuals in up to five bins of the estimate, chi-square interval."""
    from scipy.special import chdtri

    found = []
    for rows in calibration.bins(p, most=5, rows_each=30):
        n, rest = len(rows), y[rows] - p[rows]
        spread = float(np.std(rest, ddof=1)) if n > 2 else 0.0
        edges = tuple(spread * float(np.sqrt((n - 1) / chdtri(n - 1, q))) for q in (0.025, 0.975))
        figure = whole(spread, (edges[0], edges[1]), "chi2") if spread > 0 else absent("too_few_rows")
        found.append(SpreadAt(said=float(p[rows].mean()), n=n, spread=figure))
    return tuple(found)


def chance_ranges(y: np.ndarray, p: np.ndarray) -> tuple[ChanceRange, ...]:
    """Venn-Abers' two probabilities at round estimates, from rows that nothing was learned from."""
    if len(y) < FEWEST_RANGES or min(y.sum(), len(y) - y.sum()) < 10:
        return ()
    x, p0, p1 = isotonic.venn_abers(p, y)
    low, high = np.quantile(p, MIDDLE)
    return tuple(
        ChanceRange(
            said=s,
            low=float(p0[np.searchsorted(x, s, side="right") - 1]),
            high=float(p1[np.searchsorted(x, s, side="left")]),
        )
        for s in SAID
        if low <= s <= high
    )
