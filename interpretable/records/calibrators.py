"""Does 30 % mean 30 in 100: curves with bands, output maps, sets with a stated coverage."""

from __future__ import annotations

from dataclasses import dataclass, field

from interpretable.records.evaluation import Figure
from interpretable.records.lacking import NotComputed


@dataclass(frozen=True, kw_only=True)
class SmoothPoint:
    """What happened among cases told `said`, from the smooth curve, with its pointwise 95 % range."""

    said: float
    happened: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class SpreadAt:
    """How far the outcomes of cases with an estimate from `low` to `high` lay from it (regression)."""

    said: float  # their mean estimate
    n: int
    spread: Figure  # standard deviation of the residuals


@dataclass(frozen=True, kw_only=True)
class SmoothCurve:
    """The calibration of one output on one part, in figures and as a curve.

    Figures: calibration_slope, calibration_intercept, oe_ratio, ici, e50, e90 (Austin and Steyerberg, 2019),
    bin_error and bin_error_debiased (root mean square; Kumar et al., 2019), spiegelhalter_z.
    """

    output: str  # class, where there are several
    part: str  # "test" or "out_of_fold"
    n: int
    events: int | None
    knots: int
    points: tuple[SmoothPoint, ...]  # () with a reason where no curve can be drawn
    figures: dict[str, Figure]
    ici_by_chance: float | None = None  # 95 % of perfectly calibrated models show an ICI up to this
    p_value: float | None = None  # of Spiegelhalter's z
    reason: str = ""
    spreads: tuple[SpreadAt, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MapTrial:
    """One way to correct the probabilities, judged on folds it was not fitted on."""

    name: str  # "none", "platt", "temperature", "isotonic", "venn_abers"
    log_loss: float | None  # None with a reason where it was not tried
    brier: float | None
    gain: Figure | None = None  # log loss of the standing way minus this one, mean over folds
    p_value: float | None = None  # one-sided: gain > 0, corrected resampled t
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class MapTrials:
    """What was tried after the link of one model, and what was taken."""

    model: str
    standing: str  # stays unless another is better beyond doubt
    chosen: str
    folds: int
    n: int
    trials: tuple[MapTrial, ...]


@dataclass(frozen=True, kw_only=True)
class SetResult:
    """Ranges or sets of answers that are to hold the truth in `level` of all cases, and whether they did.

    The quantile comes from the calibration part, the coverage from the test part. `by` "": one quantile for
    all; "class": one for each class; else the sensitive column.
    """

    method: str  # "absolute", "scaled" (regression); "lac", "aps" (classes)
    level: float
    by: str = ""
    group: str = ""
    n: int = 0  # rows behind the quantile
    quantile: float | None = None  # None: cannot be given, `reason` says why
    promised_low: float | None = None  # the true share lies here in 95 % of all draws of the n rows
    promised_high: float | None = None
    n_test: int = 0
    coverage: Figure | None = None  # on the test part
    common_coverage: Figure | None = None  # there, with the one quantile for all
    size: float | None = None  # mean width of a range, mean number of answers in a set
    single: float | None = None  # share of sets with one answer only
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ChanceRange:
    """The two probabilities Venn-Abers gives a case told `said`, from the calibration part."""

    said: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class PredictionRange:
    """Where the truth lies in `level` of cases like those the model was checked on, not for one person."""

    level: float
    method: str
    low: float | None = None
    high: float | None = None
    answers: tuple[str, ...] = ()  # classes that cannot be ruled out at this level


@dataclass(frozen=True, kw_only=True)
class CalibratorsEvidence:
    """Does 30 % mean 30 in 100: curves with bands, output maps, sets with a stated coverage."""

    model: str = ""
    curves: tuple[SmoothCurve, ...] = ()  # the test part first
    maps: tuple[MapTrials, ...] = ()  # the model in use first
    sets: tuple[SetResult, ...] = ()
    set_method: str = ""  # the method for a single case, chosen out of fold
    spread_at: tuple[tuple[float, float], ...] = ()  # "scaled": typical miss at an estimate, knots
    chance_ranges: tuple[ChanceRange, ...] = ()
    rows: dict[str, int] = field(default_factory=dict)  # of the parts: "calibration", "test"
    not_computed: tuple[NotComputed, ...] = ()
