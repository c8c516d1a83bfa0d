"""What repeated cross-validation says: differences, equivalence, what could be seen, is n enough."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from interpretable.records.evaluation import Figure
from interpretable.records.lacking import NotComputed

EquivalenceVerdict = Literal["not_worse", "worse", "open"]
SizeVerdict = Literal["enough", "thin", "stop"]


@dataclass(frozen=True, kw_only=True)
class RepeatedModel:
    """One model over all folds of all repeats."""

    model: str
    glass_box: bool
    mean: float
    spread: float  # standard deviation over the folds
    low: float  # worst and best mean of a repeat
    high: float
    won: int  # repeats in which the rule of choice would have taken it


@dataclass(frozen=True, kw_only=True)
class RepeatedLead:
    """How far the model in use is ahead of another: positive is better, also where the metric is a loss."""

    model: str  # the other one
    glass_box: bool
    lead: Figure  # 95 %, corrected resampled t
    lower: float  # one-sided 95 % bounds
    upper: float
    verdict: EquivalenceVerdict
    p_worse: float  # chance that it is worse by more than the margin, within it, better by more (ROPE)
    p_same: float
    p_better: float
    behind: int  # repeats in which it was behind by more than the margin
    detectable: float | None  # smallest difference seen with 80 % power; None where folds do not vary


@dataclass(frozen=True, kw_only=True)
class TestPower:
    """The smallest difference to another model that the test part could show with 80 % power."""

    model: str
    metric: str
    detectable: float
    n: int
    events: int | None = None


@dataclass(frozen=True, kw_only=True)
class SampleSize:
    """Rows there are, and rows that the criteria of Riley and others ask for."""

    n: int
    events: int | None  # of the rarer outcome; None for numbers
    parameters: int
    per_parameter: float  # events (numbers: rows) for each parameter
    r2: float | None  # Cox and Snell's (numbers: R2), out of fold
    shrinkage: float | None  # to be expected with n rows
    needed: dict[str, int] = field(default_factory=dict)  # by criterion

    @property
    def most(self) -> int | None:
        return max(self.needed.values(), default=None)


@dataclass(frozen=True, kw_only=True)
class Optimism:
    """How much better the model looks on the rows it learned from."""

    metric: str
    apparent: float
    optimism: float  # mean over resamples of (on its own rows minus on the original rows)
    error: float  # standard error of that mean
    corrected: float
    resamples: int


@dataclass(frozen=True, kw_only=True)
class SizeReason:
    code: str  # worded in words/
    level: SizeVerdict
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ResamplingEvidence:
    """What repeated cross-validation says: differences, equivalence, what could be seen, is n enough."""

    metric: str
    margin: float  # in units of the metric
    relative_margin: float | None = None  # share of the loss it was made from
    repeats: int
    folds: int  # of one repeat
    rows: int  # resampled, of the `available` rows of the training part
    available: int
    scheme: Literal["random", "group", "time"]
    lean: bool = False  # refits with the effort of a quick run
    models: tuple[RepeatedModel, ...] = ()
    leads: tuple[RepeatedLead, ...] = ()
    test: tuple[TestPower, ...] = ()
    size: SampleSize | None = None
    optimism: tuple[Optimism, ...] = ()
    verdict: SizeVerdict | None = None
    reasons: tuple[SizeReason, ...] = ()
    not_computed: tuple[NotComputed, ...] = ()
