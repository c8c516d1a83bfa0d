"""Labels: which rows a person should label next, and which recorded labels deserve a second look."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from interpretable.records.evaluation import Figure
from interpretable.records.explanation import Domain, Reason
from interpretable.records.lacking import NotComputed

PickReason = Literal["random", "close", "spread", "outside", "different"]


@dataclass(frozen=True, kw_only=True)
class LabelPick:
    """One row that a person should label, and why this one."""

    row_id: str
    place: int  # order of the queue, from 1
    reason: PickReason
    output: str  # the class that is likeliest; "" for values
    estimate: float  # probability of `output`, or the predicted value
    second: str = ""  # the next likeliest class
    second_estimate: float | None = None
    spread: float | None = None  # values: standard deviation over the refits
    domain: Domain = field(default_factory=lambda: Domain(inside=True))

    @property
    def random(self) -> bool:
        """Drawn by chance alone: only these rows show an error rate without bias."""
        return self.reason == "random"


@dataclass(frozen=True, kw_only=True)
class LabelDoubt:
    """A training row whose recorded label is worth a second look. It may well be right."""

    row_id: str
    rank: int  # from 1: the strongest disagreement first
    recorded: str  # label, or value
    likely: str  # the class that out-of-fold predictions point to, or the predicted value
    p_recorded: float | None = None  # out-of-fold probability of the recorded label; None for values
    p_likely: float | None = None
    residual: float | None = None  # values: standardised out-of-fold residual
    reasons: tuple[
        Reason, ...
    ] = ()  # of the model in use for `output`; this row was among those it learned from


@dataclass(frozen=True, kw_only=True)
class LabelConflict:
    """Rows that are copies of one another and carry different labels."""

    row_ids: tuple[str, ...]
    labels: tuple[str, ...]  # of each of these rows


@dataclass(frozen=True, kw_only=True)
class LabelDoubts:
    """All doubts about the labels of the training part."""

    model: str
    rows: int  # rows with an out-of-fold prediction
    doubts: tuple[LabelDoubt, ...]
    conflicts: tuple[LabelConflict, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ClassDoubt:
    """The doubts among the rows recorded as one class."""

    label: str
    rows: int
    doubts: int
    share: Figure  # estimated share of rows whose recorded label is doubtful


@dataclass(frozen=True, kw_only=True)
class PairDoubt:
    """Recorded as one class, but pointing to another."""

    recorded: str
    likely: str
    doubts: int
    share: Figure  # estimated share of the rows recorded so


@dataclass(frozen=True, kw_only=True)
class LabelsEvidence:
    """How many recorded labels deserve a second look: counts and shares, no row."""

    model: str
    rows: int  # training rows with an out-of-fold prediction
    doubts: int
    share: Figure | None = None
    classes: tuple[ClassDoubt, ...] = ()
    pairs: tuple[PairDoubt, ...] = ()  # most doubts first
    conflict_sets: int = 0  # sets of copies with different labels, and how many rows they hold
    conflict_rows: int = 0
    not_computed: tuple[NotComputed, ...] = field(default_factory=tuple)
