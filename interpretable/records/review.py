"""A person's decision about one case, and the event that records it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Decision = Literal["agree", "disagree", "more_information"]
ReviewState = Literal["waiting", "asked", "decided"]  # asked: somebody needs more information


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case that waits for review. `values` is the row as it came in (column name -> text or number)."""

    case_id: str
    values: dict[str, Any]
    source: str  # "test part", a file name, or "form"
    added: str  # UTC, ISO 8601
    state: ReviewState = "waiting"
    estimate: float | None = None
    flags: tuple[str, ...] = ()  # why it is flagged: codes worded in words/
    decision: Decision | None = None
    outcome: str = ""  # known only for past cases; never shown before the decision
    output: str = ""  # class the estimate is for; "" for regression
    bundle_id: str = ""  # the model that made the estimate


@dataclass(frozen=True, kw_only=True)
class ReviewEntry:
    """One decision, with exactly what was on the screen."""

    number: int
    case_id: str
    decision: Decision
    reason: str  # code: "agree", "data_wrong", "missing_context", "model_wrong", "policy", "other"
    note: str
    reviewer: str
    time: str
    bundle_id: str
    snapshot: dict[str, Any]
    amends: int | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """One link of the append-only chain: `digest` covers all other fields and the previous digest."""

    number: int
    time: str
    actor: str
    action: str
    subject: str
    payload: dict[str, Any]
    previous: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class ChainReport:
    """What verifying the record found."""

    whole: bool
    entries: int
    head: str
    first_bad: int | None = None
    problem: str = ""
