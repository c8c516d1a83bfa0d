"""Differences and ratios between groups, proxies of sensitive columns, near-equal models."""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.records.evaluation import Figure
from interpretable.records.lacking import NotComputed


@dataclass(frozen=True, kw_only=True)
class GroupGap:
    """One measure of a group against the reference group of the same column."""

    column: str
    group: str
    reference: str
    metric: str
    n: int
    n_reference: int
    value: float
    value_reference: float
    difference: Figure  # group minus reference
    ratio: Figure  # group over reference
    p_value: float | None = None  # of "no difference"
    p_adjusted: float | None = None  # Holm, over all comparisons of its kind in the study


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """People who are in one group of each of several columns."""

    columns: tuple[str, ...]
    groups: tuple[str, ...]
    n: int
    events: int | None
    too_few: bool
    metric: str = ""
    value: Figure | None = None
    difference: Figure | None = None  # against everybody else
    drawn_in: float | None = None  # the difference, drawn towards that of all crossings (empirical Bayes)
    p_value: float | None = None
    p_adjusted: float | None = None


@dataclass(frozen=True, kw_only=True)
class UsedColumn:
    """A sensitive column that the model reads, and how much of the score's movement is its own."""

    column: str
    alone: float  # share of the movement that terms of this column only make, 0 to 1
    with_others: float  # share of terms that hold it together with another column


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """How well a sensitive column can be guessed from the other columns that the model uses."""

    column: str
    used: bool  # whether the model uses the column itself
    measure: str  # "auroc" (mean over groups, one against the rest) or "r2" (numbers)
    n: int
    linear: Figure  # out of fold, ridge regression
    floor: float | None  # 95 % point of the same after shuffling the column
    p_value: float | None
    boosted: Figure | None = None  # out of fold, gradient boosting


@dataclass(frozen=True, kw_only=True)
class ScoreTells:
    """How well the estimate alone tells a group from everybody else (AUROC; 0.5 is not at all)."""

    column: str
    group: str
    n: int
    overall: Figure
    with_event: Figure | None = None  # among those with the outcome only
    without_event: Figure | None = None


@dataclass(frozen=True, kw_only=True)
class GapPart:
    """What one term adds to the difference of the mean score between two groups."""

    features: tuple[str, ...]
    part: Figure  # link scale, group minus reference
    separates: Figure  # AUROC of this part alone for the group with the higher mean against the other


@dataclass(frozen=True, kw_only=True)
class ScoreGap:
    """The difference of the mean score between two groups, taken apart: the parts sum to the whole."""

    column: str
    group: str
    reference: str
    output: str  # class (several classes), else ""
    n: int
    n_reference: int
    whole: Figure
    parts: tuple[GapPart, ...]  # by size
    exact: bool = True  # False: SHAP values of a black box


@dataclass(frozen=True, kw_only=True)
class AlternativeGap:
    """One gap of an alternative and of the model in use, at the same number selected."""

    column: str
    group: str
    reference: str
    metric: str
    searched: float  # on out-of-fold training rows
    searched_in_use: float
    confirmed: Figure | None = None  # on the test part
    confirmed_in_use: Figure | None = None
    change: Figure | None = None  # gap of the alternative minus gap of the model in use, the latter above 0


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """A model that could be used instead."""

    kind: str  # "trained", "without" (columns), "seed"
    model: str
    without: tuple[str, ...] = ()
    seed: int = 0
    metric: str
    value: float  # out of fold
    behind: float  # how much worse than the model in use, out of fold; negative: better
    near: bool  # behind by no more than the margin
    smaller: bool  # near, and with a smaller leading gap, out of fold
    performance: Figure | None = None  # alternative minus model in use on the test part, same metric
    gaps: tuple[AlternativeGap, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DisparityEvidence:
    """Differences and ratios between groups, proxies of sensitive columns, near-equal models."""

    gaps: tuple[GroupGap, ...] = ()
    compared: int = 0  # p-values that were adjusted together
    crossings: tuple[Crossing, ...] = ()  # largest difference first, then those with too few rows
    crossings_compared: int = 0
    used: tuple[UsedColumn, ...] = ()
    rebuilt: tuple[Rebuilt, ...] = ()
    tells: tuple[ScoreTells, ...] = ()
    score_gaps: tuple[ScoreGap, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    margin: float = 0.0
    searched_rows: int = 0
    clustered: bool = False  # several rows of one person: intervals come from resampled persons
    not_computed: tuple[NotComputed, ...] = ()
