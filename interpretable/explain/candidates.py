"""Which values a changeable column may take in a plan, and what each costs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from interpretable.records.additive import Feature
from interpretable.records.domain import DomainModel
from interpretable.records.recourse import Allowed
from interpretable.records.task import Column

MOST = 120  # values of one number, before those that change nothing are dropped
EACH = 0.1  # every changed column costs this much more, so that few columns are changed


@dataclass(frozen=True, eq=False, kw_only=True)
class Candidates:
    """The values of one column that a plan may choose from; the first is the value as it is, at no cost."""

    feature: str
    values: np.ndarray  # f8[m] or objects
    costs: np.ndarray  # f8[m]
    allowed: Allowed

    def keep(self, places: np.ndarray) -> Candidates:
        return Candidates(
            feature=self.feature, values=self.values[places], costs=self.costs[places], allowed=self.allowed
        )


def nice_step(width: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that cuts a width into at least 50 steps."""
    if width <= 0:
        return 1.0
    rough = width / 50
    power = 10.0 ** math.floor(math.log10(rough))
    return power * max(m for m in (1.0, 2.0, 5.0) if m * power <= rough * (1 + 1e-12))


def _limits(column: Column, feature: Feature) -> tuple[float, float]:
    """Declared limits, never beyond the training range."""
    low = feature.low if column.change_low is None else max(column.change_low, feature.low)
    high = feature.high if column.change_high is None else min(column.change_high, feature.high)
    return low, high


def _grid(column: Column, feature: Feature, current: float) -> tuple[np.ndarray, Allowed]:
    """Multiples of the step: counted from the present value where declared, round values where not."""
    low, high = _limits(column, feature)
    whole = all(float(v).is_integer() for v in (feature.low, feature.high, feature.typical or 0.0, current))
    step = column.change_step or max(nice_step(high - low), 1.0 if whole else 0.0)
    start = current if column.change_step else 0.0
    first, last = math.ceil((low - start) / step - 1e-9), math.floor((high - start) / step + 1e-9)
    stride = max(1, math.ceil((last - first + 1) / MOST))
    values = np.round(start + step * np.arange(first, last + 1, stride), 10)
    allowed = Allowed(
        feature=column.name, low=low, high=high, step=step * stride, direction=column.change_direction,
        cost=column.change_cost,
    )  # fmt: skip
    return values, allowed


def _numbers(column: Column, feature: Feature, current: float, scale: float) -> Candidates:
    values, allowed = _grid(column, feature, current)
    if column.change_direction:
        values = values[values >= current if column.change_direction == "up" else values <= current]
    values = np.concatenate([[current], values[values != current]])
    moves = np.abs(values - current) / scale
    costs = np.where(values == current, 0.0, column.change_cost * (EACH + moves))
    return Candidates(feature=column.name, values=values, costs=costs, allowed=allowed)


def _levels(column: Column, known: tuple[str, ...], current: str) -> Candidates:
    """Other levels seen in training; an ordinal column moves by steps of its order."""
    order = [level for level in column.levels if level in known] or sorted(known)
    ordered = column.kind == "ordinal" and current in order
    place = {level: k for k, level in enumerate(order)}
    chosen = [level for level in order if level != current]
    if ordered and column.change_direction:
        up = column.change_direction == "up"
        chosen = [v for v in chosen if (place[v] > place[current]) == up]
    moves = [abs(place[v] - place[current]) / max(len(order) - 1, 1) if ordered else 1.0 for v in chosen]
    costs = np.array([0.0, *(column.change_cost * (EACH + move) for move in moves)])
    allowed = Allowed(
        feature=column.name, levels=tuple(order), direction=column.change_direction, cost=column.change_cost
    )
    values = np.array([current, *chosen], dtype=object)
    return Candidates(feature=column.name, values=values, costs=costs, allowed=allowed)


def candidates_of(
    column: Column, feature: Feature, current: object, domain: DomainModel
) -> Candidates | None:
    """The values a plan may choose; None where the present value is not known, or nothing else is allowed."""
    if current is None:
        return None
    if feature.kind == "number":
        value = float(current)  # type: ignore[arg-type]  # a number column holds floats
        if not feature.low < feature.high:
            return None
        scale = next((n.scale for n in domain.numbers if n.feature == feature.name), 1.0)
        found = _numbers(column, feature, value, scale)
    else:
        known = next((k.levels for k in domain.levels if k.feature == feature.name), ())
        if not known:
            return None
        found = _levels(column, known, str(current))
    return found if len(found.values) > 1 else None
