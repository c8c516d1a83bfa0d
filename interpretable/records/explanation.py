"""Why this estimate (one case), and how the model decides (all cases)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Value = float | str | None


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Effect of one feature on one case: the score minus the score with the feature at its typical value.

    All of the feature's terms count together, so re-scoring the changed row reproduces `effect`.
    """

    feature: str
    value: Value  # None: not known
    typical: Value
    effect: float  # link scale, towards the explained output
    estimate: float  # the estimate as it is (probability, or value)
    if_typical: float  # the estimate, re-scored with the typical value


@dataclass(frozen=True, kw_only=True)
class TermPart:
    """One summand of the exact decomposition."""

    term: str
    features: tuple[str, ...]
    contribution: float  # link scale, towards the explained output


@dataclass(frozen=True, kw_only=True)
class TokenPart:
    """What one token or n-gram of a text adds to this text's score."""

    feature: str
    token: str
    contribution: float


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How far the estimate moved between refits on resampled training rows. Not a guarantee."""

    low: float
    high: float
    refits: int
    kind: str = "refits"


@dataclass(frozen=True, kw_only=True)
class Domain:
    """Whether rows like this were seen in training, and what is unusual where not."""

    inside: bool
    outside_range: tuple[str, ...] = ()  # numbers beyond the training range
    unknown_levels: tuple[str, ...] = ()
    rare_pairs: tuple[tuple[str, str], ...] = ()  # combinations hardly seen together
    distance_rank: float = 0.0  # share of training rows that are less unusual than this one, 0..1
    far: bool = False  # further from the middle, all numbers together, than nearly all training rows


@dataclass(frozen=True, kw_only=True)
class CaseExplanation:
    """Everything a reviewer sees about one case, before words."""

    row_id: str
    model: str  # family name of the model explained
    bundle_id: str
    glass_box: bool
    output: str  # class explained; "" for regression
    estimate: float  # probability of `output`, or the predicted value
    probabilities: tuple[float, ...]  # per class; () for regression
    average: float  # the same estimate for the training part on average (outcome rate or mean)
    score: float  # link scale, towards `output`
    constant: float
    reasons: tuple[Reason, ...]  # by size of effect, all features
    terms: tuple[TermPart, ...]  # exact sum: constant + contributions = score
    tokens: tuple[TokenPart, ...] = ()
    spread: Spread | None = None
    domain: Domain = Domain(inside=True)
    missing: tuple[str, ...] = ()
    values: dict[str, Value] | None = None  # the row as the model read it
    decision: str = ""  # "above" or "below" the declared line; "" where none is declared
    cut: float | None = None
    classes: tuple[str, ...] = ()  # what `probabilities` belong to, in order; () for regression


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What a list of cases shows of each: the part of an explanation that is quick for many rows."""

    estimate: float
    output: str
    bundle_id: str
    spread: Spread | None
    domain: Domain
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SimilarCase:
    """A past case of the training part that the model sees as alike."""

    row_id: str
    distance: float  # in contribution space
    estimate: float
    outcome: str  # what happened: class label or value
    differences: tuple[tuple[str, Value, Value], ...]  # feature, this case, past case: the largest ones


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """One step of a curve: a bin [low, high) of a number, a level, or the missing cell."""

    kind: Literal["bin", "level", "missing", "unknown"]
    label: str
    low: float | None
    high: float | None
    effect: float  # link scale, centred so that the training mean is 0
    effect_low: float | None  # spread between refits
    effect_high: float | None
    estimate: float | None  # estimate of a typical case with this value (probability or value)
    count: float | None  # training rows here


@dataclass(frozen=True, kw_only=True)
class Curve:
    """How one feature moves the score, alone."""

    feature: str
    output: str  # class for multiclass, else ""
    points: tuple[CurvePoint, ...]
    kinks: int  # changes of direction, a measure of reading effort


@dataclass(frozen=True, kw_only=True)
class PairSurface:
    """A two-feature term: a grid of effects."""

    features: tuple[str, str]
    output: str
    x: tuple[str, ...]
    y: tuple[str, ...]
    effects: tuple[tuple[float, ...], ...]  # [x][y], link scale
    counts: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, kw_only=True)
class TokenWeight:
    feature: str
    output: str
    token: str
    weight: float
    rows: int  # training texts that contain it


@dataclass(frozen=True, kw_only=True)
class Importance:
    feature: str
    value: float  # mean absolute effect over the training part, link scale


@dataclass(frozen=True, kw_only=True)
class WholeExplanation:
    """How a model decides in general."""

    model: str
    glass_box: bool
    importances: tuple[Importance, ...]
    curves: tuple[Curve, ...] = ()
    pairs: tuple[PairSurface, ...] = ()
    tokens: tuple[TokenWeight, ...] = ()
