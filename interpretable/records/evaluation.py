"""How well a model did, on rows it never saw, with intervals."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number and its 95 % interval. None means: could not be computed (`reason` says why)."""

    value: float | None
    low: float | None = None
    high: float | None = None
    method: str = ""  # how the interval was made: "delong", "bootstrap", "wilson", "wald", ...
    reason: str = ""  # code: why there is no value, or ("no_interval") a value without an interval


@dataclass(frozen=True, kw_only=True)
class CalibrationBin:
    predicted: float
    observed: Figure
    n: int


@dataclass(frozen=True, kw_only=True)
class NetBenefitPoint:
    """Net benefit at one line, with pointwise 95 % ranges; acting on nobody has 0, so `low` and `high` are
    also those of the difference to it. No range: too few rows lie above the line, or do not vary."""

    threshold: float
    model: float
    treat_all: float
    low: float | None = None
    high: float | None = None
    gain_low: float | None = None  # of model minus treat_all, on the same rows
    gain_high: float | None = None


@dataclass(frozen=True, kw_only=True)
class Measures:
    """Metrics by their standard names (see docs/glossary.md) and the curves drawn from the same rows."""

    n: int
    events: int | None  # binary only
    metrics: dict[str, Figure]
    calibration: tuple[CalibrationBin, ...] = ()
    decision_curve: tuple[NetBenefitPoint, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()  # [observed][predicted], at the declared line or argmax
    per_class: dict[str, dict[str, Figure]] = field(default_factory=dict)  # multiclass: one against the rest


@dataclass(frozen=True, kw_only=True)
class GroupMeasures:
    """The same metrics for one group. Below the floor `metrics` is empty and `too_few` is true."""

    column: str
    group: str
    n: int
    events: int | None
    too_few: bool
    metrics: dict[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Paired difference (other minus selected) of one metric on the same rows."""

    model: str
    against: str
    metric: str
    difference: Figure
    p_value: float | None
    method: str
    n: int
