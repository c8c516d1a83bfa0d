"""The one table of what may follow what. The diagram in the docs is drawn from it."""

from __future__ import annotations

from interpretable.records.review import Decision, ReviewState

DECISIONS: tuple[Decision, ...] = ("agree", "disagree", "more_information")

TRANSITIONS: dict[tuple[ReviewState, Decision, bool], ReviewState] = {
    ("waiting", "agree", False): "decided",
    ("waiting", "disagree", False): "decided",
    ("waiting", "more_information", False): "asked",
    ("asked", "agree", False): "decided",
    ("asked", "disagree", False): "decided",
    ("asked", "more_information", False): "asked",
    # A decision is never taken back: a second look is an entry of its own that points at the first.
    ("decided", "agree", True): "decided",
    ("decided", "disagree", True): "decided",
}


def after(state: ReviewState, decision: Decision, *, amending: bool) -> ReviewState | None:
    """The state that follows, or None where the table has no such step."""
    return TRANSITIONS.get((state, decision, amending))


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> waiting"]
    for (state, decision, amending), follows in TRANSITIONS.items():
        verb = f"amend: {decision}" if amending else decision
        lines.append(f"    {state} --> {follows}: {verb}")
    return "\n".join(lines)
