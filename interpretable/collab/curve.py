"""Two learning curves on the same test rows: a small model, and a language model on the same labelled rows.

At each number n of labelled rows both get the same n rows. The small model is fitted on them. The language
model was asked about some of them (the pool) and is recalibrated on those; with examples, the rows shown
count among the n.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from interpretable.collab.recalibrate import chances, recalibrate
from interpretable.collab.refit import refitted
from interpretable.collab.sample import balanced, class_shares, draw
from interpretable.evaluate.judged import Judged, loss_figure, mean_figure
from interpretable.evaluate.learning import nested_order, usable
from interpretable.records.beside import Verdict
from interpretable.records.curve import Crossing, CurvePoint
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure
from interpretable.stats.crossing import crossing, crossing_range

FEWEST = 16  # labelled rows of the first point
FEWEST_HELD = 4  # rows to recalibrate a language model on


@dataclass(frozen=True, eq=False, kw_only=True)
class Said:
    """Label log probabilities f8[n, K] of one way of asking: about the pool, and about the test rows.

    shots : labelled rows that were shown as examples.
    """

    pool: np.ndarray
    test: np.ndarray
    shots: int = 0


@dataclass(frozen=True, eq=False, kw_only=True)
class Ground:
    """The rows of the comparison. `pool` and `shown` are positions in the training part."""

    train: Dataset
    test: Dataset  # only the rows that were asked about
    pool: np.ndarray
    shown: np.ndarray
    seed: int = 0

    def orders(self, repeats: int) -> list[np.ndarray]:
        """Per repeat an order of the training rows: the pool first, each part in a fresh order."""
        rest = np.setdiff1d(np.arange(len(self.train)), self.pool)
        found = []
        for repeat in range(repeats):
            seed = self.seed + 1_000 * repeat
            parts = [rows[nested_order(self.train.take(rows), seed=seed)] for rows in (self.pool, rest)]
            found.append(np.concatenate(parts))
        return found

    def sizes(self) -> list[int]:
        """Numbers of labelled rows: doubling from 16, each class at least 5 times, and all."""
        whole, order = len(self.train), self.orders(1)[0]
        steps = [FEWEST * 2**k for k in range(int(math.log2(max(whole / FEWEST, 1))) + 1)]
        inside = [n for n in steps if n <= 0.75 * whole and usable(self.train, order[:n])]
        return [*inside, whole]


@dataclass(eq=False, kw_only=True)
class _Losses:
    small: list[np.ndarray] = field(default_factory=list)
    large: dict[str, list[np.ndarray]] = field(default_factory=dict)
    areas: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, told: Judged) -> None:
        kept = self.small if not name else self.large.setdefault(name, [])
        kept.append(told.loss)
        area = told.auroc()
        if area is not None:
            self.areas.setdefault(name, []).append(area)

    def area(self, name: str) -> float | None:
        return float(np.mean(self.areas[name])) if name in self.areas else None


def curves(
    ground: Ground, said: dict[str, Said], *, family: str, final: np.ndarray, repeats: int,
    progress: Callable[[str], None],
) -> tuple[tuple[CurvePoint, ...], dict[str, Crossing]]:  # fmt: skip
    """The points, and for each way of asking where the small model gets ahead for good.

    Parameters
    ----------
    said : way of asking -> what the language model said
    family : of the small model that is fitted at each size below all
    final : predictions of the study's own model for the test rows: the last point
    repeats : draws of labelled rows at each size below all
    """
    sizes, orders, points = ground.sizes(), ground.orders(repeats), []
    leads: dict[str, list[np.ndarray]] = {name: [] for name in said}
    ahead: dict[str, list[int]] = {name: [] for name in said}
    for size in sizes:
        last = size == len(ground.train)
        losses = _Losses()
        for repeat, order in enumerate(orders[:1] if last else orders):
            progress(f"small model on {size} rows, draw {repeat + 1}")
            rows = order[:size]
            own = (
                final
                if last
                else refitted(family, ground.train, rows, ground.test, seed=ground.seed + repeat)
            )
            losses.add("", Judged(rows=ground.test, predicted=own))
            for name, one in said.items():
                guess = _large(ground, one, rows)
                if guess is not None:
                    losses.add(name, Judged(rows=ground.test, predicted=guess))
        points.append(_point(size, losses))
        for name, found in losses.large.items():
            leads[name].append(np.mean(found, axis=0) - np.mean(losses.small, axis=0))
            ahead[name].append(size)
    crossings = {
        name: _crossing(ahead[name], np.array(found), seed=ground.seed)
        for name, found in leads.items()
        if found
    }
    return tuple(points), crossings


def _large(ground: Ground, said: Said, rows: np.ndarray) -> np.ndarray | None:
    """The language model recalibrated on those of the labelled rows it was asked about; None for too few."""
    allowed = rows[: len(rows) - said.shots]  # the rows shown are labelled rows too
    held = np.flatnonzero(np.isin(ground.pool, allowed))
    if len(held) < FEWEST_HELD:
        return None
    target = ground.train.target[rows]
    shares = class_shares(target, len(ground.train.classes))
    return recalibrate(said.pool[held], ground.train.target[ground.pool[held]], said.test, shares)[1]


def _point(size: int, losses: _Losses) -> CurvePoint:
    small = np.mean(losses.small, axis=0)
    large = {name: np.mean(found, axis=0) for name, found in losses.large.items()}
    areas = {name: losses.area(name) for name in large}
    return CurvePoint(
        rows=size,
        repeats=len(losses.small),
        small=loss_figure(small),
        large={name: loss_figure(found) for name, found in large.items()},
        lead={name: mean_figure(found - small) for name, found in large.items()},
        small_auroc=losses.area(""),
        large_auroc={name: area for name, area in areas.items() if area is not None},
    )


def _crossing(sizes: Sequence[int], leads: np.ndarray, *, seed: int) -> Crossing:
    at = crossing(sizes, leads.mean(axis=1))
    ends = [
        None if not math.isfinite(end) or end <= sizes[0] else end
        for end in crossing_range(sizes, leads, seed=seed)
    ]
    if math.isinf(at):
        return Crossing(status="not_reached", rows=None, low=ends[0], high=None)
    if at <= sizes[0]:
        return Crossing(status="at_once", rows=at, low=None, high=ends[1])
    return Crossing(status="crosses", rows=at, low=ends[0], high=ends[1])


def who_leads(leads: Sequence[Figure]) -> tuple[Verdict, str]:
    """Is the language model ahead? Leads are of the small model; each one-sided error is 2.5 %."""
    if any(one.high is not None and one.high < 0 for one in leads):
        return "helps", "large_ahead"
    if leads and all(one.low is not None and one.low > 0 for one in leads):
        return "does_not_help", "small_ahead"
    return "cannot_tell", "open"


def as_it_came(said: Said, shares: np.ndarray) -> np.ndarray:
    """Chances without any labelled row: label scores that sum to 1; `shares` where an answer failed."""
    found = chances(said.test, shares)
    return found if len(shares) > 2 else found[:, 1]


def draw_ground(train: Dataset, test: Dataset, *, rows: int, pool: int, shots: int, seed: int) -> Ground:
    """A stratified draw of test rows, examples, and the pool; the last two are disjoint training rows."""
    random = np.random.default_rng(seed)
    positions = draw(test.target, rows, random)
    shown = balanced(train.target, shots, random)
    others = np.setdiff1d(np.arange(len(train)), shown)
    held = others[draw(train.target[others], pool, random)]
    return Ground(train=train, test=test.take(positions), pool=held, shown=shown, seed=seed)
