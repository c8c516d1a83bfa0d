"""Weak spots: slices with a higher loss, found on training rows and confirmed, or not, on test rows.

Hundreds of slices are searched, so some look bad by chance. Finding uses out-of-fold predictions of the
training rows only; the few that stand out are tested once on the test rows, and their p-values are adjusted
for their number (Holm, 1979). The chance of confirming even one where there is none is then at most 5 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from interpretable.evaluate.figure import whole
from interpretable.evaluate.judged import Judged, loss_figure, mean_figure, oe_figure, wrong_figure
from interpretable.evaluate.slices import members, rows_of, search_space
from interpretable.records.diagnostics import Condition, Conditions, WeakSpot, WeakSpots
from interpretable.records.evaluation import Figure
from interpretable.stats import permutation
from interpretable.stats.slices import Pairs, make_pairs, studentised

ALPHA = 0.05
CANDIDATES = 6  # more candidates, less chance for each
STANDS_OUT = 2.0  # Welch's t from which a slice is a candidate
SHARE, FEWEST = 0.05, 50  # training rows a slice needs, the larger of the two
EVENTS = 10  # and non-events, in training rows
TEST_ROWS = 15  # below this a test slice says nothing
ALIKE = 0.5  # overlap (Jaccard) from which two slices count as one
PAIRED = 12  # columns whose conditions are also taken two at a time


def floor_of(rows: int) -> int:
    """Training rows a slice must have; a table of few rows gets a lower floor, a fifth of it."""
    return int(min(max(FEWEST, np.ceil(SHARE * rows)), max(np.ceil(rows / 5), 10)))


def slices_of(judged: Judged, names: Sequence[str]) -> tuple[list[Condition], Pairs]:
    """All single conditions and all pairs of the first `PAIRED` columns with enough rows and events."""
    space = search_space(judged.rows, names)
    order = {name: place for place, name in enumerate(names)}
    owner = np.array([order[c.feature] for c in space], dtype=np.int64)
    hot = members(space, judged.rows)
    pairs = make_pairs(hot, owner, floor=floor_of(len(judged)), paired=owner < PAIRED)
    if judged.task.kind == "binary":
        events = hot.T @ (judged.target[:, None] * hot)
        np.logical_and(pairs.valid, np.minimum(events, pairs.counts - events) >= EVENTS, out=pairs.valid)
    return space, pairs


def at(space: Sequence[Condition], place: tuple[int, int]) -> Conditions:
    """The condition or the two conditions of a cell of the square of all."""
    i, j = place
    return (space[i],) if i == j else (space[i], space[j])


def ranked(pairs: Pairs, t: np.ndarray, *, from_t: float, most: int) -> list[tuple[int, int]]:
    """Cells with the largest t, leaving out those that are nearly the same rows as one before."""
    chosen: list[tuple[int, int]] = []
    kept: list[np.ndarray] = []
    order = np.argsort(-t, axis=None, kind="stable")[: int((t >= from_t).sum())]
    for flat in order:
        i, j = (int(k) for k in np.unravel_index(flat, t.shape))
        mask = (pairs.members[:, i] * pairs.members[:, j]) > 0
        if any((mask & other).sum() > ALIKE * (mask | other).sum() for other in kept):
            continue
        chosen.append((i, j))
        kept.append(mask)
        if len(chosen) == most:
            break
    return chosen


def find_weak_spots(
    train: Judged, test: Judged, names: Sequence[str], *, rival: Judged | None = None, resamples: int = 1999,
    seed: int = 0,
) -> WeakSpots | None:  # fmt: skip
    """Slices of one or two columns with a higher loss than the other rows.

    Parameters
    ----------
    train : training rows with out-of-fold predictions
    test : test rows
    names : columns to slice by, most important first
    rival : the same test rows as another model judges them

    Returns
    -------
    WeakSpots or None where no slice has enough rows. Candidates that were not confirmed are listed as such.
    Rows are taken as independent.
    """
    space, pairs = slices_of(train, names)
    if not pairs.valid.any() or len(test) < 2 * TEST_ROWS:
        return None
    t = studentised(pairs, train.loss)
    places = ranked(pairs, t, from_t=STANDS_OUT, most=CANDIDATES)
    masks = [rows_of(at(space, place), test.rows) for place in places]
    large = [k for k, m in enumerate(masks) if min(m.sum(), (~m).sum()) >= TEST_ROWS]
    p = dict.fromkeys(range(len(places)))
    if large:
        stacked = np.column_stack([masks[k] for k in large])
        raw = permutation.higher_inside(test.loss, stacked, resamples=resamples, seed=seed)
        p |= dict(zip(large, (float(v) for v in permutation.holm(raw)), strict=True))
    spots = [_spot(at(space, place), (train, test, rival), masks[k], p[k]) for k, place in enumerate(places)]
    return WeakSpots(
        searched=int(pairs.valid.sum()), floor=floor_of(len(train)), overall=loss_figure(test.loss),
        wrong=wrong_figure(test.task, test.wrong), spots=tuple(sorted(spots, key=_order)),
    )  # fmt: skip


def _order(spot: WeakSpot) -> tuple[bool, float]:
    gap = spot.gap.value if spot.gap is not None and spot.gap.value is not None else 0.0
    return spot.verdict != "confirmed", -gap


def _spot(
    conditions: Conditions, judged: tuple[Judged, Judged, Judged | None], mask: np.ndarray, p: float | None
) -> WeakSpot:
    train, test, rival = judged
    seen = rows_of(conditions, train.rows)
    found: dict[str, Any] = {
        "conditions": conditions, "train_n": int(seen.sum()), "train_loss": float(train.loss[seen].mean()),
        "train_rest": float(train.loss[~seen].mean()), "n": int(mask.sum()), "events": test.events(mask),
    }  # fmt: skip
    if p is None:
        return WeakSpot(verdict="too_few", **found)
    inside, outside = test.loss[mask], test.loss[~mask]
    gap = whole(float(inside.mean() - outside.mean()), permutation.welch_interval(inside, outside), "welch")
    excess, nature = _nature(test, mask)
    return WeakSpot(
        verdict="confirmed" if p <= ALPHA else "not_confirmed", p_value=p, loss=loss_figure(inside),
        rest=float(outside.mean()), gap=gap, wrong=wrong_figure(test.task, test.wrong[mask]),
        wrong_rest=float(test.wrong[~mask].mean()), oe=oe_figure(test, mask), excess=excess, nature=nature,
        rival_loss=None if rival is None else loss_figure(rival.loss[mask]), **found,
    )  # fmt: skip


def _nature(test: Judged, mask: np.ndarray) -> tuple[Figure | None, Literal["", "harder", "misjudged"]]:
    """Whether the rows are harder, by the model's own estimates, or the model misjudges them."""
    if test.expected is None:
        return None, ""
    excess = mean_figure((test.loss - test.expected)[mask])
    if excess.low is not None and excess.low > 0.0:
        return excess, "misjudged"
    gap = float(test.loss[mask].mean() - test.loss[~mask].mean())
    own = float(test.expected[mask].mean() - test.expected[~mask].mean())
    return excess, "harder" if gap > 0.0 and own >= 0.5 * gap else ""
