"""Which cases the model may decide alone, with a promise on its errors, and which are left to a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from interpretable.records.evaluation import Figure
from interpretable.records.lacking import NotComputed

DecidedBy = Literal["", "model", "person"]
LeftBecause = Literal["", "unsure", "outside", "unreadable", "not_shown"]


@dataclass(frozen=True, kw_only=True)
class SelectiveRule:
    """The model decides a case inside its domain where its confidence reaches the threshold of its answer."""

    level: float  # at most this share of what it decides is wrong
    thresholds: tuple[float | None, ...]  # of each answer, in the order of the classes; None: never alone


@dataclass(frozen=True, kw_only=True)
class SelectiveRules:
    """The rules whose promise was shown: all that scoring needs to know."""

    delta: float  # a promise holds with a chance of at least 1 - delta
    tried: tuple[float, ...]
    rules: tuple[SelectiveRule, ...] = ()  # of the levels that were shown
    declared: float | None = None  # the task's own level

    def rule(self, level: float) -> SelectiveRule | None:
        return next((r for r in self.rules if abs(r.level - level) < 1e-9), None)


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """One walk along the path: is an error of at most `alpha` shown, and from which confidence on?"""

    by: str = ""  # "" all cases; "answer"; else the sensitive column
    group: str = ""  # class or group
    alpha: float
    delta: float
    n: int  # calibration rows inside the domain, of this answer or group
    needed: int  # rows to be decided without any error, at least
    decided: int = 0  # at the threshold; where none was shown, at the start of the walk
    wrong: int = 0
    p_value: float = 1.0
    threshold: float | None = None
    holds: bool = False  # groups: shown for the threshold that is used for all


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a rule did on test rows. `error` is of the decided, with an exact interval."""

    by: str = ""
    group: str = ""
    n: int
    decided: int
    coverage: Figure
    error: Figure


@dataclass(frozen=True, kw_only=True)
class SelectiveLevel:
    """One level of error: what is promised, from calibration rows, and what was held on test rows."""

    level: float
    shown: bool
    thresholds: tuple[float | None, ...]
    certificates: tuple[Certificate, ...]  # one for all, or one per answer
    least_left: float  # share that any rule must leave, by the error on training rows, out of fold
    held: Held
    answers: tuple[Held, ...] = ()  # by answer
    groups: tuple[Certificate, ...] = ()
    group_held: tuple[Held, ...] = ()
    missed: Figure | None = None  # binary: share of all positive test rows that it decided as negative


@dataclass(frozen=True, kw_only=True)
class SelectivePoint:
    """Error among the test rows with the highest confidence inside the domain, with its exact interval."""

    threshold: float
    coverage: float
    error: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class ScopeLevel:
    level: float
    decided: Figure  # share of rows out of scope that the rule would have decided all the same


@dataclass(frozen=True, kw_only=True)
class ScopeTrial:
    """Rows that do not belong: of a class that a refitted model never saw, or of a file."""

    kind: Literal["class", "file"]
    name: str  # the class; "" for a file
    n: int
    caught: Figure  # share outside the domain
    auroc: Figure | None = None  # of the confidence, test rows in scope against these
    levels: tuple[ScopeLevel, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SelectiveEvidence:
    """What the model may decide alone, with a promise on its errors, and what is left to a person."""

    model: str = ""
    delta: float = 0.1
    declared: float | None = None
    false_omission: float | None = None  # the task's limit on positives among those decided as negative
    by_answer: bool = False
    rows: dict[str, int] = field(default_factory=dict)  # calibration, calibration_inside, test, test_inside
    one_per_group: bool = False  # rows of a group belong together: one of each was drawn
    by_time: bool = False  # the parts follow each other in time
    base_error: Figure | None = None  # if all were decided: training rows, out of fold
    levels: tuple[SelectiveLevel, ...] = ()
    curve: tuple[SelectivePoint, ...] = ()
    scope: tuple[ScopeTrial, ...] = ()
    not_computed: tuple[NotComputed, ...] = ()
