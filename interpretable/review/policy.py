"""Who may decide what. `problems_*` lists codes (worded by the app), `check_*` raises, `can_*` answers."""

from __future__ import annotations

from typing import Literal

from interpretable.errors import ReviewError
from interpretable.records.review import Case, ReviewEntry
from interpretable.review import states
from interpretable.store.base import ReviewDraft

Role = Literal["viewer", "reviewer", "validator", "approver", "auditor", "builder", "admin"]
Deed = Literal["read", "past_texts", "decide", "add_cases", "export_record", "build_report"]

ROLES: tuple[Role, ...] = ("viewer", "reviewer", "validator", "approver", "auditor", "builder", "admin")
DEEDS: dict[Deed, frozenset[Role]] = {
    "read": frozenset(ROLES),
    "past_texts": frozenset(ROLES) - {"viewer"},  # words of people, a few at a time
    "decide": frozenset({"reviewer", "validator", "approver", "admin"}),
    "add_cases": frozenset({"reviewer", "builder", "admin"}),
    "export_record": frozenset({"reviewer", "validator", "approver", "auditor", "admin"}),
    "build_report": frozenset({"reviewer", "validator", "approver", "auditor", "builder", "admin"}),
}

WHY = ("data_wrong", "missing_context", "model_wrong", "policy", "other")
REASONS: dict[str, tuple[str, ...]] = {"agree": ("agree",), "disagree": WHY, "more_information": WHY}
NOTE_LEAST = 15  # characters: an override in one word helps nobody who reads it later
NOTE_MOST = 4000
NAME_MOST = 100

SENTENCES = {
    "decision_missing": "Choose one decision: agree, disagree or more_information.",
    "reason_missing": "Choose a reason that belongs to the decision.",
    "note_short": f"Write at least {NOTE_LEAST} characters about why.",
    "note_long": f"Keep the note under {NOTE_MOST} characters.",
    "name_missing": f"Say who decides: a name of 1 to {NAME_MOST} characters.",
    "already_decided": "This case has been decided. Amend that decision instead of deciding again.",
    "not_decided": "This case has no decision yet, so there is nothing to amend.",
    "amends_old": "Somebody decided since this page was opened. Read that entry, then amend it.",
    "step_unknown": "A decision that was made cannot be turned back into a question.",
}


def can(role: str, deed: Deed) -> bool:
    """Whether this role may do this."""
    return role in DEEDS[deed]


def check_role(role: str, deed: Deed) -> None:
    if not can(role, deed):
        allowed = ", ".join(sorted(DEEDS[deed]))
        raise ReviewError(f"The role {role!r} may not do this ({deed}). Ask someone with one of: {allowed}.")


def needs_note(decision: str | None) -> bool:
    """A decision against the estimate, or a question about it, says why in words."""
    return decision in ("disagree", "more_information")


def problems_of_decision(decision: str | None, *, reason: str, note: str, reviewer: str) -> tuple[str, ...]:
    """Codes of everything that is wrong with what was filled in, all at once."""
    found = []
    if decision not in states.DECISIONS:
        found.append("decision_missing")
    elif reason not in REASONS[decision]:
        found.append("reason_missing")
    if needs_note(decision) and len(note.strip()) < NOTE_LEAST:
        found.append("note_short")
    if len(note) > NOTE_MOST:
        found.append("note_long")
    if not 1 <= len(reviewer.strip()) <= NAME_MOST:
        found.append("name_missing")
    return tuple(found)


def problems_of_step(case: Case, latest: ReviewEntry | None, draft: ReviewDraft) -> tuple[str, ...]:
    """Codes of what forbids this step from the state the case is in now."""
    if draft.amends is None:
        return () if states.after(case.state, draft.decision, amending=False) else ("already_decided",)
    if latest is None or case.state != "decided":
        return ("not_decided",)
    if draft.amends != latest.number:
        return ("amends_old",)
    return () if states.after(case.state, draft.decision, amending=True) else ("step_unknown",)


def check_decision(draft: ReviewDraft) -> None:
    """Raises ReviewError naming everything that is wrong with what was filled in."""
    codes = problems_of_decision(
        draft.decision, reason=draft.reason, note=draft.note, reviewer=draft.reviewer
    )
    if codes:
        raise ReviewError([SENTENCES[code] for code in codes])


def check_step(case: Case, latest: ReviewEntry | None, draft: ReviewDraft) -> None:
    """Raises ReviewError where the transition table has no such step."""
    codes = problems_of_step(case, latest, draft)
    if codes:
        raise ReviewError([f"Case {case.case_id!r}: {SENTENCES[code]}" for code in codes])
