"""Small model, then language model, then a person: who decides, what is promised of it, what it costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from interpretable.records.beside import Told
from interpretable.records.evaluation import Figure
from interpretable.records.selective import SelectiveLevel

StageStatus = Literal["used", "skipped", "not_asked"]
Who = Literal["small", "large"]
FusionVerdict = Literal["helps", "does_not_help", "cannot_tell", "not_measured"]


@dataclass(frozen=True, kw_only=True)
class CascadePlan:
    """What was settled on training rows, out of fold, before a language model was asked about anything."""

    max_error: float
    delta: float
    max_false_omission: float | None = None
    by_answer: bool = False
    rows: dict[str, int] = field(default_factory=dict)  # train, calibration, calibration_inside, test
    needed: int  # decided calibration rows without any error, before anything can be promised
    base_error: Figure  # if the small model decided all
    least_left: float  # share that any rule must leave
    hand_on_below: tuple[float | None, ...]  # of each answer: the small model keeps what it is surer of
    handed_on: Figure  # share of training rows below that, inside the domain
    handed_on_error: Figure  # of the small model on these
    possible: bool  # there are enough calibration rows for any promise
    most_calls: dict[str, int] = field(default_factory=dict)  # train, calibration, test


@dataclass(frozen=True, kw_only=True)
class StageTrial:
    """Does the language model help on training rows that the small model hands on? Decides the stage."""

    status: StageStatus
    reason: str  # code: off, too_few_calibration, nothing_left, helps, useless, open
    n: int = 0
    unread: int = 0  # answers that could not be read: counted as wrong
    small_right: Figure | None = None  # recalibrated on these rows, out of fold
    both_right: Figure | None = None  # fused with the language model, out of fold
    alone_right: Figure | None = None  # the language model's own likeliest label, as it came
    gained: int = 0  # rows that only the fused answer got right
    lost: int = 0
    p_right: float = 1.0
    gain: Figure | None = None  # fall of the log loss, in nats per row
    p_loss: float = 1.0
    level: float = 0.05  # shared by both tests


@dataclass(frozen=True, kw_only=True)
class RouterReason:
    """One thing the router reads, by its mean absolute effect on the log-odds of being right."""

    kind: Literal["column", "words", "sureness", "large_sureness"]
    feature: str
    effect: float


@dataclass(frozen=True, kw_only=True)
class RouterTold:
    """A glass box that says where an answer is right; used only if it orders rows better than sureness."""

    of: Who  # "large": the answer after the language model
    n: int
    wrong: int
    used: bool
    reason: str = ""  # code, where none was fitted: too_few
    auroc: Figure | None = None  # of "the answer is right", out of fold
    auroc_sureness: Figure | None = None  # of the sureness alone
    gain: Figure | None = None
    p_value: float = 1.0
    reasons: tuple[RouterReason, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FusionTold:
    """Weights of both answers, and what the language model added on test rows that were handed on."""

    small: float
    classes: tuple[str, ...]
    large: tuple[float, ...]  # binary: one; else one per class
    intercept: float  # binary
    rows: int  # training rows it was fitted on
    test_rows: int = 0
    loss_small: Figure | None = None  # log loss of the small model, recalibrated on the same training rows
    loss_both: Figure | None = None
    gain: Figure | None = None  # fall of the log loss, paired
    verdict: FusionVerdict = "not_measured"


@dataclass(frozen=True, kw_only=True)
class CascadeBill:
    """Per 1,000 cases like the test rows. The energy is an estimate from `watts`, not a measurement."""

    small: float
    large: float
    person: float
    calls: float
    tokens: float
    seconds: float
    money: float
    currency: str
    more: float  # decided by the two together beyond the small model alone
    watts: float | None = None  # assumed per busy second; None: the model runs elsewhere
    watt_hours: float | None = None


@dataclass(frozen=True, kw_only=True)
class FrontierPoint:
    """Share of test rows decided at one promised level; None where the level was not shown."""

    level: float
    small: Figure | None
    cascade: Figure | None
    small_error: Figure | None = None
    cascade_error: Figure | None = None


@dataclass(frozen=True, kw_only=True)
class CascadeFinding:
    """What came of it. `cascade` is None where the small model's own rule is all there is."""

    told: Told
    plan: CascadePlan
    stage: StageTrial
    small: SelectiveLevel
    cascade: SelectiveLevel | None = None
    routers: tuple[RouterTold, ...] = ()
    fusion: FusionTold | None = None
    decided: dict[str, int] = field(default_factory=dict)  # test rows: small, large, person
    rows_used: dict[str, int] = field(default_factory=dict)  # calibration, test rows behind `cascade`
    more_p: float = 1.0  # one-sided exact test: the cascade decides more of the test rows than the small one
    bill: CascadeBill | None = None
    frontier: tuple[FrontierPoint, ...] = ()
