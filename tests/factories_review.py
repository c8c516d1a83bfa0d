"""Cases and decisions with full defaults: a test states only what it is about."""

from __future__ import annotations

from typing import Any

from interpretable.records.review import Case
from interpretable.review import Desk
from interpretable.store import ReviewDraft, open_store


def make_case(case_id: str = "P-1", **changes: Any) -> Case:
    given = {
        "values": {"age": 63.0, "sex": "male"},
        "source": "cases.csv",
        "added": "2026-01-02T03:04:05+00:00",
        "estimate": 0.12,
        "output": "yes",
        "outcome": "yes",
    }
    return Case(case_id=case_id, **{**given, **changes})


def make_draft(case_id: str = "P-1", **changes: Any) -> ReviewDraft:
    given = {
        "decision": "agree",
        "reason": "agree",
        "note": "",
        "reviewer": "Ada",
        "bundle_id": "b" * 64,
        "snapshot": {"estimate": "12 in 100"},
        "token": f"token of {case_id}",
    }
    return ReviewDraft(case_id=case_id, **{**given, **changes})


def make_desk(folder: Any, *cases: Case, role: str = "reviewer") -> Desk:
    desk = Desk(store=open_store(folder / "review.db"), role=role)
    if cases:
        Desk(store=desk.store, role="admin").add_cases(cases, by="Ada")
    return desk
