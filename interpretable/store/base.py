"""What the desk asks of a store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from interpretable.records.review import Case, ChainReport, Decision, Event, ReviewEntry, ReviewState

Order = Literal["added", "highest", "lowest"]
Rule = Callable[[Case, ReviewEntry | None], None]


@dataclass(frozen=True, kw_only=True)
class CaseQuery:
    """Which cases to list. `text` is looked for inside case ids; empty fields do not filter."""

    text: str = ""
    states: tuple[ReviewState, ...] = ()
    flagged: bool = False
    decision: Decision | None = None
    order: Order = "added"
    offset: int = 0
    limit: int = 25


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """One page of a list, and how many cases the query finds in all."""

    cases: tuple[Case, ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class ReviewDraft:
    """A decision before it has a number and a time. `token` makes writing it twice write it once."""

    case_id: str
    decision: Decision
    reason: str
    note: str
    reviewer: str
    bundle_id: str
    snapshot: dict[str, Any]
    token: str
    amends: int | None = None


class Store(Protocol):
    """Every writing method writes its event in the same transaction, or nothing at all."""

    def add_cases(self, cases: Sequence[Case], *, actor: str) -> int:
        """Adds new cases; ids that are already there are refused, all named at once."""
        ...

    def add_review(self, draft: ReviewDraft, *, rule: Rule) -> ReviewEntry:
        """Adds a decision. `rule` sees the case and its latest entry inside the transaction and may raise.

        A token seen before returns the entry it made then.
        """
        ...

    def note(self, action: str, *, actor: str, subject: str, payload: dict[str, Any]) -> Event:
        """An event of its own: an export, a check of the record."""
        ...

    def case(self, case_id: str) -> Case | None: ...

    def cases(self, query: CaseQuery) -> CasePage: ...

    def known_ids(self, case_ids: Sequence[str]) -> tuple[str, ...]: ...

    def neighbours(self, case_id: str) -> tuple[str | None, str | None]:
        """The open case before this one and the open case after it, in the order they were added."""
        ...

    def reviews(self, case_id: str | None = None) -> tuple[ReviewEntry, ...]: ...

    def events(
        self, *, offset: int = 0, limit: int | None = None, newest: bool = False
    ) -> tuple[Event, ...]: ...

    def count_events(self) -> int: ...

    def verify(self) -> ChainReport: ...
