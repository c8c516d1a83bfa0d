"""The simplest models: the points scorecard and the shallow tree, and outside comparisons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from interpretable.records.evaluation import Comparison, Figure
from interpretable.records.explanation import TreeNode
from interpretable.records.lacking import NotComputed


@dataclass(frozen=True, kw_only=True)
class CardLine:
    """One line of a points card: a bin low <= x < high, levels, or a value that is not known."""

    kind: Literal["bin", "level", "missing", "other"]  # other: a level that the model never saw
    points: int
    low: float | None = None
    high: float | None = None
    levels: tuple[str, ...] = ()
    rare: bool = False  # also all levels of too few training rows


@dataclass(frozen=True, kw_only=True)
class CardColumn:
    feature: str
    lines: tuple[CardLine, ...]


@dataclass(frozen=True, kw_only=True)
class CardBand:
    """Test rows whose total lies in low..high, both included."""

    low: int
    high: int
    n: int
    observed: Figure  # share with the outcome (Wilson), or mean (Student's t)
    estimate: float  # the model's, mean over these rows
    estimate_low: float  # at the lowest and the highest total of the band
    estimate_high: float


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """A points card: score = constant + unit * total, exactly; then the estimate of each total."""

    columns: tuple[CardColumn, ...]
    unit: float  # log-odds (or target units) per point
    constant: float
    lowest: int  # total that can be reached
    highest: int
    estimates: tuple[float, ...]  # of the totals lowest..highest
    bands: tuple[CardBand, ...]


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A model that was fitted for comparison only and is not in the bundle."""

    name: str
    metrics: dict[str, Figure]  # on the test part
    oof: dict[str, float] = field(default_factory=dict)
    comparisons: tuple[Comparison, ...] = ()  # with the model in use


@dataclass(frozen=True, kw_only=True)
class SimpleEvidence:
    """The simplest models: the points scorecard and the shallow tree, and outside comparisons."""

    scorecard: Scorecard | None = None
    tree: tuple[TreeNode, ...] = ()
    losses: tuple[Comparison, ...] = ()  # of card and tree against the EBM
    peers: tuple[Peer, ...] = ()
    not_computed: tuple[NotComputed, ...] = ()
