"""What small models and language models do for each other: the part that every finding shares.

A finding is made after a study, beside it, and never changes it. Each mechanism has a record of its own with
a field `told` of this kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from interpretable.records.exchange import Egress, Ledger, LLMInfo

# "told": there was no question of helping, only figures.
Verdict = Literal["helps", "does_not_help", "cannot_tell", "told"]


@dataclass(frozen=True, kw_only=True)
class Told:
    """Which mechanism, of which study, what came of it and what it cost."""

    mechanism: str
    bundle_id: str  # of the study it was asked beside
    created: str  # UTC
    seed: int
    verdict: Verdict
    reason: str = ""  # code, worded in words/
    info: LLMInfo | None = None  # None: no language model was asked
    ledger: Ledger | None = None
    egress: tuple[Egress, ...] = ()
    seconds: float = 0.0


class Finding(Protocol):
    """Any mechanism's record."""

    told: Told
