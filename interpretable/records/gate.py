"""Whether generated rows help a small model, judged on real rows that neither it nor their maker saw."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from interpretable.records.evaluation import Figure
from interpretable.records.exchange import Egress, Ledger, LLMInfo

GateVerdict = Literal["helps", "does_not_help", "cannot_tell"]
ArmName = Literal["real", "generated", "control", "shuffled"]


@dataclass(frozen=True, kw_only=True)
class Arm:
    """One way to fit the student, on the same folds as every other.

    gain : loss of the real rows alone minus the loss of this arm; `low` and `high` are one-sided 95 % bounds
    weights : chosen weight of the generated rows -> folds; empty for the real rows alone
    """

    name: ArmName
    loss: float
    gain: Figure | None = None
    weights: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GroupChange:
    """What the generated rows change for one declared group: mean gain of its rows, negative is worse."""

    column: str
    group: str
    n: int
    gain: float


@dataclass(frozen=True, kw_only=True)
class Curation:
    """Generated rows over all folds, and how many were dropped for which reason."""

    made: int
    kept: int
    dropped: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GateFinding:
    """The verdict and everything it rests on. Without "helps" the weight is 0."""

    verdict: GateVerdict
    reason: str  # code, worded in words/
    generator: str
    student: str  # model name of the family that was fitted
    metric: Literal["log_loss", "mse"]
    n: int  # real rows
    folds: int
    repeats: int
    seed: int
    weight: float = 0.0  # of the generated rows in the final fit, all together, to that of the real ones
    arms: tuple[Arm, ...] = ()
    over_control: Figure | None = (
        None  # loss of the control minus that of the generated rows, bounds as above
    )
    over_shuffled: Figure | None = None
    smallest: float = 0.0  # the least gain that matters
    detectable: float | None = None  # the least true gain that such a trial sees in 4 of 5 cases
    groups: tuple[GroupChange, ...] = ()
    margin: float = 0.0  # a group may lose so much
    slopes: dict[str, Figure] = field(default_factory=dict)  # calibration slope of "real" and "generated"
    curation: Curation = Curation(made=0, kept=0)
    seconds: float = 0.0

    def arm(self, name: ArmName) -> Arm | None:
        return next((one for one in self.arms if one.name == name), None)


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """What a training run with generated rows found, and what the language model that made them cost."""

    gate: GateFinding
    info: LLMInfo | None = None  # None: another generator
    ledger: Ledger | None = None
    egress: tuple[Egress, ...] = ()
