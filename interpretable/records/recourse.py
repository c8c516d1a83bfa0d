"""What could be changed to get another decision, or that nothing can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from interpretable.records.evaluation import Figure
from interpretable.records.explanation import Domain, Value
from interpretable.records.lacking import NotComputed

Side = Literal["below", "above"]
Status = Literal["already", "found", "not_robust", "none"]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One column moved."""

    feature: str
    before: Value
    after: Value
    cost: float  # in standard steps, times the column's declared cost


@dataclass(frozen=True, kw_only=True)
class ChangePlan:
    """Changes that together reach the goal; re-scoring the changed row gives `estimate`."""

    changes: tuple[Change, ...]
    cost: float
    estimate: float
    holds: float | None  # share of the refits in which the goal is reached too; None without refits
    domain: Domain


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """What a plan may do with one column."""

    feature: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    levels: tuple[str, ...] = ()
    direction: str = ""
    cost: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Recourse:
    """The cheapest plans for one case, or the proof that there is none.

    `status`: "already" (the case is on the wanted side), "found", "not_robust" (a plan exists, but not one
    that holds in enough refits), "none" (no allowed change reaches the goal: `best` is as near as it gets).
    """

    row_id: str
    status: Status
    goal: float  # on the scale of the estimate
    side: Side
    estimate: float
    best: float  # the estimate with the most favourable allowed changes
    plans: tuple[ChangePlan, ...] = ()
    allowed: tuple[Allowed, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """A case beside itself with some values changed."""

    row_id: str
    changes: tuple[tuple[str, Value, Value], ...]  # feature, before, after
    before: float
    after: float
    domain_before: Domain
    domain_after: Domain
    parts: tuple[
        tuple[str, float], ...
    ]  # change of the score, column by column, in order; they sum to all of it


@dataclass(frozen=True, kw_only=True)
class RecourseSummary:
    """How often a plan exists, what it takes, and whether every plan does what it says."""

    goal: float
    side: Side
    robust: float  # share of refits in which a plan must hold
    allowed: tuple[Allowed, ...]
    cases: int  # test cases on the unwanted side that were asked for
    found: Figure
    not_robust: int
    impossible: int
    changed: Figure  # columns changed by the cheapest plan
    cost: Figure
    inside: Figure  # share of cheapest plans that end among values seen together in training
    by_feature: tuple[tuple[str, int], ...]  # how often a column is part of the cheapest plan
    seconds_per_case: float


@dataclass(frozen=True, kw_only=True)
class RecourseEvidence:
    """A plan that misses its goal when the changed row is scored again breaks the run: there is none here."""

    summary: RecourseSummary | None = None
    not_computed: tuple[NotComputed, ...] = ()
