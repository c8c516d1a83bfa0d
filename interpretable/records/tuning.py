"""Every setting that was tried, what averaging brought, and whether a teacher helped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from interpretable.records.evaluation import Figure
from interpretable.records.lacking import NotComputed

Verdict = Literal["helps", "does_not_help", "cannot_tell"]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One setting of a search. `settings` holds what differs from the defaults; none: the defaults."""

    index: int
    settings: dict[str, Any] = field(default_factory=dict)
    loss: float | None = None  # mean over the folds it was asked on
    loss_sd: float | None = None
    folds: int = 0
    rows: int | None = None  # the most training rows of a fold it was fitted on; None: all
    seconds: float = 0.0
    status: Literal["finished", "dropped"] = "finished"  # dropped: behind after the first folds
    chosen: bool = False  # part of the final model
    folds_chosen: int = 0  # outer folds in which it was chosen without that fold


@dataclass(frozen=True, kw_only=True)
class Search:
    """The trials of one model. `tuned_loss` is of settings chosen without the fold they are measured on."""

    model: str
    metric: Literal["log_loss", "mse"]
    trials: tuple[Trial, ...]
    default_loss: float
    tuned_loss: float
    gain: Figure  # default loss - tuned loss, over the folds


@dataclass(frozen=True, kw_only=True)
class Averaging:
    """Several fits of one model made into one sum. The gain is over the single best setting."""

    model: str
    of: Literal["settings", "seeds"]
    members: int
    single_loss: float
    averaged_loss: float
    gain: Figure
    gap: float  # largest |one sum - mean of the members| over all rows of the study


@dataclass(frozen=True, kw_only=True)
class Blend:
    """Glass boxes added with weights. `status`: used, or why there is no such model."""

    members: tuple[str, ...]
    weights: tuple[float, ...]
    status: Literal["used", "one_is_enough"]
    best_member: str = ""  # the one with the least out-of-fold loss
    gain: Figure | None = None  # its loss - the blend's, weights chosen on the other folds
    gap: float | None = None


@dataclass(frozen=True, kw_only=True)
class Distillation:
    """Whether a student that learned from a teacher did better on real rows neither had seen."""

    teacher: str
    student: str
    verdict: Verdict
    share: float  # of the teacher's answer in what the student learns from; the rest is the real outcome
    plain_loss: float
    student_loss: float
    teacher_loss: float
    gain: Figure  # plain loss - student loss; `low` is the one-sided 95 % bound
    teacher_gain: Figure  # plain loss - teacher loss


@dataclass(frozen=True, kw_only=True)
class TuningEvidence:
    """Every setting that was tried, what averaging brought, and whether a teacher helped."""

    metric: Literal["log_loss", "mse"] = "log_loss"
    searches: tuple[Search, ...] = ()
    averages: tuple[Averaging, ...] = ()
    blend: Blend | None = None
    distillation: Distillation | None = None
    not_computed: tuple[NotComputed, ...] = ()
