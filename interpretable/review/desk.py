"""The only code that changes a review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interpretable.errors import ReviewError
from interpretable.records.review import Case, ChainReport, Decision, Event, ReviewEntry
from interpretable.review import policy
from interpretable.store import CasePage, CaseQuery, ReviewDraft, Store, open_store

FILE_NAME = "review.db"


def open_desk(study: Path | str, *, role: str = "reviewer", url: str = "") -> Desk:
    """The desk of a study: its record is `review.db` in the study's folder, or the database at `url`."""
    return Desk(store=open_store(url or Path(study) / FILE_NAME), role=role)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Cases, decisions and the record, for one role. Rules are checked here, not by hiding buttons."""

    store: Store
    role: str = "reviewer"

    def add_cases(self, cases: Sequence[Case], *, by: str) -> int:
        """Adds cases to review; returns how many. Ids already known are refused, all named at once."""
        policy.check_role(self.role, "add_cases")
        return self.store.add_cases(tuple(cases), actor=by)

    def decide(
        self,
        case_id: str,
        decision: Decision,
        *,
        reason: str,
        note: str,
        by: str,
        snapshot: dict[str, Any],
        token: str,
        bundle_id: str = "",
    ) -> ReviewEntry:
        """Records a decision with what was shown. The same token again returns the same entry.

        Raises
        ------
        ReviewError : an unknown case, an incomplete decision, or a step the transition table does not have.
        """
        draft = ReviewDraft(
            case_id=case_id,
            decision=decision,
            reason=reason,
            note=note.strip(),
            reviewer=by.strip(),
            bundle_id=bundle_id or str(snapshot.get("bundle_id", "")),
            snapshot=snapshot,
            token=token,
        )
        return self._record(draft)

    def amend(
        self,
        number: int,
        decision: Decision,
        *,
        reason: str,
        note: str,
        by: str,
        snapshot: dict[str, Any],
        token: str,
    ) -> ReviewEntry:
        """A new entry that points at entry `number`; the old one stays as it was."""
        earlier = next((e for e in self.store.reviews() if e.number == number), None)
        if earlier is None:
            raise ReviewError(f"There is no entry {number} to amend.")
        draft = ReviewDraft(
            case_id=earlier.case_id,
            decision=decision,
            reason=reason,
            note=note.strip(),
            reviewer=by.strip(),
            bundle_id=str(snapshot.get("bundle_id", earlier.bundle_id)),
            snapshot=snapshot,
            token=token,
            amends=number,
        )
        return self._record(draft)

    def _record(self, draft: ReviewDraft) -> ReviewEntry:
        policy.check_role(self.role, "decide")
        policy.check_decision(draft)
        if not draft.token:
            raise ReviewError("A decision needs a token, so that sending it twice records it once.")
        return self.store.add_review(draft, rule=lambda case, latest: policy.check_step(case, latest, draft))

    def note(self, action: str, *, by: str, subject: str, payload: dict[str, Any]) -> Event:
        """Writes an event that is not a decision: an export, a report."""
        return self.store.note(action, actor=by, subject=subject, payload=payload)

    def case(self, case_id: str) -> Case | None:
        return self.store.case(case_id)

    def cases(self, query: CaseQuery | None = None) -> CasePage:
        return self.store.cases(query or CaseQuery())

    def entries(self, case_id: str | None = None) -> tuple[ReviewEntry, ...]:
        """Decisions in the order they were made, amendments included."""
        return self.store.reviews(case_id)

    def verify(self) -> ChainReport:
        """Whether the record is whole; else the first bad entry."""
        return self.store.verify()
