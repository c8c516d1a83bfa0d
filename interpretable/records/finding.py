"""The one currency of doubt. Its sentence is made in words/, from the code and the parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["must_fix", "look", "note"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    code: str  # stable, for example "target_missing"; every code has a sentence in every language
    severity: Severity
    subject: str = ""  # the column, group or model it is about
    parameters: dict[str, Any] = field(default_factory=dict)  # what the sentence needs: counts, names, rates
    evidence: dict[str, Any] = field(default_factory=dict)  # what a validator would want beside it
