"""Overfit regions: slices where the model does far better on its own training rows than out of fold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from interpretable.evaluate.judged import Judged, mean_figure
from interpretable.evaluate.weakspots import ALPHA, at, ranked, slices_of
from interpretable.records.diagnostics import Conditions, Overfit, OverfitRegion
from interpretable.stats.slices import largest_p, studentised

SHOWN = 5
MOST_ROWS = 4_000  # each shuffle looks at all slices


def find_overfit(
    oof: Judged, fit: Judged, names: Sequence[str], *, resamples: int = 199, seed: int = 0
) -> Overfit | None:
    """Slices whose gap (out-of-fold loss less loss of the final model on the same training rows) is larger.

    p-values are adjusted for all slices by the largest statistic over shuffled gaps (Westfall and Young,
    1993). Gaps of one fold share a model and are a little dependent; this is not allowed for.

    Parameters
    ----------
    oof : training rows, each judged by a model that did not see it
    fit : the same rows, judged by the final model
    names : columns to slice by, most important first
    """
    if len(oof) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(seed).permutation(len(oof))[:MOST_ROWS])
        oof, fit = oof.take(rows), fit.take(rows)
    space, pairs = slices_of(oof, names)
    if not pairs.valid.any():
        return None
    gap = oof.loss - fit.loss
    p = largest_p(pairs, gap, resamples=resamples, seed=seed)
    places = ranked(pairs, studentised(pairs, gap), from_t=0.0, most=SHOWN)
    regions = []
    for place in places:
        mask = (pairs.members[:, place[0]] * pairs.members[:, place[1]]) > 0
        regions.append(_region(at(space, place), (oof, fit), mask, float(p[place])))
    return Overfit(
        searched=int(pairs.valid.sum()), gap=mean_figure(gap), fit_loss=float(fit.loss.mean()),
        oof_loss=float(oof.loss.mean()), regions=tuple(regions),
    )  # fmt: skip


def _region(
    conditions: Conditions, judged: tuple[Judged, Judged], mask: np.ndarray, p: float
) -> OverfitRegion:
    oof, fit = judged
    gap = oof.loss - fit.loss
    return OverfitRegion(
        conditions=conditions, n=int(mask.sum()), fit_loss=float(fit.loss[mask].mean()),
        oof_loss=float(oof.loss[mask].mean()), gap=float(gap[mask].mean()),
        rest_gap=float(gap[~mask].mean()), p_value=p,
    )  # fmt: skip


def confirmed(region: OverfitRegion) -> bool:
    """Whether chance alone would hardly give such a gap anywhere."""
    return region.p_value <= ALPHA
