"""Where the model is weak: slices, overfit regions, robustness, learning curve, drift."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from interpretable.records.evaluation import Figure
from interpretable.records.lacking import NotComputed


@dataclass(frozen=True, kw_only=True)
class Condition:
    """What rows have in common in one column. Edges are rounded; levels have at least 5 training rows."""

    feature: str
    kind: Literal["band", "code", "level", "missing"]
    group: str  # label, as in the results by group
    low: float | None = None  # band: low <= x < high; code: x == low
    high: float | None = None


Conditions = tuple[Condition, ...]  # one or two


@dataclass(frozen=True, kw_only=True)
class WeakSpot:
    """A slice that looked bad on out-of-fold training rows, and what the test rows say about it."""

    conditions: Conditions
    verdict: Literal["confirmed", "not_confirmed", "too_few"]
    train_n: int
    train_loss: float
    train_rest: float
    n: int = 0  # test rows from here on
    events: int | None = None
    loss: Figure | None = None
    rest: float | None = None
    gap: Figure | None = None  # loss inside less loss outside
    wrong: Figure | None = None  # share on the wrong side; regression: mean absolute error
    wrong_rest: float | None = None
    oe: Figure | None = None  # binary: observed over expected events
    excess: Figure | None = None  # loss beyond what the model itself expects of its estimates
    nature: Literal["", "harder", "misjudged"] = ""
    rival_loss: Figure | None = None  # of the best black box on the same rows
    p_value: float | None = None  # one-sided, adjusted by Holm for all candidates


@dataclass(frozen=True, kw_only=True)
class WeakSpots:
    searched: int  # slices with enough training rows
    floor: int  # training rows a slice must have
    overall: Figure
    wrong: Figure
    spots: tuple[WeakSpot, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OverfitRegion:
    conditions: Conditions
    n: int
    fit_loss: float  # of the final model on its own training rows
    oof_loss: float
    gap: float
    rest_gap: float
    p_value: float  # adjusted for all slices searched (largest statistic over permutations)


@dataclass(frozen=True, kw_only=True)
class Overfit:
    searched: int
    gap: Figure  # out-of-fold loss less training loss, all rows
    fit_loss: float
    oof_loss: float
    regions: tuple[OverfitRegion, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SliceReliability:
    conditions: Conditions
    n: int
    coverage: Figure
    width: float  # mean size of the set of answers; regression: half-width that would cover 90 % here
    p_value: float | None  # of "coverage as elsewhere", two-sided, Holm


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """Split-conformal sets or intervals with the calibration rows, looked at slice by slice on test rows."""

    level: float  # nominal coverage
    calibration_n: int
    n: int
    coverage: Figure
    width: float  # mean size of the set of answers; regression: half-width of the interval
    slices: tuple[SliceReliability, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Perturbed:
    """One model under noise of one size: means over repeats."""

    model: str
    size: float
    loss: float
    change: Figure  # of the mean loss
    auroc: float | None
    moved: float  # mean absolute change of the estimate
    flips: Figure | None  # share of rows that change sides (of the line, or of the most probable answer)


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    feature: str
    moved: float  # mean absolute change of the estimate
    change: Figure  # of the mean loss
    flips: float | None


@dataclass(frozen=True, kw_only=True)
class Robustness:
    n: int
    repeats: int
    curve: tuple[Perturbed, ...]
    single_size: float
    features: tuple[Sensitivity, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WorstShare:
    """One model on the part of the rows where it does worst by some rule."""

    model: str
    scenario: Literal["worst", "outer", "cluster"]
    share: float
    n: int
    loss: Figure
    wrong: Figure


@dataclass(frozen=True, kw_only=True)
class Driver:
    """How differently a column is distributed in the worst rows and in the others."""

    feature: str
    psi: float
    floor: float  # 95 % point of PSI where worst rows are drawn at random
    groups: tuple[str, ...] = ()  # the groups over-represented among the worst rows


@dataclass(frozen=True, kw_only=True)
class Shift:
    """If all cases were like this: the group of a column where the loss is highest."""

    condition: Condition
    n: int
    loss: Figure
    gap: Figure
    p_value: float | None  # one-sided, Holm over the columns' groups


@dataclass(frozen=True, kw_only=True)
class MissingStress:
    feature: str
    missing_rate: float  # in the training part
    change: Figure  # of the mean loss, when the column is empty in every row
    flips: float | None
    flagged: float  # share of rows that the domain check then flags
    flagged_before: float


@dataclass(frozen=True, kw_only=True)
class Resilience:
    n: int
    loss: float
    shares: tuple[WorstShare, ...] = ()
    worst_share: float = 0.2
    drivers: tuple[Driver, ...] = ()
    shifts: tuple[Shift, ...] = ()
    missing: tuple[MissingStress, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CohortGroup:
    group: str
    n: int
    events: int | None
    too_few: bool
    loss: Figure | None = None
    wrong: Figure | None = None
    oe: Figure | None = None


@dataclass(frozen=True, kw_only=True)
class Cohort:
    column: str  # "" stands for the order in time
    used: bool
    groups: tuple[CohortGroup, ...]
    p_value: float | None  # of "the loss is the same in all groups", Holm over the columns


@dataclass(frozen=True, kw_only=True)
class LearningPoint:
    rows: int
    loss: Figure  # on the test part
    auroc: float | None
    repeats: int


@dataclass(frozen=True, kw_only=True)
class Learning:
    points: tuple[LearningPoint, ...]
    last_step: Figure  # loss at the last point but one less loss at the last
    verdict: Literal["helps", "no_gain", "unclear"]


@dataclass(frozen=True, kw_only=True)
class SizePoint:
    features: int
    added: str  # the column that came in at this size
    loss: Figure
    auroc: float | None
    behind: Figure  # loss with this size less loss with all columns


@dataclass(frozen=True, kw_only=True)
class SizeDependency:
    points: tuple[SizePoint, ...]
    enough: int  # from so many columns on, the loss stays within 2 % of that with all


@dataclass(frozen=True, kw_only=True)
class ColumnDrift:
    column: str  # "" stands for the estimate
    psi: float
    floor: float  # 95 % point of PSI without drift, for these numbers of rows and bins
    p_value: float | None  # Holm over the columns


@dataclass(frozen=True, kw_only=True)
class Tell:
    """Whether a classifier can tell rows of one table from those of the other."""

    auroc: Figure
    p_value: float
    columns: tuple[tuple[str, float], ...] = ()  # share of its score's variance, largest first


@dataclass(frozen=True, kw_only=True)
class TableDrift:
    name: str  # "calibration", "test", "new"
    n_reference: int
    n: int
    columns: tuple[ColumnDrift, ...]
    tell: Tell | None = None
    target: ColumnDrift | None = None
    estimate: ColumnDrift | None = None


@dataclass(frozen=True, kw_only=True)
class TimeBlock:
    part: str  # "train" (out of fold) or "test"
    block: int
    n: int
    events: int | None
    loss: Figure
    wrong: Figure
    oe: Figure | None = None


@dataclass(frozen=True, kw_only=True)
class Drift:
    split: str
    tables: tuple[TableDrift, ...]
    blocks: tuple[TimeBlock, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DiagnosticsEvidence:
    """Where the model is weak: slices, overfit regions, robustness, learning curve, drift."""

    model: str = ""
    rival: str = ""  # the best black box, where there is another one
    metric: str = ""  # of every loss here: "log_loss" or "mse"
    cut: float | None = None  # binary: the side of this line is right or wrong; the declared one, or 0.5
    declared: bool = False
    weak: WeakSpots | None = None
    overfit: Overfit | None = None
    reliability: Reliability | None = None
    robustness: Robustness | None = None
    resilience: Resilience | None = None
    cohorts: tuple[Cohort, ...] = ()
    learning: Learning | None = None
    size: SizeDependency | None = None
    drift: Drift | None = None
    sampled: dict[str, int] = field(default_factory=dict)  # part -> rows looked at, where fewer than all
    not_computed: tuple[NotComputed, ...] = ()
