"""Which pairs earned their place, and what expected directions cost."""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.records.evaluation import Comparison, Figure
from interpretable.records.lacking import NotComputed


@dataclass(frozen=True, kw_only=True)
class PairTrial:
    """One number of pairs against the best smaller number, on inner folds of the training rows."""

    pairs: int
    loss: float  # mean over folds: log loss, or squared error as a share of the target's variance
    against: int  # the number of pairs it had to beat
    gain: float  # mean fall of the loss
    error: float  # its standard error, corrected for shared training rows (Nadeau and Bengio, 2003)
    p: float  # one-sided
    improvement: Figure  # fall of the loss against no pairs at all, t interval with the same correction
    auroc: Figure | None = None  # rise of the AUROC against no pairs at all, binary only
    kept: bool = False  # the gain was real and large enough, at that point of the search


@dataclass(frozen=True, kw_only=True)
class PairChoice:
    """How many pairs a model has and why. `reason` is a code worded in words/."""

    chosen: int
    reason: str  # "gain", "no_gain", "given", "quick", "many_classes", "few_rows", "few_columns"
    folds: int = 0
    rows: int = 0  # rows the choice was made on
    loss: float | None = None  # without pairs
    trials: tuple[PairTrial, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()  # those kept, strongest first


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Where a curve moves against its expected direction."""

    low: float | str
    high: float | str
    rows: float  # share of the training rows that lie there
    link: float  # how far, on the link scale, above 0
    estimate: float  # how far, as a probability or in the target's unit


@dataclass(frozen=True, kw_only=True)
class Direction:
    """One column with an expected direction, in one model."""

    column: str
    expected: str  # "up" | "down"
    model: str
    enforced: bool
    rows: float  # share of the training rows where the curve moves against it
    link: float  # longest way against it, on the link scale; 0: none
    estimate: float
    stretches: tuple[Stretch, ...] = ()  # the longest first, at most three
    proven: bool = False  # no combination of values can move it the other way: checked on every cell


@dataclass(frozen=True, kw_only=True)
class Price:
    """What a direction costs: the model that must keep it against one that need not."""

    column: str  # "" means: all of them at once
    comparisons: tuple[Comparison, ...]  # free minus kept, on the same out-of-fold rows
    folds: int
    rows: int
    p_folds: float | None = None  # one-sided corrected t over folds: "free is better" by the first metric


@dataclass(frozen=True, kw_only=True)
class ShapeEvidence:
    """Which pairs earned their place, and what expected directions cost."""

    pairs: PairChoice | None = None
    directions: tuple[Direction, ...] = ()
    prices: tuple[Price, ...] = ()
    not_computed: tuple[NotComputed, ...] = ()
