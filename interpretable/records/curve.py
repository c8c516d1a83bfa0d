"""How many labelled rows until the small model is ahead of a language model: two learning curves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from interpretable.records.beside import Told
from interpretable.records.evaluation import Figure

CrossingStatus = Literal["at_once", "crosses", "not_reached"]


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """What both make of the same test rows when so many labelled rows are there."""

    rows: int
    repeats: int  # draws of labelled rows that the figures are means over
    small: Figure  # log loss
    large: dict[str, Figure]  # way of asking -> log loss, recalibrated on the same labelled rows
    lead: dict[str, Figure]  # paired: log loss of the language model minus that of the small model
    small_auroc: float | None = None
    large_auroc: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """Labelled rows from which on the small model stays ahead; None at an end beyond the rows there are."""

    status: CrossingStatus
    rows: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class CurveFinding:
    """Learning curves on `asked` test rows; `as_it_came` is the language model without any labelled row."""

    told: Told
    family: str  # of the small model that was fitted at each size
    model: str  # the study's model, which is the last point
    train_rows: int
    test_rows: int
    asked: int
    pool: int  # labelled rows the language model was asked about too, to recalibrate it
    shots: int
    points: tuple[CurvePoint, ...]
    crossings: dict[str, Crossing]
    as_it_came: dict[str, Figure]
    failures: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)  # way of asking -> code
